import type { Id, Instant } from '@throughline/kernel'
import type { CleaningStatus } from '@throughline/model'

export interface CleaningRow {
  readonly nodeId: Id<'EquipmentNode'>
  /** Null = nobody ever said. */
  readonly status: 'clean' | 'in-use' | 'dirty' | null
  readonly since: Instant | null
  readonly lastUse: string | null
  readonly cleanHoldSeconds: number | null
  readonly dirtyHoldSeconds: number | null
}

const after = (since: Instant, seconds: number | null): Instant | null =>
  seconds === null ? null : ((since + seconds * 1e6) as Instant)

export function statusOf({ nodeId, status, since, lastUse, ...hold }: CleaningRow): CleaningStatus {
  if (status === null || since === null) {
    return { nodeId, status: 'unknown', since: null, cleanUntil: null, cleanBy: null, lastUse }
  }
  return {
    nodeId,
    status,
    since,
    cleanUntil: status === 'clean' ? after(since, hold.cleanHoldSeconds) : null,
    cleanBy: status === 'dirty' ? after(since, hold.dirtyHoldSeconds) : null,
    lastUse,
  }
}

/** Why equipment that must be clean may not be begun with, in words with what to do; undefined = it may. */
export function cleaningProblem(
  name: string,
  status: CleaningStatus,
  at: Instant,
  timeText: (at: Instant) => string,
): string | undefined {
  switch (status.status) {
    case 'unknown':
      return `Nobody recorded that ${name} is clean: clean it and write it into the cleaning logbook`
    case 'dirty':
      return `${name} is dirty after ${status.lastUse ?? 'its last use'}: clean it and write it into the cleaning logbook`
    case 'in-use':
      return `${name} is in use for ${status.lastUse ?? 'other work'}: finish that first`
    case 'clean':
      return status.cleanUntil !== null && at >= status.cleanUntil
        ? `${name} was clean until ${timeText(status.cleanUntil)} only: clean it again`
        : undefined
  }
}
