import type { listQualifications } from '@throughline/model'
import type { z } from 'zod'

/** A qualification with the name of its holder. */
export type NamedQualification = z.output<(typeof listQualifications)['output']>[number]

/** What holds from a time to a time, unless somebody takes it back. */
export type Dated = Pick<NamedQualification, 'validFrom' | 'validTo' | 'revoked'>

export const standingWords = {
  holds: 'In force',
  later: 'Not yet in force',
  over: 'Ended',
  revoked: 'Revoked',
} as const

/** Whether it holds now: from its beginning, inclusive, to its end, exclusive. */
export function standing({ validFrom, validTo, revoked }: Dated, now: number): keyof typeof standingWords {
  // Nobody revokes ahead: a page whose clock is behind shows it at once all the same.
  if (revoked !== null) return 'revoked'
  if (validTo !== null && validTo <= now) return 'over'
  return validFrom <= now ? 'holds' : 'later'
}

const dayUs = 86_400_000_000

export const endsSoon = (dated: Dated, now: number): boolean =>
  standing(dated, now) === 'holds' && dated.validTo !== null && dated.validTo - now < 30 * dayUs
