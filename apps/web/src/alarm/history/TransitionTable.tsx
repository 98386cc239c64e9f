import { Link } from '@tanstack/react-router'
import type { AlarmTransition } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, DataTable, EmptyState, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { alarmEventWords, alarmStateWords, isHidden, machineWords } from '../alarm-words.ts'
import { LinkedDetail } from '../one/LinkedDetail.tsx'

interface TransitionTableProps {
  readonly transitions: readonly AlarmTransition[]
  readonly tree: PlantTree
  readonly timeZone: string | undefined
  /** Whether each line names its alarm: not on the page of one alarm. */
  readonly named: boolean
}

/** What happened to alarms, newest first. */
export function TransitionTable({ transitions, tree, timeZone, named }: TransitionTableProps): ReactElement {
  return (
    <DataTable
      caption="What happened to alarms"
      rows={transitions}
      rowKey={(row) => row.id}
      empty={<EmptyState title="Nothing happened to alarms" reason="No transition lies within what was asked for." />}
      columns={[
        {
          key: 'at',
          head: 'Time',
          tight: true,
          cell: (row) => (
            <>
              <span className="tl-figure" title={`Recorded ${formatInstant(row.recordedAt, 'record', timeZone)}`}>
                {formatInstant(row.at, 'record', timeZone)}
              </span>
              <span className="access-sub">
                <RecordTrailLink kind="alarm.transition" id={row.id} />
              </span>
            </>
          ),
        },
        {
          key: 'priority',
          head: 'Priority',
          tight: true,
          // The past does not blink.
          cell: (row) => <AlarmMark priority={row.priority as AlarmPriority} hidden={isHidden(row.to)} size={14} />,
        },
        ...(named
          ? [
              {
                key: 'alarm',
                head: 'Alarm',
                cell: (row: AlarmTransition) => (
                  <>
                    <Link to="/alarms/$definitionId" params={{ definitionId: row.definitionId }}>
                      {row.message}
                    </Link>
                    <span className="access-sub">
                      {tree.byId(row.nodeId)?.path ?? 'equipment outside your scopes'} · {row.name}
                    </span>
                  </>
                ),
              },
            ]
          : []),
        {
          key: 'event',
          head: 'What happened',
          cell: (row) => (
            <>
              <strong>{alarmEventWords[row.event]}</strong>
              <span className="access-sub">
                {alarmStateWords[row.from]} → {alarmStateWords[row.to]}
              </span>
            </>
          ),
        },
        {
          key: 'detail',
          head: 'Value',
          cell: (row) => (
            <span className="alarm-wrap">{row.detail === '' ? '—' : <LinkedDetail detail={row.detail} />}</span>
          ),
        },
        {
          key: 'by',
          head: 'By, comment',
          cell: (row) => (
            <>
              {row.by ?? 'the process'}
              {row.comment === '' ? null : <span className="access-sub">{row.comment}</span>}
              {row.machine === null ? null : <span className="access-sub">{machineWords(row.machine, timeZone)}</span>}
            </>
          ),
        },
        {
          key: 'busy',
          head: 'Order, batch, step',
          cell: (row) => [row.order, row.batch, row.step].filter((text) => text !== null).join(', ') || '—',
        },
      ]}
    />
  )
}
