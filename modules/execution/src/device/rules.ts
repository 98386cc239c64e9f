import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'

interface At {
  readonly stationId: Id<'Station'>
  readonly station: string
  readonly since: Instant
}

/** The station that a device was at when it made something; undefined = nobody ever badged in on it. */
const stationThen = (stations: readonly At[], at: Instant): At | undefined =>
  stations.findLast(({ since }) => since <= at) ?? stations[0]

/**
 * What a station made is delivered from there: its key does not travel. A session without a station says nothing of where
 * it is.
 * @throws DomainError `forbidden`
 */
export function assertStation(
  stations: readonly At[],
  madeAt: Instant,
  here: { readonly id: Id<'Station'>; readonly name: string } | undefined,
): void {
  const there = stationThen(stations, madeAt)
  if (there === undefined || here === undefined || there.stationId === here.id) return
  throw new DomainError(
    'forbidden',
    'execution.queue-station',
    `This was made at the station ${there.station} and is delivered from ${here.name}: enter it anew at ${there.station}`,
    { madeAt: there.station, deliveredFrom: here.name },
  )
}
