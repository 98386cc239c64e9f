import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'

/** Clocks of a provider and of this server may differ by this much. */
export const clockToleranceS = 60

/**
 * A token that was made for us at this moment tells how far the clocks are apart.
 * @throws DomainError `unauthenticated` beyond 60 s, to either side
 */
export function assertClocksAgree(label: string, issuedAtS: number, now: Instant): void {
  const apartS = Math.round(now / 1e6 - issuedAtS)
  if (Math.abs(apartS) <= clockToleranceS) return
  throw new DomainError(
    'unauthenticated',
    'identity.single-sign-on-clock-skewed',
    `The clock of this server is ${Math.abs(apartS)} s ${apartS > 0 ? 'ahead of' : 'behind'} that of ${label}; ${clockToleranceS} s are accepted: have both clocks set`,
    { apartS },
  )
}

/** A claim by its name, or by the path that its dots describe. */
export function claimAt(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let found: unknown = claims
  for (const step of name.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Record<string, unknown>)[step]
  }
  return found
}

/** The words of a claim: a list, or one text with blanks between them. */
export function wordsOf(claim: unknown): Set<string> {
  const list = Array.isArray(claim) ? claim : typeof claim === 'string' ? [claim, ...claim.split(/\s+/)] : []
  return new Set(list.filter((each): each is string => typeof each === 'string' && each !== ''))
}

/** The first of these claims that is a text. */
export function textOf(claims: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const claim = claims[name]
    if (typeof claim === 'string' && claim.trim() !== '') return claim.trim().slice(0, 120)
  }
  return undefined
}
