import type { Decimal, Id, Instant } from '@throughline/kernel'
import { add, compare, DomainError, subtract, zero } from '@throughline/kernel'
import { getLots, produceMore, scrapLot, splitLot } from '@throughline/material'
import type { UnitOfWork } from '@throughline/platform'
import { endStaleHolds } from '../order/material-hold.ts'
import { allowedQuantity } from '../order/rules.ts'
import { insertPieces, listPieces, updateOrder, updatePieces } from '../order/store.ts'
import type { RunCase } from './held.ts'
import type { Piece } from './routing.ts'
import { quantityOf } from './routing.ts'
import type { Reported } from './rules.ts'
import { excessOf, nameOf, pieceFor } from './rules.ts'
import { settle } from './settle.ts'
import type { Report, StoredRun } from './store.ts'
import { addPartToRuns, getStoredRun, insertReports, listReports, updateRun } from './store.ts'

/** What somebody reports in one action. */
export interface Told {
  readonly good: Decimal
  /** Which pieces are good; empty = not said. */
  readonly goodPieces: readonly Id<'Lot'>[]
  readonly scrap: readonly (Reported & { readonly reasonId: Id<'Reason'> | null; readonly reason: string })[]
  readonly rework: readonly (Reported & { readonly reason: string })[]
}

/** Records good, scrap and rework of a run: scrap is rejected at once, rework goes back once the run is completed. */
export async function report(uow: UnitOfWork, held: RunCase, told: Told, at: Instant): Promise<void> {
  const { run, order } = held
  assertSomething(run, told)
  const work = { orderId: order.id, runId: run.id, nodeId: run.nodeId ?? order.siteId, at }
  const reports: Report[] = []
  let now = run
  for (const { reason, reasonId, ...entry } of told.scrap) {
    const piece = pieceFor(run, await piecesThere(uow, held, reports), entry)
    const isWhole = compare(entry.quantity, piece.quantity) === 0
    await scrapLot(uow, { ...work, lotId: piece.id, quantity: isWhole ? null : entry.quantity, reason })
    await updatePieces(uow.trx, order.id, [
      { ...piece, quantity: subtract(piece.quantity, entry.quantity), state: isWhole ? 'scrapped' : piece.state },
    ])
    now = { ...now, scrap: add(now.scrap, entry.quantity) }
    reports.push({ kind: 'scrap', quantity: entry.quantity, lotId: piece.id, reasonId, reason })
  }
  if (told.rework.length > 0) assertReworkPlanned(held)
  for (const { reason, ...entry } of told.rework) {
    const whole = pieceFor(run, await piecesThere(uow, held, reports), entry)
    const piece =
      compare(entry.quantity, whole.quantity) === 0 ? whole : await partOf(uow, held, whole, entry.quantity, at)
    now = { ...now, rework: add(now.rework, entry.quantity) }
    reports.push({ kind: 'rework', quantity: entry.quantity, lotId: piece.id, reasonId: null, reason })
  }
  const excess = excessOf(now, told.good)
  if (compare(excess, zero) > 0) {
    await makeMore(uow, held, await piecesThere(uow, held, reports), excess, at)
    now = { ...now, quantity: add(now.quantity, excess) }
  }
  if (compare(told.good, zero) > 0) {
    now = { ...now, good: add(now.good, told.good) }
    const there = await piecesThere(uow, held, reports)
    reports.push(...goodReports(run, there, await listReports(uow.trx, run.id), told))
  }
  // Parts that were split off stand in the row by now.
  const { subjects, version } = await getStoredRun(uow.trx, run.id)
  await updateRun(uow.trx, { ...now, subjects, version, lastAt: at })
  await insertReports(uow.trx, run.id, reports, { at, recordedAt: uow.at, by: uow.actor })
  if (told.scrap.length === 0 && compare(excess, zero) === 0) return
  const scrapped = subtract(now.scrap, run.scrap)
  const kept = await updateOrder(uow.trx, { ...order, scrap: add(order.scrap, scrapped) })
  await settle(uow, kept, [], at)
  await endStaleHolds(uow, kept.id)
}

