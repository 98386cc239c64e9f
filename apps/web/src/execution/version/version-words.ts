import type { FieldDifference, Texts, VersionState } from '@throughline/model'
import { fieldDifferences } from '@throughline/model'

export const versionStateWords: Readonly<Record<VersionState, string>> = {
  draft: 'Draft',
  'in-review': 'In review',
  effective: 'Effective',
  retired: 'Retired',
}

/** A text in the reader's language; the English one where there is none. */
export function textIn(texts: Texts | null, languages: readonly string[] = navigator.languages): string {
  if (texts === null) return ''
  for (const language of languages) {
    const text = texts[language] ?? texts[language.split('-')[0] ?? '']
    if (text !== undefined && text !== '') return text
  }
  return texts['en'] ?? ''
}

/** What every version of a definition has. */
export interface AnyVersion {
  readonly id: string
  readonly version: number
  readonly state: VersionState
}

/** What is known of where a version came from; materials do not say it. */
export interface BasedVersion extends AnyVersion {
  readonly drawnFrom?: number | null
  readonly overtakenBy?: number | null
}

/** `It was drawn from version 1, and version 2 became effective since: …`; undefined = nothing came between. */
export function overtakenText({ drawnFrom, overtakenBy }: Pick<BasedVersion, 'drawnFrom' | 'overtakenBy'>) {
  if (drawnFrom == null || overtakenBy == null) return undefined
  return `It was drawn from version ${drawnFrom}, and version ${overtakenBy} became effective since: what version ${overtakenBy} changed may be missing in it. Compare the two before it is signed.`
}

/** The version that a page opens with: the one that is asked for, else the one that waits, else the effective one. */
export function chosenVersion<Version extends AnyVersion>(
  versions: readonly Version[],
  asked: number | undefined,
): Version | undefined {
  return (
    versions.find(({ version }) => version === asked) ??
    versions.find(({ state }) => state === 'draft' || state === 'in-review') ??
    versions.find(({ state }) => state === 'effective') ??
    versions[0]
  )
}

/** What stands and what waits, in words: `Version 1 is effective; version 2 is a draft`. */
export function versionsAnswer(versions: readonly AnyVersion[]): string {
  const effective = versions.find(({ state }) => state === 'effective')
  const waiting = versions.filter(({ state }) => state === 'draft' || state === 'in-review')
  return [
    effective === undefined ? 'No version is effective' : `Version ${effective.version} is effective`,
    ...waiting.map(({ version, state }) => `version ${version} is ${state === 'draft' ? 'a draft' : 'in review'}`),
  ].join('; ')
}

/** What differs in one member of a list whose members have a name of their own. */
export interface MemberDifference {
  readonly name: string
  readonly kind: 'added' | 'changed' | 'removed' | 'moved'
  readonly fields: readonly FieldDifference[]
}

/** Members of two lists told apart by their key, in the order of the later list; a change of place alone is a move. */
export function memberDifferences<Member extends object>(
  before: readonly Member[],
  after: readonly Member[],
  keyOf: (member: Member) => string,
): MemberDifference[] {
  const old = new Map(before.map((member) => [keyOf(member), member]))
  const young = new Map(after.map((member) => [keyOf(member), member]))
  const stayedBefore = [...old.keys()].filter((key) => young.has(key))
  const stayedAfter = [...young.keys()].filter((key) => old.has(key))
  const moved = movedKeys(stayedBefore, stayedAfter)
  return [
    ...[...young].flatMap(([name, member]): MemberDifference[] => {
      const was = old.get(name)
      if (was === undefined) return [{ name, kind: 'added', fields: fieldDifferences(null, record(member)) }]
      const fields = fieldDifferences(record(was), record(member))
      if (fields.length > 0) return [{ name, kind: 'changed', fields }]
      return moved.has(name) ? [{ name, kind: 'moved', fields: [] }] : []
    }),
    ...[...old].flatMap(([name, member]): MemberDifference[] =>
      young.has(name) ? [] : [{ name, kind: 'removed', fields: fieldDifferences(record(member), null) }],
    ),
  ]
}

const record = (member: object): Readonly<Record<string, unknown>> => ({ ...member })

/** Those that left the longest run that kept its order. */
function movedKeys(before: readonly string[], after: readonly string[]): Set<string> {
  const place = new Map(before.map((key, index) => [key, index]))
  const places = after.map((key) => place.get(key) ?? 0)
  const longest: number[][] = []
  places.forEach((here, index) => {
    const best = longest
      .filter((run) => (places[run.at(-1) ?? 0] ?? 0) < here)
      .reduce<number[]>((a, b) => (b.length > a.length ? b : a), [])
    longest.push([...best, index])
  })
  const kept = new Set(longest.reduce<number[]>((a, b) => (b.length > a.length ? b : a), []))
  return new Set(after.filter((_, index) => !kept.has(index)))
}
