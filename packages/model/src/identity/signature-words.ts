import type { RecordRef, RecordVersion } from '../platform/record.ts'
import { recordNoun } from '../platform/record-words.ts'
import type { SignatureMeaning } from './signature.ts'
import { findSignaturePolicy } from './signature-policy.ts'

/** A record in words, made of its main row; a record without a policy is called by its noun and id. */
export function recordTitle(record: RecordRef, row: Readonly<Record<string, unknown>> | null): string {
  const template = findSignaturePolicy(record.kind)?.title
  if (template === undefined || row === null) return `${recordNoun(record.kind)} ${record.id}`
  return template.replaceAll(/\{(\w+)\}/g, (_all, column: string) => String(row[column] ?? '?'))
}

/** What somebody says by signing: the very words on their screen and in the signed statement. */
export function signatureSentence(
  printedName: string,
  meaning: SignatureMeaning,
  title: string,
  { version, hash }: RecordVersion,
): string {
  const what = meaning === 'performed' ? `performed what is recorded in ${title}` : `${meaning} ${title}`
  return `I, ${printedName}, have ${what}, as it stands in record version ${version} (${hash.slice(0, 12)}).`
}
