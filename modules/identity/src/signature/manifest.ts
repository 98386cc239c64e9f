import { createHash } from 'node:crypto'
import type { Id, Instant } from '@throughline/kernel'
import type { Signature } from '@throughline/model'
import { RecordRef, RecordVersion, SignatureMeaning, signatureSentence } from '@throughline/model'
import { canonicalJson } from '@throughline/platform'
import { z } from 'zod'
import { localTime } from './local-time.ts'
import type { SignatureRow } from './tables.ts'

/** What somebody signed, in full: of this text, in canonical form, the hash is kept. */
const Manifest = z.strictObject({
  v: z.literal(1),
  type: z.literal('signature'),
  id: z.uuid(),
  record: z.strictObject({ ...RecordRef.shape, ...RecordVersion.shape }),
  title: z.string(),
  meaning: SignatureMeaning,
  reason: z.string(),
  signer: z.strictObject({ id: z.uuid(), name: z.string(), printedName: z.string() }),
  /** µs since 1970, UTC, by the clock of the server. */
  signedAt: z.int(),
  localTime: z.string(),
  timeZone: z.string(),
  components: z.string(),
  sentence: z.string(),
  /** What a passkey signed, for whoever wants to check it anew; null where no passkey did. */
  assertion: z.record(z.string(), z.string()).nullable(),
})
export type Manifest = z.infer<typeof Manifest>

/** What a signature is made of, before its time and words are put down. */
export interface Statement {
  readonly id: Id<'Signature'>
  readonly record: RecordRef & RecordVersion
  readonly title: string
  readonly meaning: SignatureMeaning
  readonly reason: string
  readonly signer: { readonly id: Id<'Person'>; readonly name: string; readonly printedName: string }
  readonly components: string
  readonly assertion: Readonly<Record<string, string>> | null
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The row of a signature that is given at this instant, with its manifest and the hash of it. */
export function signatureRow(statement: Statement, at: Instant, timeZone: string): SignatureRow {
  const { id, record, title, meaning, reason, signer, components, assertion } = statement
  const manifest: Manifest = {
    v: 1,
    type: 'signature',
    id,
    record: { kind: record.kind, id: record.id, version: record.version, hash: record.hash },
    title,
    meaning,
    reason,
    signer: { ...signer },
    signedAt: at,
    localTime: localTime(at, timeZone),
    timeZone,
    components,
    sentence: signatureSentence(signer.printedName, meaning, title, record),
    assertion: assertion && { ...assertion },
  }
  const text = canonicalJson(manifest)
  return { ...columnsOf(manifest), manifest: text, manifest_hash: sha256(text) }
}

/** Whether a stored signature says the same in its columns, in its manifest and in the manifest's hash. */
export function isFit(row: SignatureRow): boolean {
  if (sha256(row.manifest) !== row.manifest_hash) return false
  const read = Manifest.safeParse(parsed(row.manifest))
  if (!read.success || canonicalJson(read.data) !== row.manifest) return false
  const columns = { ...columnsOf(read.data), manifest: row.manifest, manifest_hash: row.manifest_hash }
  return canonicalJson(columns) === canonicalJson(row)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const columnsOf = (manifest: Manifest): Omit<SignatureRow, 'manifest' | 'manifest_hash'> => ({
  id: manifest.id,
  record_kind: manifest.record.kind,
  record_id: manifest.record.id,
  record_version: manifest.record.version,
  record_hash: manifest.record.hash,
  meaning: manifest.meaning,
  reason: manifest.reason,
  person_id: manifest.signer.id,
  printed_name: manifest.signer.printedName,
  signed_at: manifest.signedAt,
  local_time: manifest.localTime,
  components: manifest.components,
})

/** A stored signature as others see it, with what was found of its state. */
export const signatureFrom = (row: SignatureRow, state: Signature['state'], stateReason: string | null): Signature => ({
  id: row.id as Id<'Signature'>,
  record: { kind: row.record_kind, id: row.record_id },
  version: row.record_version,
  recordHash: row.record_hash,
  meaning: SignatureMeaning.parse(row.meaning),
  reason: row.reason,
  personId: row.person_id as Id<'Person'>,
  printedName: row.printed_name,
  signedAt: row.signed_at as Instant,
  localTime: row.local_time,
  components: row.components,
  manifestHash: row.manifest_hash,
  state,
  stateReason,
})
