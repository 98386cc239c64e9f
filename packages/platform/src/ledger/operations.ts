import type { Instant } from '@throughline/kernel'
import type { BundleSubject, LedgerFinding } from '@throughline/model'
import { checkLedger, exportLedger, getLedgerStatus, rotateLedgerKey } from '@throughline/model'
import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import { Tickets } from '../http/tickets.ts'
import type { Platform } from '../platform.ts'
import { answerWithBundle } from './bundle-answer.ts'
import type { Ledger } from './ledger.ts'
import type { WatchedTable } from './reconcile.ts'
import { reconcile } from './reconcile.ts'

/** What makes the document of a record, for people; null where there is nothing to show. */
export type DocumentMaker = (subject: BundleSubject) => Promise<{ name: string; content: Buffer } | null>

/** Mounts what people ask of the ledger: how far it is, whether it is whole, a bundle of it, another key. */
export function mountLedgerOperations(
  platform: Platform,
  ledger: Ledger,
  tables: readonly WatchedTable[],
  documentOf: DocumentMaker,
): void {
  platform.proveWith(ledger)
  const tickets = new Tickets<BundleSubject>()

  platform.handle(getLedgerStatus, () => statusOf(platform.db, ledger))

  platform.handlePrepared(
    checkLedger,
    () => checkAll(platform.db, ledger, tables),
    async (_uow, _input, result) => result,
  )

  platform.handle(exportLedger, async (uow, { subject }) => {
    const { token, expiresAt } = tickets.give(subject, uow.at)
    return { path: `/api/ledger/bundles/${token}`, fileName: fileNameOf(subject), expiresAt }
  })

  platform.route({
    method: 'GET',
    path: '/api/ledger/bundles/:token',
    answer: async ({ params }) => {
      const subject = tickets.take(params['token'] ?? '', platform.clock.now())
      const document = await documentOf(subject)
      return await answerWithBundle(ledger.exportBundle(subject, document), fileNameOf(subject))
    },
  })

  platform.handlePrepared(
    rotateLedgerKey,
    () => ledger.rotateKey(),
    async (_uow, _input, key) => ({ key: key.text }),
  )
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
