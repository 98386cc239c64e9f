import type { Instant } from '@throughline/kernel'
import type { RecordRef, Signature } from '@throughline/model'
import type { RecordStep, Tables } from '@throughline/platform'
import { listRecordSteps } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { inIdentity } from '../tables.ts'
import { localTimeText } from './local-time.ts'
import { isFit, signatureFrom } from './manifest.ts'
import type { SignatureRow } from './tables.ts'

type Db = Kysely<Tables>

/** Two people who sign one record at the same moment sign one after the other. */
export async function takeTurn(trx: Db, record: RecordRef): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`signature ${record.kind} ${record.id}`}, 0))`.execute(trx)
}

export async function insertSignature(trx: Db, row: SignatureRow): Promise<void> {
  await inIdentity(trx).insertInto('identity.signature').values(row).execute()
}

/** A signature as the table holds it and as the ledger recorded it; either may be missing. */
interface Found {
  readonly row: SignatureRow | null
  readonly told: SignatureRow | null
  /** The row is what the ledger recorded, and the ledger's text is what was hashed. */
  readonly same: boolean
  /** The signed version of the record is in the ledger, with the hash that was signed. */
  readonly bound: boolean
}

/** All signatures on a record, oldest first; each is checked against its manifest, the ledger and the record. */
export async function listSignaturesOn(db: Db, record: RecordRef, timeZone: string): Promise<Signature[]> {
  const found = await findSignatures(db, record)
  const signed = found.flatMap(({ row, told }) => told?.record_version ?? row?.record_version ?? [])
  const later = signed.length === 0 ? [] : await listRecordSteps(db, record, Math.min(...signed))
  return found.map((each) => judged(each, later, timeZone))
}

/**
 * Looks in the table and in the ledger: a row that was removed, altered or copied is found by what the ledger recorded when
 * it was written.
 */
async function findSignatures(db: Db, record: RecordRef): Promise<Found[]> {
  const found = await sql<Found>`
    with told as (
      select seq, record_id as id, text::jsonb #> '{rows,0,after}' as image,
        sha256('\\x00'::bytea || convert_to(text, 'UTF8')) = leaf_hash as sound
      from platform.record_change
      where record_kind = 'identity.signature' and version = 1
        and text::jsonb #>> '{rows,0,after,record_kind}' = ${record.kind}
        and text::jsonb #>> '{rows,0,after,record_id}' = ${record.id}
    ), kept as (
      select * from identity.signature where record_kind = ${record.kind} and record_id = ${record.id}
    ), ids as (select id from told union select id::text from kept)
    select to_json(held) as "row", told.image as told,
      coalesce(told.sound and to_jsonb(held) = told.image, false) as same,
      exists (
        select from platform.record_change signed
        where signed.record_kind = ${record.kind} and signed.record_id = ${record.id}
          and signed.version = coalesce((told.image ->> 'record_version')::int, held.record_version)
          and encode(signed.leaf_hash, 'hex') = coalesce(told.image ->> 'record_hash', held.record_hash)
          and sha256('\\x00'::bytea || convert_to(signed.text, 'UTF8')) = signed.leaf_hash
      ) as bound
    from ids
    left join told on told.id = ids.id
    left join identity.signature held on held.id = ids.id::uuid
    order by told.seq nulls last, held.signed_at`.execute(db)
  return found.rows
}

function judged({ row, told, same, bound }: Found, later: readonly RecordStep[], timeZone: string): Signature {
  // What the ledger recorded is what was signed, whatever the table says now.
  const shown = told ?? row
  if (shown === null) throw new Error('a signature was found in neither place')
  const broken = (why: string): Signature => signatureFrom(shown, 'broken', why)
  if (row === null) return broken('Its row was removed from the database past the product')
  if (told === null)
    return broken('The ledger knows no such signature on this record: it was copied or made past the product')
  if (!same || !isFit(row)) return broken('It was altered past the product: it no longer says what was signed')
  if (!bound)
    return broken('The version that was signed is no longer what it was: the record was altered past the product')
  const change = later.find((step) => step.version > row.record_version)
  if (change === undefined) return signatureFrom(row, 'valid', null)
  const who = change.by?.name ?? 'this very request'
  const when = localTimeText(change.at, timeZone)
  return signatureFrom(
    row,
    'void',
    `${who} changed the record afterwards, on ${when}: it is not what was signed any more`,
  )
}

/** Whether the session is open and its person active; both stay so until the transaction ends. */
export async function isSignedIn(trx: Db, sessionId: string, personId: string): Promise<boolean> {
  const row = await inIdentity(trx)
    .selectFrom('identity.session as session')
    .innerJoin('identity.person as person', 'person.id', 'session.person_id')
    .select('session.id')
    .where('session.id', '=', sessionId)
    .where('person.id', '=', personId)
    .where('session.ended_at', 'is', null)
    .where('person.state', '=', 'active')
    .forShare(['session', 'person'])
    .executeTakeFirst()
  return row !== undefined
}

/** Until when the person signs nothing; null = they are not locked. */
export async function findLock(db: Db, personId: string, now: Instant): Promise<Instant | null> {
  const row = await inIdentity(db)
    .selectFrom('identity.signing_attempt')
    .select('locked_until')
    .where('person_id', '=', personId)
    .where('locked_until', '>', now)
    .executeTakeFirst()
  return (row?.locked_until ?? null) as Instant | null
}
