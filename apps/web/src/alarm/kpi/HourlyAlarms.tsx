import { Button } from '@mantine/core'
import type { AlarmKpis } from '@throughline/model'
import { DataTable, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'

interface HourlyAlarmsProps {
  readonly hours: AlarmKpis['perHour']
  readonly timeZone: string | undefined
}

/** New alarms an hour as bars from 0, and the same as a table. */
export function HourlyAlarms({ hours, timeZone }: HourlyAlarmsProps): ReactElement {
  const [asTable, setAsTable] = useState(false)
  const most = Math.max(1, ...hours.map(({ count }) => count))
  const first = hours[0]
  const last = hours.at(-1)
  const worst = hours.toSorted((a, b) => b.count - a.count)[0]
  return (
    <div className="performance-panel">
      <div className="performance-panel-head">
        <h2>Alarms an hour</h2>
        <Button variant="default" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Chart' : 'Table'}
        </Button>
      </div>
      {asTable ? (
        <DataTable
          caption="Alarms an hour"
          rows={hours.toReversed()}
          rowKey={(row) => String(row.at)}
          columns={[
            { key: 'at', head: 'Hour from', cell: (row) => formatInstant(row.at, 'record', timeZone) },
            { key: 'count', head: 'Alarms', align: 'right', cell: (row) => row.count },
          ]}
        />
      ) : (
        <>
          <div
            className="alarm-hours"
            role="img"
            aria-label={
              worst === undefined
                ? 'No hours'
                : `At most ${worst.count}, in the hour from ${formatInstant(worst.at, 'record', timeZone)}`
            }
          >
            {hours.map(({ at, count }) => (
              <span
                key={at}
                style={{ height: `${(count / most) * 100}%` }}
                title={`${formatInstant(at, 'day-minute', timeZone)}: ${count}`}
              />
            ))}
          </div>
          <div className="strip-axis">
            <span>{first === undefined ? '' : formatInstant(first.at, 'day-minute', timeZone)}</span>
            <span>0 to {most} an hour</span>
            <span>{last === undefined ? '' : formatInstant(last.at, 'day-minute', timeZone)}</span>
          </div>
        </>
      )}
    </div>
  )
}
