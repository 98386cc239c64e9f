import type { Instant } from '@throughline/kernel'
import type { AuditEntry, FieldDifference, RecordChange, RecordRef, Signature } from '@throughline/model'
import { deedWords, fieldDifferences, fieldWords, recordNoun, valueText } from '@throughline/model'
import type { MarkedRow } from './marked-rows.ts'
import { markedRows } from './marked-rows.ts'
import type { Piece } from './sheet.ts'
import { Sheet } from './sheet.ts'

/** All that a document says of one record. */
export interface RecordContents {
  readonly plant: string
  /** The record in words. */
  readonly title: string
  readonly record: RecordRef
  /** All its versions, oldest first, each with its entry. */
  readonly versions: readonly { readonly change: RecordChange; readonly entry: AuditEntry }[]
  /** Oldest first. */
  readonly signatures: readonly Signature[]
  /** The newest signed tree at that moment; null = none yet. */
  readonly checkpoint: { readonly size: number; readonly at: Instant; readonly rootBase64: string } | null
  readonly exportedAt: Instant
  readonly software: string
  /** Times with their offset. */
  readonly timeText: (at: Instant) => string
}

/**
 * The record for people, as an archivable PDF (PDF/A-3b) that needs nothing else: signatures first (21 CFR 11.50(b)), what
 * it says now with every changed value marked, every version with who, when and why; the same as data is attached.
 */
export async function recordDocument(contents: RecordContents): Promise<Buffer> {
  const { plant, title, record, versions, exportedAt, software } = contents
  const producer = `Throughline ${software}`
  const subject = `${recordNoun(record.kind)} ${record.id}`
  const about = { title, subject, author: plant, producer, at: exportedAt }
  const sheet = new Sheet(about)
  writeHead(sheet, contents)
  writeSignatures(sheet, contents)
  const changes = versions.map(({ change }) => change)
  const rows = markedRows(changes)
  writeState(sheet, contents, rows)
  writeHistory(sheet, contents)
  sheet.attach('record.json', dataOf(contents, rows), 'The record with all its versions and signatures, as data')
  const newest = changes.at(-1)
  return await sheet.finish(`${subject} · version ${newest?.version ?? 0} · ${shortHash(newest?.hash ?? '')}`)
}

function writeHead(sheet: Sheet, contents: RecordContents): void {
  const { title, record, versions, plant, checkpoint, exportedAt, timeText, software } = contents
  const newest = versions.at(-1)?.change
  sheet.heading(1, title)
  sheet.field('Plant', plant)
  sheet.field('Record', `${recordNoun(record.kind)}, ${record.kind} ${record.id}`)
  if (newest !== undefined) {
    sheet.field('Version', `${newest.version} of ${timeText(newest.at)}`)
    sheet.field('SHA-256 of it', newest.hash)
  }
  sheet.field('Printed', `${timeText(exportedAt)}, by Throughline ${software}`)
  sheet.field(
    'Proven by',
    checkpoint === null
      ? 'No checkpoint is signed yet: this document alone proves nothing'
      : `the bundle that this document came with, against the checkpoint of ${timeText(checkpoint.at)}: ${checkpoint.size} leaves, root ${checkpoint.rootBase64}`,
  )
}

const states: Readonly<Record<Signature['state'], string>> = {
  valid: 'Valid',
  void: 'VOID',
  broken: 'BROKEN',
}

function writeSignatures(sheet: Sheet, { signatures }: RecordContents): void {
  sheet.heading(2, 'Signatures')
  if (signatures.length === 0) sheet.paragraph('Nobody has signed this record.')
  for (const signature of signatures) {
    const { printedName, meaning, localTime, reason, components, version, recordHash, manifestHash, state } = signature
    sheet.heading(3, `${printedName}: ${meaning}`)
    sheet.field('Signed', localTime.replace('T', ' ').replace(/(Z|[+-]\d\d:\d\d)$/, ' UTC$1'))
    sheet.field('Meaning', meaning)
    sheet.field('Reason', reason)
    sheet.field('Proved by', components)
    sheet.field('Signed version', String(version))
    sheet.field('SHA-256 of it', recordHash)
    sheet.field('SHA-256, statement', manifestHash)
    sheet.field('State', [
      { text: states[state], weight: 'bold' },
      { text: signature.stateReason === null ? '' : `: ${signature.stateReason}` },
    ])
  }
}

