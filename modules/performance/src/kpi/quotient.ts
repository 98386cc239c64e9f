import type { KpiElements } from '@throughline/model'
import type { Figure } from './kpi.ts'

export const noPlannedTime = 'no planned busy time'
export const noOrder = 'no order was on the machine'
export const noParts = 'nothing was produced'
export const noFailure = 'no failure in this time'

/** Never clipped: what lies above 1 tells of wrong master data, and is flagged. Without a base there is no figure. */
export function quotient(part: number, base: number, noBase: string, above: string | null = null): Figure {
  if (base === 0) return { value: null, note: noBase }
  const value = part / base
  return { value, note: value > 1 ? above : null }
}

/** Why what depends on quantities and ideal cycles is not known; null = it is. */
export function findCountDoubt({ uncountedUs, pqWithoutIdeal }: KpiElements): string | null {
  if (uncountedUs > 0) return 'nothing counts the parts'
  return pqWithoutIdeal > 0 ? `no ideal cycle for ${pqWithoutIdeal} parts: set a standard of the product` : null
}

/**
 * Share of good parts. Where several products were made each part weighs as much as its ideal time, so that availability ×
 * effectiveness × quality stays the OEE.
 */
export function goodShare({ gq, pq, idealUs, idealGoodUs, pqWithoutIdeal }: KpiElements): Figure {
  if (pq === 0) return { value: null, note: noParts }
  const note = gq < 0 ? 'more scrap than parts: check the entries' : null
  const isWeighed = pqWithoutIdeal === 0 && idealUs > 0
  return { value: isWeighed ? idealGoodUs / idealUs : gq / pq, note }
}
