import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { VersionState } from '@throughline/model'

/** What every version of a definition has. */
export interface Version<Noun extends string = string> {
  readonly id: Id<Noun>
  readonly code: string
  readonly version: number
  readonly state: VersionState
  readonly drawnFrom: number | null
}

/** Which row a new draft is: the draft that there is, or the next version. */
export function nextDraft(newest: Version | undefined): { readonly id: string | null; readonly version: number } {
  if (newest === undefined) return { id: null, version: 1 }
  if (newest.state === 'draft') return { id: newest.id, version: newest.version }
  return { id: null, version: newest.version + 1 }
}

/** The fields of a version that its author and the moment give. */
export const drafted = (changeReason: string, by: string, at: Instant) => ({
  state: 'draft' as const,
  changeReason,
  draftedBy: by,
  draftedAt: at,
  effectiveAt: null,
  drawnFrom: null,
  overtakenBy: null,
})

/**
 * The version that a draft is drawn from: of a draft that is written on, what was said before.
 * @throws DomainError `invalid` for a version that there is not
 */
export function baseOf(
  words: string,
  versions: readonly Version[],
  draft: { readonly id: string | null; readonly version: number },
  told: number | null,
): number | null {
  const isOwn = draft.id !== null && told === draft.version
  const found = versions.find(({ version }) => version === told)
  if (told === null || (found !== undefined && !isOwn)) return told
  if (found !== undefined) return found.drawnFrom
  throw new DomainError(
    'invalid',
    'execution.draft-base-unknown',
    `There is no version ${told} of this ${words}: name the one that the draft was drawn from`,
    { fields: [{ path: 'drawnFrom', message: 'no such version' }] },
  )
}

/** @throws DomainError `conflict` when a code is spelled otherwise than before: one thing, one code */
export function assertSpelling(words: string, code: string, newest: Version | undefined): void {
  if (newest === undefined || newest.code === code) return
  throw new DomainError(
    'conflict',
    'execution.code-spelling',
    `There is a ${words} ${newest.code}: write ${code} the same way, or choose another code`,
    { code: newest.code },
  )
}

/** @throws DomainError `conflict` unless the version is effective */
export function assertEffective(words: string, { code, version, state }: Version): void {
  if (state === 'effective') return
  throw new DomainError(
    'conflict',
    'execution.version-not-effective',
    `Version ${version} of ${words} ${code} is ${state}: only an effective one is retired`,
    { state },
  )
}
