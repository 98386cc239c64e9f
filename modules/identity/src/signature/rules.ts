import type { Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { Permission, Signature, SignatureMeaning, SignaturePolicy, SignatureProof } from '@throughline/model'
import { roles } from '@throughline/model'
import { permissionsOf } from '../person/roles.ts'

/** How often somebody may fail to prove themselves, in which time, and for how long they sign nothing after that. */
export const attemptLimit = { most: 5, withinMs: 15 * 60_000, lockMs: 15 * 60_000 } as const

/** A series ends when nothing was signed for this long. */
export const defaultGapMs = 10 * 60_000

/** What is known of a series of signings. */
export interface Series {
  readonly origin: string | null
  readonly beganWith: string
  readonly lastSignedAt: Instant
}

/** Whether the next signing belongs to the series: same network address, and no gap of the limit or longer. */
export function goesOn(series: Series | undefined, origin: string | null, now: Instant, gapMs: number): boolean {
  return series !== undefined && series.origin === origin && now < plusMs(series.lastSignedAt, gapMs)
}

/** What is not there of the two components, in words; undefined = enough is there to be checked. */
export function missingComponent(proof: SignatureProof, components: 'both' | 'secret'): string | undefined {
  if (components === 'secret') return undefined
  if (proof.method === 'password' && proof.name === undefined) return 'your name beside your password'
  if (proof.method === 'badge' && proof.badge === undefined) return 'your badge beside your PIN'
  return undefined
}

/** A record with all that its next signature depends on. */
export interface Standing {
  /** In words. */
  readonly title: string
  readonly version: number
  readonly policy: SignaturePolicy | undefined
  /** Every signature on the record. */
  readonly signatures: readonly Signature[]
  /** People who changed the record since it was last completely signed. */
  readonly authors: ReadonlySet<string>
}

/** One signature that the record needs, and the one that fills it, if there is one. */
export interface FilledStep {
  readonly meaning: SignatureMeaning
  readonly permission: Permission
  readonly state: 'signed' | 'next' | 'later'
  readonly signature: Signature | null
}

/** The signatures that a version needs, in order, with those that it has. */
export function filledSteps(
  policy: SignaturePolicy | undefined,
  signatures: readonly Signature[],
  version: number,
): FilledStep[] {
  const good = signatures.filter((each) => each.version === version && each.state !== 'broken')
  let isOpen = false
  return (policy?.steps ?? []).map((step) => {
    const at = isOpen ? -1 : good.findIndex((each) => each.meaning === step.meaning)
    const signature = at < 0 ? null : (good.splice(at, 1)[0] ?? null)
    const state = signature !== null ? 'signed' : isOpen ? 'later' : 'next'
    isOpen = signature === null
    return { ...step, state, signature }
  })
}

/** The last version that has all its signatures; 0 = none ever had. */
export function lastCompleteVersion(policy: SignaturePolicy | undefined, signatures: readonly Signature[]): number {
  const versions = [...new Set(signatures.map((each) => each.version))].sort((a, b) => b - a)
  const complete = versions.find((version) =>
    filledSteps(policy, signatures, version).every((step) => step.state === 'signed'),
  )
  return policy === undefined ? 0 : (complete ?? 0)
}

/** Somebody who wants to sign. */
export interface WouldBeSigner {
  readonly personId: string
  /** Whether they hold a permission for the whole plant. */
  holds(permission: Permission): boolean
}

/**
 * Why this person may not put this signature on the record (21 CFR 11.10(f), (g)); undefined = they may. Without a meaning:
 * why not the next one.
 */
export function refusalOf(
  standing: Standing,
  signer: WouldBeSigner,
  meaning?: SignatureMeaning,
): DomainError | undefined {
  const { policy, title, version, signatures, authors } = standing
  if (policy === undefined) return undefined
  const steps = filledSteps(policy, signatures, version)
  const next = steps.find((step) => step.state === 'next')
  if (meaning !== undefined && !steps.some((step) => step.meaning === meaning)) {
    return refused('invalid', 'meaning-not-in-policy', `${title} is signed as ${inWords(policy)}, not as ${meaning}`)
  }
  if (next === undefined) return refused('conflict', 'complete', `${title} has all its signatures: ${inWords(policy)}`)
  if (meaning !== undefined && next.meaning !== meaning) {
    return refused('conflict', 'out-of-order', `${title} must be ${next.meaning} before it can be ${meaning}`)
  }
  if (!signer.holds(next.permission)) {
    return refused(
      'forbidden',
      'permission-missing',
      `${title} must be ${next.meaning} by somebody with the role ${rolesWith(next.permission)} for the whole plant`,
      { permission: next.permission },
    )
  }
  if (!policy.authorMaySign && authors.has(signer.personId)) {
    return refused(
      'forbidden',
      'by-author',
      `You changed ${title} since it was last signed: somebody who did not must have it ${next.meaning}`,
    )
  }
  if (steps.some((step) => step.signature?.personId === signer.personId)) {
    return refused('forbidden', 'same-person', `You have signed ${title} already: each signature is another person's`)
  }
  return undefined
}

/** Whom to ask: `engineer or quality`. */
function rolesWith(permission: Permission): string {
  const holding = roles.filter((role) => permissionsOf[role].includes(permission))
  return holding.length === 0 ? 'that nobody has' : holding.join(' or ')
}

const inWords = (policy: SignaturePolicy): string => policy.steps.map((step) => step.meaning).join(', then ')

const refused = (
  kind: 'invalid' | 'conflict' | 'forbidden',
  problem: string,
  message: string,
  details: Record<string, unknown> = {},
): DomainError => new DomainError(kind, `identity.signature-${problem}`, message, details)
