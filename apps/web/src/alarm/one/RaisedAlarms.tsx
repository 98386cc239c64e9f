import { useQuery } from '@tanstack/react-query'
import type { Deviation } from '@throughline/model'
import { listAlarmHistory } from '@throughline/model'
import type { ReactNode } from 'react'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { AlarmByName } from './AlarmByName.tsx'

/** From the epoch to the end of this century, in microseconds. */
const allTime = { from: 0, to: 4_102_444_800_000_000 }

/** The alarms that were raised by what a deviation is about, as links to their pages. */
export function RaisedAlarms({ deviationId }: { readonly deviationId: Deviation['id'] }): ReactNode {
  const mayNot = useDenial()('alarm.read', 'see alarms')
  const { data, error } = useQuery({
    ...ask(listAlarmHistory, { deviationId, window: allTime, limit: 100 }),
    enabled: mayNot === undefined,
  })
  if (mayNot !== undefined) return <>{mayNot}</>
  if (error !== null) return <>could not be read: {error.message}</>
  if (data === undefined) return <>…</>
  const names = [...new Set(data.transitions.map(({ name }) => name))]
  return names.length === 0 ? (
    <>none</>
  ) : (
    names.map((name) => (
      <span key={name} className="making-place">
        <AlarmByName name={name} />
      </span>
    ))
  )
}
