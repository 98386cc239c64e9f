import type { AuditEntry } from '@throughline/model'
import { attemptWords, deedWords } from '@throughline/model'

/** Members of an input by which people know a thing. */
const names = ['printedName', 'printed_name', 'name', 'title', 'label', 'path']

/** What somebody did, in one sentence without a full stop: `Ada Example published a draft`. */
export function entrySentence(entry: AuditEntry): string {
  const signingIn = signingInSentence(entry)
  if (signingIn !== undefined) return signingIn
  const who = whoOf(entry)
  const about = subjectOf(entry)
  if (entry.outcome !== 'done') return `${who} tried to ${attemptWords(entry.operation)}${about}, and was refused`
  return `${who} ${deedWords(entry.operation)}${about}`
}

/** Who signs in was nobody a moment before: the name that was given is told, as known only when it was proved. */
function signingInSentence({ actorKind, operation, outcome, input }: AuditEntry): string | undefined {
  if (actorKind !== 'nobody' || !operation.startsWith('identity.session.open')) return undefined
  const name = memberOf(input, 'name')
  if (name === undefined) return undefined
  return outcome === 'done'
    ? `${name} ${deedWords(operation)}`
    : `Somebody tried to ${attemptWords(operation)} as “${name}”, and was refused`
}

/** Who acted: people by name, the product's own parts as such. */
export function whoOf({ actorKind, actorName }: AuditEntry): string {
  if (actorKind === 'nobody') return 'Somebody who was not signed in'
  if (actorKind === 'system') return `The product itself (${actorName})`
  return actorName
}

function subjectOf({ input }: AuditEntry): string {
  const name = nameIn(input)
  return name === undefined ? '' : `: ${name}`
}

/** What people call the thing that an input or a row is about; undefined where nothing in it is a name. */
export function nameIn(content: unknown): string | undefined {
  for (const name of names) {
    const value = memberOf(content, name)
    if (value !== undefined) return value.length > 60 ? `${value.slice(0, 59)}…` : value
  }
  return undefined
}

function memberOf(content: unknown, name: string): string | undefined {
  if (typeof content !== 'object' || content === null) return undefined
  const value = new Map<string, unknown>(Object.entries(content)).get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What came of it, in words. */
export function outcomeWords(outcome: string): string {
  return outcome === 'done' ? 'Done' : `Refused: ${(outcome.split('.')[1] ?? outcome).replaceAll('-', ' ')}`
}

/** Whether the clock of that moment could be trusted. */
export const clockWords: Readonly<Record<AuditEntry['clock'], string>> = {
  synchronised: 'The server’s clock followed a time source',
  unsynchronised: 'The server’s clock followed no time source',
  unknown: 'Whether the server’s clock followed a time source is not known',
}
