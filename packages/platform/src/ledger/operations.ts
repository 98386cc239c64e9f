import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { BundleSubject, LedgerFinding } from '@throughline/model'
import { checkLedger, exportLedger, getLedgerStatus, rotateLedgerKey } from '@throughline/model'
import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import type { Platform } from '../platform.ts'
import type { Ledger } from './ledger.ts'
import type { WatchedTable } from './reconcile.ts'
import { reconcile } from './reconcile.ts'

const ticketMs = 300_000

/** What makes the document of a record, for people; null where there is nothing to show. */
export type DocumentMaker = (subject: BundleSubject) => Promise<{ name: string; content: Buffer } | null>

interface Ticket {
  readonly subject: BundleSubject
  readonly fileName: string
  readonly expiresAt: Instant
}

/** Mounts what people ask of the ledger: how far it is, whether it is whole, a bundle of it, another key. */
export function mountLedgerOperations(
  platform: Platform,
  ledger: Ledger,
  tables: readonly WatchedTable[],
  documentOf: DocumentMaker,
): void {
  const tickets = new Map<string, Ticket>()

  platform.handle(getLedgerStatus, () => statusOf(platform.db, ledger))

  platform.handlePrepared(
    checkLedger,
    () => checkAll(platform.db, ledger, tables),
    async (_uow, _input, result) => result,
  )

  platform.handle(exportLedger, async (uow, { subject }) => {
    const token = randomBytes(32).toString('base64url')
    const fileName = fileNameOf(subject)
    const expiresAt = plusMs(uow.at, ticketMs)
    for (const [old, ticket] of tickets) if (ticket.expiresAt <= uow.at) tickets.delete(old)
    tickets.set(token, { subject, fileName, expiresAt })
    return { path: `/api/ledger/bundles/${token}`, fileName, expiresAt }
  })

  // What may be fetched was decided and recorded by the operation; the token stands for that one decision.
  platform.route({
    method: 'GET',
    path: '/api/ledger/bundles/:token',
    answer: async ({ params }) => {
      const token = params['token'] ?? ''
      const ticket = tickets.get(token)
      tickets.delete(token)
      if (ticket === undefined || ticket.expiresAt <= platform.clock.now()) throw ticketUnknown()
      const document = await documentOf(ticket.subject)
      const lines = await begun(ledger.exportBundle(ticket.subject, document))
      return {
        status: 200,
        headers: {
          'content-type': 'application/x-ndjson',
          'content-disposition': `attachment; filename="${ticket.fileName}"`,
        },
        body: Readable.from(lines),
      }
    },
  })

  platform.handlePrepared(
    rotateLedgerKey,
    () => ledger.rotateKey(),
    async (_uow, _input, key) => ({ key: key.text }),
  )
}

/** With its first line fetched: what refuses a bundle is told before anything of it is sent. */
async function begun(lines: AsyncGenerator<string>): Promise<AsyncIterable<string>> {
  const first = await lines.next()
  async function* all(): AsyncGenerator<string> {
    if (first.done !== true) yield first.value
    yield* lines
  }
  return all()
}

async function statusOf(db: Database, ledger: Ledger) {
  const { id, plant, checkpoint, keys, faults } = await ledger.status()
  const { rows: handed } = await sql<{ kind: string; target: string; size: number; at: Instant }>`
    select distinct on (kind, target) kind, target, size, at from platform.ledger_anchor
    order by kind, target, size desc`.execute(db)
  const anchors = ledger.anchors.map(({ kind, target }) => {
    const last = handed.find((each) => each.kind === kind && each.target === target)
    return { kind, target, size: last?.size ?? null, at: last?.at ?? null }
  })
  return {
    id,
    plant,
    checkpoint: checkpoint === null ? null : { ...checkpoint, at: checkpoint.at as Instant },
    keys: [...keys],
    anchors,
    faults: [...faults],
  }
}

async function checkAll(db: Database, ledger: Ledger, tables: readonly WatchedTable[]) {
  const began = performance.now()
  const { findings, ...counts } = await ledger.check()
  const inRecords = await reconcile(db, tables)
  const all: LedgerFinding[] = [...findings, ...inRecords].map((finding) => ({ ...finding }))
  return { ...counts, findings: all, tookMs: Math.round(performance.now() - began) }
}

function fileNameOf(subject: BundleSubject): string {
  if (subject.kind === 'window') return 'throughline-window.bundle'
  return `throughline-${subject.record.kind}-${subject.record.id}.bundle`.replace(/[^A-Za-z0-9._-]/g, '_')
}

const ticketUnknown = (): DomainError =>
  new DomainError(
    'not-found',
    'platform.bundle-unknown',
    'This bundle was fetched already or waited too long: ask for it anew',
  )
