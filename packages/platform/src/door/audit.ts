import { hash } from 'node:crypto'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Kysely } from 'kysely'
import type { Part } from '../database/draft.ts'
import { Draft } from '../database/draft.ts'
import { lastOfTransaction } from '../database/round-trips.ts'
import type { Database, Tables } from '../database/tables.ts'
import { transact } from '../database/transaction.ts'
import { canonicalLacking } from '../ledger/canonical-json.ts'
import type { NewVersion } from '../ledger/capture.ts'
import { eraOf, insertVersions } from '../ledger/capture.ts'
import type { ClockStatus, EntryLeaf } from '../ledger/leaf.ts'
import { leafHash } from '../ledger/leaf.ts'
import type { Actor } from './actor.ts'

/** What every entry says of the program that makes it. */
export interface Witness {
  readonly software: string
  /** The era of the ledger, once the database is up to date: it does not change while a program runs. */
  readonly era?: number
  clockStatus(): ClockStatus
}

/** One deed, done or refused, as the ledger will hold it. */
export interface Deed {
  readonly id: Id<'AuditEntry'>
  readonly at: Instant
  readonly actor: Actor
  readonly operation: string
  /** Without its secrets. */
  readonly input: unknown
  /** `done`, or the code of the error that refused it. */
  readonly outcome: string
  /** The event that made the product act by itself. */
  readonly cause?: string
}

/** The entry of a deed, which lacks nothing but what the deed changes. */
export interface OpenEntry {
  readonly leaf: Omit<EntryLeaf, 'changes'>
  readonly era: number | undefined
  /** Its canonical text. */
  close(changes: EntryLeaf['changes']): string
}

/** What an entry closes with, and what goes with it on the same way to the server. */
export interface Closing {
  /** Leaf hashes of the records that the deed changed, in the order of the leaves. */
  readonly changes?: readonly Buffer[]
  readonly versions?: readonly NewVersion[]
  readonly also?: Part | undefined
  /** Nothing but the commit comes behind it; the transaction is one of `inTransaction`, which tells when it failed. */
  readonly isLast?: boolean
}

/**
 * Writes one audit entry, and before it the last versions of records that belong to it; inside a unit of work, it commits
 * or vanishes with the change it tells of.
 *
 * @throws DomainError `unavailable` when the trail takes no entry: then the change must not be made either
 */
export async function writeAuditEntry(
  db: Kysely<Tables>,
  entry: OpenEntry,
  { changes = [], versions = [], also, isLast = false }: Closing = {},
): Promise<void> {
  const { id, at, actor, operation, outcome, reason } = entry.leaf
  const text = entry.close({ count: changes.length, digest: hash('sha256', Buffer.concat(changes)) })
  const draft = new Draft()
  const before = [
    ...(also === undefined ? [] : [`also as (${also(draft)})`]),
    ...(versions.length === 0 ? [] : [`versions as (${insertVersions(versions, entry.era)(draft)} returning 1)`]),
  ]
  const together = before.length === 0 ? '' : `with ${before.join(', ')} `
  const told = [actor.id, actor.kind, operation, outcome, reason, text].map((value) => `${draft.value(value)}::text`)
  const values = `${eraOf(entry.era)(draft)}, ${draft.value(id)}::uuid, ${draft.value(at)}::bigint, ${told.join(', ')}, ${draft.value(leafHash(text))}::bytea`
  // The entry stands behind the last version, so it takes its number after theirs.
  const what =
    versions.length === 0
      ? `values (${values})`
      : `select ${values} from versions offset ${draft.value(versions.length - 1)}`
  const into =
    'insert into platform.audit_entry (era, id, at, actor, actor_kind, operation, outcome, reason, text, leaf_hash)'
  const mark = isLast ? `${lastOfTransaction} ` : ''
  await draft.execute(db, `${mark}${together}${into} ${what}`).catch((error: unknown) => {
    throw isContention(error) ? error : unwritable(error)
  })
}

/**
 * A transaction whose last statement is its entry.
 * @throws DomainError `unavailable` when the trail takes no entry: then nothing was changed
 */
export async function inTransaction<Answer>(
  db: Database,
  work: (trx: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer> {
  let isDone = false
  try {
    return await transact(db, async (trx) => {
      const answer = await work(trx)
      isDone = true
      return answer
    })
  } catch (error) {
    // A server that is gone says nothing: then nobody knows whether it still committed.
    throw isDone && isRefused(error) && !isContention(error) ? unwritable(error) : error
  }
}

/** The server refused a statement, and with it the transaction. */
const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && error.severity === 'ERROR'

/** Two transactions that met, one of which has to give way: classes 23 and 40 of the database's errors. */
const isContention = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(23|40)/.test(String(error.code))

const unwritable = (cause: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'platform.audit-unwritable',
    `The audit trail cannot be written (${messageOf(cause)}), so nothing was changed: let whoever looks after the database see to it, then try again`,
    {},
    cause,
  )

/** The entry as far as it is known before the deed is done. */
export function openEntry(witness: Witness, deed: Deed): OpenEntry {
  const { actor } = deed
  const leaf: OpenEntry['leaf'] = {
    type: 'entry',
    v: 1,
    id: deed.id,
    at: deed.at,
    actor: { id: actor.id, kind: actor.kind, name: actor.name, roles: actor.roles },
    operation: deed.operation,
    input: storable(deed.input),
    reason: reasonIn(deed.input),
    outcome: deed.outcome,
    origin: actor.origin,
    session: actor.sessionId,
    cause: deed.cause ?? null,
    software: witness.software,
    clock: witness.clockStatus(),
  }
  return { leaf, era: witness.era, close: canonicalLacking(leaf, 'changes') }
}

/**
 * Why: operations ask for it by the name `reason`, beside the input or in the signature; or by `why`, where a reason is
 * something else (that of a stop).
 */
function reasonIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  if ('reason' in input && typeof input.reason === 'string') return input.reason
  if ('why' in input && typeof input.why === 'string') return input.why
  return 'signature' in input ? reasonIn(input.signature) : null
}

/** Canonical JSON refuses half a character; a refused input may hold one. */
function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), storable(member)]))
}
