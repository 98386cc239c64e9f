import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Retention } from '@throughline/model'

const dayUs = 86_400e6

/**
 * Minutes are read where raw samples are gone, so they must not go first.
 * @throws DomainError `invalid`
 */
export function assertRetention({ rawDays, minuteDays }: Retention): void {
  if (minuteDays === null || (rawDays !== null && rawDays <= minuteDays)) return
  throw new DomainError(
    'invalid',
    'historian.retention-order',
    `Minute rollups (${minuteDays} days) must be kept at least as long as raw samples (${rawDays ?? 'for ever'})`,
    { rawDays, minuteDays },
  )
}

/** The instants before which is dropped: whole UTC days; null keeps everything. */
export function dropBefore(
  { rawDays, minuteDays }: Retention,
  now: Instant,
): { raw: number | null; minute: number | null } {
  return { raw: startOfDayBefore(now, rawDays), minute: startOfDayBefore(now, minuteDays) }
}

function startOfDayBefore(now: Instant, days: number | null): number | null {
  return days === null ? null : Math.max(0, (Math.floor(now / dayUs) - days) * dayUs)
}
