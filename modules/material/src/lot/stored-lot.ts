import type { Id, Instant } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import { outLifeOf } from './out-life.ts'

/** The out-life clock as it was last stopped or started, in microseconds: whole numbers add up exactly. */
export interface OutClock {
  readonly limitUs: number
  readonly usedUs: number
  /** Since when it runs; null = the lot is stored cold. */
  readonly since: Instant | null
  readonly changedAt: Instant
}

/** A lot as its row says, without what depends on the moment of asking. */
export interface StoredLot extends Omit<Lot, 'outLife'> {
  readonly outClock: OutClock | null
  /** Where it was known to be last: who may see that place may see it. */
  readonly lastNodeId: Id<'EquipmentNode'>
  /** Its order has not made it yet: let go by quality it is planned again, and not available. */
  readonly isPlanned: boolean
}

/** The lot as others see it at an instant. */
export function lotAt({ outClock, lastNodeId: _, isPlanned: _planned, ...lot }: StoredLot, at: Instant): Lot {
  return { ...lot, outLife: outClock === null ? null : outLifeOf(outClock, at) }
}

/** The lot after a change. */
export const changed = (lot: StoredLot, changes: Partial<Omit<StoredLot, 'id' | 'version'>>): StoredLot => ({
  ...lot,
  ...changes,
  version: lot.version + 1,
})
