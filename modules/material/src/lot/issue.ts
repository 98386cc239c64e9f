import type { Instant } from '@throughline/kernel'
import { compare, DomainError, toIso, zero } from '@throughline/kernel'
import type { Lot, LotStatus } from '@throughline/model'
import { outLifeAt } from './out-life.ts'

export type IssueProblemKind = 'material-status' | 'material-expiry' | 'out-life' | 'certificate'

/** One reason why a lot may not be used, in words with what to do. */
export interface IssueProblem {
  readonly kind: IssueProblemKind
  readonly message: string
}

const stateWords: Readonly<Partial<Record<LotStatus, string>>> = {
  planned: 'not made yet',
  quarantine: 'in quarantine',
}
const otherwise: Readonly<Partial<Record<LotStatus, string>>> = {
  planned: ', or wait until its order has made it',
  quarantine: ', or let quality make it available',
  blocked: ', or let quality make it available',
}

/** Everything that forbids to issue the lot at an instant; empty = it may be issued. */
export function checkIssuable(lot: Lot, at: Instant): IssueProblem[] {
  const { code, status, statusReason, expiresAt, certificate, certificateNeeded } = lot
  const problems: IssueProblem[] = []
  const because = statusReason === '' ? '' : ` (${statusReason})`
  if (status !== 'available') {
    const message = `${code} is ${stateWords[status] ?? status}${because}: take another lot${otherwise[status] ?? ''}`
    problems.push({ kind: 'material-status', message })
  } else if (compare(lot.quantity, zero) <= 0) {
    problems.push({ kind: 'material-status', message: `Nothing is left of ${code}: take another lot, or count it` })
  }
  if (expiresAt !== null && at >= expiresAt) {
    problems.push({ kind: 'material-expiry', message: `${code} expired at ${timeText(expiresAt)}: take another lot` })
  }
  const outLife = outLifeAt(lot, at)
  if (outLife !== null && outLife.usedSeconds > outLife.limitSeconds) {
    const [used, limit] = [durationText(outLife.usedSeconds), durationText(outLife.limitSeconds)]
    problems.push({ kind: 'out-life', message: `${code} was out for ${used} of ${limit}: take another lot` })
  }
  if (certificateNeeded && certificate === null) {
    const message = `${code} came without its supplier's certificate: get the certificate, or take another lot`
    problems.push({ kind: 'certificate', message })
  }
  return problems
}

/**
 * @param overridden kinds of reason that somebody answered for
 * @throws DomainError `conflict` with every reason
 */
export function assertIssuable(
  lot: Lot,
  at: Instant,
  doing: string,
  overridden: readonly IssueProblemKind[] = [],
): void {
  const problems = checkIssuable(lot, at).filter(({ kind }) => !overridden.includes(kind))
  if (problems.length === 0) return
  throw new DomainError(
    'conflict',
    'material.lot-not-issuable',
    `${lot.code} cannot be ${doing}: ${problems.map(({ message }) => message).join('; ')}`,
    { lot: lot.code, problems },
  )
}

/** `2026-11-22 08:00 UTC`. */
const timeText = (at: Instant): string => `${toIso(at).slice(0, 16).replace('T', ' ')} UTC`

/** `241 h 10 min`. */
function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