/** An amount, or each of the pieces that somebody calls good. */
function goodReports(
  run: StoredRun,
  there: readonly Piece[],
  before: readonly Report[],
  { good, goodPieces }: Told,
): Report[] {
  if (goodPieces.length === 0) return [{ kind: 'good', quantity: good, lotId: null, reasonId: null, reason: '' }]
  const said = new Set(before.flatMap(({ kind, lotId }) => (kind === 'good' && lotId !== null ? [lotId] : [])))
  const pieces = [...new Set(goodPieces)].map((lotId) => {
    const piece = there.find(({ id }) => id === lotId)
    if (piece !== undefined && !said.has(lotId)) return piece
    throw new DomainError(
      'invalid',
      'execution.report-piece-unknown',
      piece === undefined
        ? `${nameOf(run)} does not hold this piece any more: it is scrapped, sent to rework or another operation's`
        : `${piece.code} is reported as good at ${nameOf(run)} already`,
      { lotId },
    )
  })
  if (compare(quantityOf(pieces), good) !== 0) {
    throw new DomainError(
      'invalid',
      'execution.report-quantity',
      `${good} good are reported of ${nameOf(run)}, and the pieces that are named are ${quantityOf(pieces)}: make them agree`,
    )
  }
  return pieces.map(({ id, quantity }) => ({ kind: 'good', quantity, lotId: id, reasonId: null, reason: '' }))
}

/** Pieces of a run that were neither scrapped nor sent to rework. */
async function piecesThere(uow: UnitOfWork, { run, order }: RunCase, reports: readonly Report[]): Promise<Piece[]> {
  const { subjects } = await getStoredRun(uow.trx, run.id)
  const sentBack = [...(await listReports(uow.trx, run.id)), ...reports].filter(({ kind }) => kind === 'rework')
  const gone = new Set(sentBack.map(({ lotId }) => lotId))
  return (await listPieces(uow.trx, order.id)).filter(
    ({ id, state }) => subjects.includes(id) && state !== 'scrapped' && !gone.has(id),
  )
}

/** Part of a lot becomes a lot of its own, which goes its own way from here. */
async function partOf(uow: UnitOfWork, held: RunCase, lot: Piece, quantity: Decimal, at: Instant): Promise<Piece> {
  const { run, order } = held
  const work = { orderId: order.id, runId: run.id, nodeId: run.nodeId ?? order.siteId, at }
  const { part } = await splitLot(uow, { ...work, lotId: lot.id, quantity, reason: `rework of ${nameOf(run)}` })
  const ordinal = Math.max(...(await listPieces(uow.trx, order.id)).map((each) => each.ordinal)) + 1
  const piece: Piece = { id: part.id, code: part.code, ordinal, quantity, state: 'in-work' }
  await updatePieces(uow.trx, order.id, [{ ...lot, quantity: subtract(lot.quantity, quantity) }])
  await insertPieces(uow.trx, order.id, [piece])
  await addPartToRuns(uow.trx, order.id, lot.id, piece.id)
  return piece
}

/** More came out than was planned: within the rules of the order it is made, of one lot. */
async function makeMore(
  uow: UnitOfWork,
  { run, order, definition }: RunCase,
  there: readonly Piece[],
  excess: Decimal,
  at: Instant,
): Promise<void> {
  const [piece] = there
  const [lot] = piece === undefined ? [] : await getLots(uow, [piece.id])
  const living = (await listPieces(uow.trx, order.id)).filter(({ state }) => state !== 'scrapped')
  const made = add(quantityOf(living), excess)
  const { high } = allowedQuantity(order.quantity, definition)
  if (piece === undefined || there.length > 1 || lot?.control !== 'lot' || compare(made, high) > 0) {
    throw new DomainError(
      'conflict',
      'execution.report-too-much',
      `${nameOf(run)} holds ${run.quantity}, and ${add(run.quantity, excess)} are reported: ${order.code} may make at most ${high} ${order.unit}`,
      { quantity: run.quantity, excess, high },
    )
  }
  const work = { orderId: order.id, runId: run.id, nodeId: run.nodeId ?? order.siteId, at }
  await produceMore(uow, { ...work, lotId: piece.id, quantity: excess, reason: `made at ${nameOf(run)}` })
  await updatePieces(uow.trx, order.id, [{ ...piece, quantity: add(piece.quantity, excess) }])
}

function assertSomething(run: StoredRun, { good, scrap, rework }: Told): void {
  const amounts = [...scrap, ...rework].map(({ quantity }) => quantity)
  if (compare(good, zero) < 0) {
    throw new DomainError('invalid', 'execution.report-quantity', `${good} good cannot be reported of ${nameOf(run)}`)
  }
  if (amounts.length > 0 || compare(good, zero) > 0) return
  throw new DomainError('invalid', 'execution.report-empty', `Nothing is reported of ${nameOf(run)}: say how much`)
}

function assertReworkPlanned({ run, operation }: RunCase): void {
  if (operation.reworkTo !== null) return
  throw new DomainError(
    'conflict',
    'execution.rework-not-planned',
    `${nameOf(run)} has no way back for rework: report scrap, or open a deviation`,
  )
}
