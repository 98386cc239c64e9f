import type { AuditEntry } from '@throughline/model'
import { attemptWords, deedWords } from '@throughline/model'

/** Members of an input by which people know a thing. */
const names = ['printedName', 'name', 'title', 'label', 'path']

/** What somebody did, in one sentence without a full stop: `Ada Example published a draft`. */
export function entrySentence(entry: AuditEntry): string {
  const who = whoOf(entry)
  const about = subjectOf(entry)
  if (entry.outcome !== 'done') return `${who} tried to ${attemptWords(entry.operation)}${about}, and was refused`
  return `${who} ${deedWords(entry.operation)}${about}`
}

/** Who acted: people by name, the product's own parts as such. */
export function whoOf({ actorKind, actorName }: AuditEntry): string {
  if (actorKind === 'nobody') return 'Somebody who was not signed in'
  if (actorKind === 'system') return `The product itself (${actorName})`
  return actorName
}

function subjectOf({ input }: AuditEntry): string {
  if (typeof input !== 'object' || input === null) return ''
  const named = new Map(Object.entries(input))
  for (const name of names) {
    const value = named.get(name)
    if (typeof value === 'string' && value !== '') return `: ${value.length > 60 ? `${value.slice(0, 59)}…` : value}`
  }
  return ''
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
