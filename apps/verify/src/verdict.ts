import type { Header } from './bundle-line.ts'
import type { Finding, FindingKind } from './finding.ts'
import { formatInstant } from './instant.ts'
import type { WitnessAnswer } from './witness.ts'

export interface Verdict {
  verdict: 'valid' | FindingKind
  finding: Finding | null
  /** How many more there are; most follow from the first. */
  further: number
  /** What the bundle says of itself. Only the ledger and the subject are proven. */
  bundle: Omit<Header, 'line'> | null
  leaves: number
  entries: number
  changes: number
  /** Entries behind the end of the window to which changes in it belong. */
  changesWithoutEntry: number
  /** From which to which instant the leaves reach. */
  firstAt: number | null
  lastAt: number | null
  /** The one that everything was proven against. */
  checkpoint: { size: number; at: number; clock: string; signedBy: number | null } | null
  checkpoints: number
  keys: { number: number; verifierKey: string; fingerprint: string; from: number; at: number }[]
  /** What ties the bundle to something that the asker has from elsewhere. */
  trust: { by: 'key' | 'witness' | 'nobody'; key: number | null }
  witnesses: WitnessAnswer[]
}

/** What the bundle is about, in a few words. */
export function subjectOf({ subject }: Pick<Header, 'subject'>): string {
  if (subject.kind === 'record') return `record ${subject.record.kind} ${subject.record.id}`
  if (subject.kind === 'records') return `${subject.records.length} records`
  return `window from place ${subject.from} to ${subject.to - 1}`
}

/** Who, when and what of a finding, as far as they are known: label and value. */
export function factsOf(finding: Finding): [label: string, value: string][] {
  const facts: [string, string | null][] = [
    ['Place', finding.place === null ? null : String(finding.place)],
    ['Time', finding.at === null ? null : formatInstant(finding.at)],
    ['Who', finding.actor],
    ['Operation', finding.operation],
    ['Record', finding.record],
    ['Line of the file', finding.line === null ? null : String(finding.line)],
  ]
  return facts.filter((fact): fact is [string, string] => fact[1] !== null)
}

/** What was found, and in which line of the file if it cannot be read. */
export function said({ kind, line, what }: Finding): string {
  return kind === 'unreadable' && line !== null ? `Line ${line}: ${what.charAt(0).toLowerCase()}${what.slice(1)}` : what
}

/** What a valid bundle proves, in one sentence. */
export function provenBy({ bundle }: Verdict): string {
  if (bundle?.subject.kind === 'record' || bundle?.subject.kind === 'records')
    return 'Every version shown here is what was sealed, and none before the last one shown is left out.'
  return 'Every leaf of this window is what was sealed; none was altered, moved or left out.'
}

/** What a valid bundle of this kind cannot prove; null if there is nothing to add. */
export function limitOf({ bundle, finding }: Verdict): string | null {
  if (finding !== null || bundle === null || bundle.subject.kind === 'window') return null
  return 'That no later version and no other signature exists up to the checkpoint: ask for a window bundle where that matters.'
}

/** How far the verdict may be trusted, in sentences. */
function trustOf({ trust, keys, verdict }: Verdict): string[] {
  const [first] = keys
  if (first === undefined || verdict === 'forged') return []
  if (trust.by === 'key') return [`Signed with key ${trust.key}, which you trust.`]
  if (trust.by === 'witness') return [`Signed with key ${trust.key}, the one that signed the checkpoint you kept.`]
  return [
    'You gave no key, so this holds only for whoever trusts key 1:',
    first.verifierKey,
    `fingerprint ${first.fingerprint.replace(/(.{8})(?=.)/g, '$1 ')}`,
    'A forger can make a whole ledger with a key of their own. Compare the line above, character by character, with the one that the plant gave you in another way: on paper, by telephone, or with a bundle that you received before.',
  ]
}

/** The verdict as plain text, for a terminal. */
export function printVerdict(verdict: Verdict): string {
  const { bundle, finding, checkpoint } = verdict
  const lines: string[] = [verdict.verdict.toUpperCase(), '']
  if (finding !== null) {
    lines.push(said(finding), finding.means, finding.ask, '')
    for (const [label, value] of factsOf(finding)) lines.push(`${`${label}:`.padEnd(18)}${visible(value)}`)
    if (verdict.further > 0) lines.push(`${verdict.further} more, most of which follow from this one.`)
    lines.push('')
  }
  if (bundle !== null) {
    lines.push(`Bundle of ${subjectOf(bundle)}`)
    lines.push(`Ledger ${bundle.ledger}, said to be of "${bundle.plant}", exported ${formatInstant(bundle.exportedAt)}`)
  }
  const reach = reachOf(verdict)
  if (reach !== '') lines.push(reach)
  if (checkpoint !== null)
    lines.push(
      `Proven against the checkpoint of size ${checkpoint.size}, made ${formatInstant(checkpoint.at)}, clock ${checkpoint.clock}, signed by key ${checkpoint.signedBy}`,
    )
  for (const witness of verdict.witnesses) lines.push(`Checkpoint ${witness.result}: ${witness.what}`)
  const limit = limitOf(verdict)
  if (finding === null) lines.push(provenBy(verdict))
  if (limit !== null) lines.push(`Not proven: ${limit.charAt(0).toLowerCase()}${limit.slice(1)}`)
  const trust = trustOf(verdict)
  if (trust.length > 0) lines.push('', ...trust)
  return lines.map(visible).join('\n')
}

/** How many leaves, from when to when. */
function reachOf({ leaves, entries, changes, changesWithoutEntry, firstAt, lastAt }: Verdict): string {
  if (leaves === 0 || firstAt === null || lastAt === null) return ''
  const outside = changesWithoutEntry === 0 ? '' : `; ${changesWithoutEntry} of the entries stand behind the window`
  return `${leaves} leaves (${entries} entries, ${changes} changes) from ${formatInstant(firstAt)} to ${formatInstant(lastAt)}${outside}`
}

/** A bundle could hold what moves a terminal's cursor or turns the direction of writing. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
