import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import { ParsedDocument, PlantDocument } from '@throughline/model'
import type { BlobStore, Database } from '@throughline/platform'
import { sql } from 'kysely'

/** A document as its row holds it. */
export interface DocumentRow {
  readonly hash: string
  readonly name: string
  readonly kind: string
  readonly agent: string
  readonly connection: string
  readonly size: number
  readonly parsedHash: string
  readonly takenAt: Instant
  readonly receivedAt: Instant
}

export async function hasHash(db: Database, hash: string): Promise<boolean> {
  const { rows } = await sql`select 1 from document.document where hash = ${hash}`.execute(db)
  return rows.length > 0
}

/** Undefined when the same content is there already. */
export async function insertDocument(db: Database, row: DocumentRow): Promise<Id<'Document'> | undefined> {
  const id = newId<'Document'>()
  const { rows } = await sql<{ id: string }>`insert into document.document
      (id, hash, name, kind, agent, connection, size, parsed_hash, taken_at, received_at)
    values (${id}, ${row.hash}, ${row.name}, ${row.kind}, ${row.agent}, ${row.connection}, ${row.size},
      ${row.parsedHash}, ${row.takenAt}, ${row.receivedAt})
    on conflict (hash) do nothing returning id`.execute(db)
  return rows.length === 0 ? undefined : id
}

export async function findByHash(
  db: Database,
  hash: string,
): Promise<(PlantDocument & { readonly parsedHash: string }) | undefined> {
  const { rows } = await sql<Row>`${selectDocuments} where hash = ${hash}`.execute(db)
  const [row] = rows
  return row && { ...documentOf(row), parsedHash: row.parsed_hash }
}

/** Newest first; `search` is any part of the name. */
export async function listDocumentsBy(
  db: Database,
  search: string,
  limit: number,
): Promise<{ documents: PlantDocument[]; total: number }> {
  const where = sql`where position(lower(${search}) in lower(name)) > 0`
  const { rows } = await sql<Row>`${selectDocuments} ${where}
    order by received_at desc, name, id limit ${limit}`.execute(db)
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from document.document ${where}`.execute(db)
  return { documents: rows.map(documentOf), total: counted.rows[0]?.total ?? 0 }
}

const selectDocuments = sql`
  select id, hash, name, kind, agent, connection, size, parsed_hash, received_at from document.document`

type Row = Readonly<Record<string, unknown>> & { readonly parsed_hash: string }

function documentOf({ received_at, parsed_hash: _, size, ...told }: Row): PlantDocument {
  return PlantDocument.parse({ ...told, size: Number(size), receivedAt: Number(received_at) })
}

/** @throws DomainError `defect` (`server.document-lost`) when the store of files has lost it */
export async function readParsed(blobs: BlobStore, name: string, parsedHash: string): Promise<ParsedDocument> {
  const bytes = await blobs.get(parsedHash)
  if (bytes !== undefined) return ParsedDocument.parse(JSON.parse(new TextDecoder().decode(bytes)))
  const message = `What was read out of ${name} is not in the store of files (${parsedHash}): restore it from a backup`
  throw new DomainError('defect', 'server.document-lost', message)
}