function writeState(sheet: Sheet, { versions, timeText }: RecordContents, rows: readonly MarkedRow[]): void {
  sheet.heading(2, 'What the record says now')
  if (rows.length === 0) sheet.paragraph('The record was removed; what it said stands below.')
  const steps = new Map(versions.map(({ change, entry }) => [change.version, entry]))
  for (const { table, row, marks } of rows) {
    if (rows.length > 1) sheet.heading(3, recordNoun(table))
    for (const [column, value] of Object.entries(row)) {
      writeValue(sheet, column, value, timeText)
      for (const { field, version, before } of marks.get(column) ?? []) {
        const by = steps.get(version)
        const when = by === undefined ? '' : ` by ${by.actorName}, ${timeText(by.at)}`
        sheet.field('', [
          { text: `± changed: ${field}, in version ${version}${when}; before: `, weight: 'bold' },
          { text: valueText(before, timeText), isStruck: true },
        ])
      }
    }
  }
}

/** A list of structures is read line by line. */
function writeValue(sheet: Sheet, column: string, value: unknown, timeText: (at: Instant) => string): void {
  const isList = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'object')
  if (!isList) {
    sheet.field(fieldWords([column]), valueText(value, timeText))
    return
  }
  for (const [index, member] of value.entries()) sheet.field(fieldWords([column, index]), valueText(member, timeText))
}

function writeHistory(sheet: Sheet, { versions, timeText }: RecordContents): void {
  sheet.heading(2, 'Every version, oldest first')
  for (const { change, entry } of versions) {
    const { actorName, actorRoles, operation, reason, origin, software, clock, cause } = entry
    const roles = actorRoles.length === 0 ? '' : ` (${actorRoles.join(', ')})`
    sheet.heading(3, `Version ${change.version}, ${timeText(change.at)}`)
    sheet.paragraph(`${actorName}${roles} ${deedWords(operation)}.`)
    sheet.field('Reason', reason ?? 'none was asked for')
    for (const { table, before, after } of change.rows) writeRow(sheet, table, before, after, timeText)
    const from = origin === null ? 'no network address' : `from ${origin}`
    const because = cause === null ? '' : ` · because of event ${cause}`
    sheet.paragraph(
      `Entry ${entry.id} · ${operation} · ${from}${because} · Throughline ${software} · clock ${clock} · SHA-256 ${change.hash}`,
      { isQuiet: true },
    )
  }
}

function writeRow(
  sheet: Sheet,
  table: string,
  before: RecordChange['rows'][number]['before'],
  after: RecordChange['rows'][number]['after'],
  timeText: (at: Instant) => string,
): void {
  const differences = fieldDifferences(before, after).filter(({ kind, after }) => kind !== 'added' || after !== null)
  const what = before === null ? '+ added' : after === null ? '− removed' : '± changed'
  sheet.paragraph([{ text: `${what}: ${recordNoun(table)}`, weight: 'bold' }])
  for (const difference of differences) sheet.field(fieldWords(difference.path), piecesOf(difference, timeText))
}

function piecesOf({ kind, before, after }: FieldDifference, timeText: (at: Instant) => string): Piece[] {
  switch (kind) {
    case 'added':
      return [{ text: valueText(after, timeText) }]
    case 'removed':
      return [{ text: valueText(before, timeText), isStruck: true }]
    case 'changed':
      return [
        { text: 'was ' },
        { text: valueText(before, timeText), isStruck: true },
        { text: ', is now ' },
        { text: valueText(after, timeText), weight: 'bold' },
      ]
  }
}

function dataOf(contents: RecordContents, rows: readonly MarkedRow[]): string {
  const { plant, title, record, versions, signatures, checkpoint, exportedAt } = contents
  const state = rows.map(({ table, row }) => ({ table, row }))
  return JSON.stringify({ plant, title, record, exportedAt, checkpoint, state, signatures, versions }, null, 1)
}

const shortHash = (hash: string): string => hash.slice(0, 12)
