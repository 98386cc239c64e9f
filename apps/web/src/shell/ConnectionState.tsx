import { DataAge, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useContextZone } from '../equipment/node/plant-hooks.ts'
import { useLine } from '../live/live-hooks.ts'

/** Live, stale or offline, with the time of the newest data. */
export function ConnectionState(): ReactElement {
  const line = useLine()
  const timeZone = useContextZone()
  return (
    <span className="connection" data-line={line.state}>
      <DataAge line={line.state} dataAt={line.dataAt} timeZone={timeZone} />
    </span>
  )
}

/** Over every screen while no data comes: what is shown is old, and how old. Nothing before the first connection. */
export function OfflineBanner(): ReactElement | null {
  const line = useLine()
  const timeZone = useContextZone()
  if (line.state !== 'offline' || line.dataAt === undefined) return null
  return (
    <div className="offline" role="alert">
      <strong>Offline.</strong> Values are as of {formatInstant(line.dataAt, 'record', timeZone)} and no longer current.
      Connecting again by itself.
    </div>
  )
}
