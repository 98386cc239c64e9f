import type { Instant } from '@throughline/kernel'
import type { Qualification } from '@throughline/model'

/** `missing` = never earned; `elsewhere` = for other versions only. */
export type Standing =
  | { readonly state: 'held'; readonly by: Qualification }
  | { readonly state: 'missing' }
  | { readonly state: 'expired' | 'not-yet' | 'revoked' | 'elsewhere'; readonly by: Qualification }

/** How somebody stands with a skill at an instant, for work on `forWhat` (`code@version`, null = any): the best of what they earned. */
export function standingOf(
  qualifications: readonly Qualification[],
  skill: string,
  at: Instant,
  forWhat: string | null = null,
): Standing {
  let best: Standing = { state: 'missing' }
  for (const each of qualifications) {
    if (each.skill !== skill) continue
    const found = judged(each, at, forWhat)
    if (rank[found.state] > rank[best.state]) best = found
  }
  return best
}

const rank = { missing: 0, revoked: 1, 'not-yet': 2, elsewhere: 3, expired: 4, held: 5 } as const

function judged(by: Qualification, at: Instant, forWhat: string | null): Standing {
  if (by.revoked !== null && by.revoked.at <= at) return { state: 'revoked', by }
  if (at < by.validFrom) return { state: 'not-yet', by }
  if (by.validTo !== null && at >= by.validTo) return { state: 'expired', by }
  if (by.onlyFor !== null && by.onlyFor !== forWhat) return { state: 'elsewhere', by }
  return { state: 'held', by }
}
