import type { Decimal, Id, Instant } from '@throughline/kernel'
import { add, compare, DomainError, decimalOf, zero } from '@throughline/kernel'
import type { Lot } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { getDefinition } from '../definition/face.ts'
import { deleteReturnedEdges, listAncestors, netConsumed } from '../genealogy/store.ts'
import { recordMovement } from '../movement/record.ts'
import { giveCodes, lotSeries, serialSeries } from './codes.ts'
import type { IssueProblemKind } from './issue.ts'
import { assertIssuable } from './issue.ts'
import { assertPieces, endOfShelfLife, newLot, partOf } from './new-lot.ts'
import { ageBy } from './out-life.ts'
import { assertDivisible, assertEnough, assertHappened, assertHere, assertMade, assertUsable, taken } from './rules.ts'
import { putStatus } from './status.ts'
import { findLotByCode, insertLots, listLotsById, updateLots } from './store.ts'
import type { StoredLot } from './stored-lot.ts'
import { changed, lotAt } from './stored-lot.ts'
import { getStoredLots, lockStoredLot, lockStoredLots } from './take.ts'

type LotId = Id<'Lot'>

/** Why material moves: the work that it is for. */
export interface Work {
  readonly orderId: Id<'Order'> | null
  readonly runId: Id<'OperationRun'> | null
  /** Where it happens. */
  readonly nodeId: Id<'EquipmentNode'>
  /** When it happened: not in the future. */
  readonly at: Instant
}

/** A lot by its id or code, whatever the case of the code. */
export async function findLot(
  uow: Pick<UnitOfWork, 'trx' | 'at'>,
  asked: { readonly lotId: LotId } | { readonly code: string },
): Promise<Lot | undefined> {
  const found =
    'lotId' in asked ? (await listLotsById(uow.trx, [asked.lotId]))[0] : await findLotByCode(uow.trx, asked.code)
  return found && lotAt(found, uow.at)
}

/** The lots in the order asked for. @throws DomainError `not-found` naming the first that is not there */
export async function getLots(uow: Pick<UnitOfWork, 'trx' | 'at'>, ids: readonly LotId[]): Promise<Lot[]> {
  return (await getStoredLots(uow, ids)).map((lot) => lotAt(lot, uow.at))
}

/**
 * The lots as they stand now, in the order asked for; nobody else changes them until the transaction ends. Lock all that
 * one transaction needs in one call: then nobody waits in a circle.
 *
 * @throws DomainError `not-found`
 */
export async function lockLots(uow: UnitOfWork, ids: readonly LotId[]): Promise<Lot[]> {
  return (await lockStoredLots(uow, ids)).map((lot) => lotAt(lot, uow.at))
}

/**
 * Takes an amount of a lot into pieces or lots that are being worked on; a piece that ages outside was then out at least
 * as long as what went into it. What forbids to issue it is refused, but for the
 * kinds that somebody answered for (`overridden`); what is rejected or gone never goes in.
 *
 * @throws DomainError `conflict` (`material.lot-not-issuable`, `material.lot-too-little`, `material.lot-circle`, …)
 */
export async function consume(
  uow: UnitOfWork,
  asked: Work & {
    readonly lotId: LotId
    readonly quantity: Decimal
    /** What it goes into: at least one. */
    readonly into: readonly LotId[]
    readonly overridden?: readonly IssueProblemKind[]
    readonly reason?: string
  },
): Promise<Lot> {
  const { lotId, quantity, overridden = [], at, reason = '' } = asked
  const into = [...new Set(asked.into)]
  assertAmount(quantity)
  if (into.length === 0) throw nothingToGoInto()
  const [lot, ...pieces] = await lockStoredLots(uow, [lotId, ...into])
  if (lot === undefined) throw nothingToGoInto()
  assertHappened(at, uow.at, [lot, ...pieces])
  assertUsable(lot, 'consumed')
  assertMade(lot, 'used')
  for (const piece of pieces) assertUsable(piece, 'worked on')
  assertIssuable(lotAt(lot, uow.at), at, 'issued', overridden)
  assertEnough(lot, quantity)
  const above = new Set([lotId, ...(await listAncestors(uow.trx, [lotId]))])
  const circle = pieces.find(({ id }) => above.has(id))
  if (circle !== undefined) throw inACircle(lot, circle)
  const next = taken(lot, quantity, 'consumed', reason === '' ? 'used up' : reason)
  const { outClock } = lot
  const aged = pieces.flatMap((piece) =>
    outClock === null || piece.outClock === null
      ? []
      : [changed(piece, { outClock: ageBy(piece.outClock, outClock, at) })],
  )
  await updateLots(uow.trx, [next, ...aged])
  await recordMovement(uow, {
    kind: 'consume',
    ...workOf(asked),
    from: [{ lotId, quantity }],
    to: into.map((id) => ({ lotId: id, quantity: zero })),
    reason,
  })
  return lotAt(next, uow.at)
}

/**
 * Puts back what was consumed into `from` and not used up; a lot that was used up is available again. Returned in full, it
 * is no longer in the genealogy of those pieces.
 *
 * @throws DomainError `conflict` (`material.return-too-much`) when less went in
 */
export async function returnConsumed(
  uow: UnitOfWork,
  asked: Work & {
    readonly lotId: LotId
    readonly quantity: Decimal
    readonly from: readonly LotId[]
    readonly reason: string
  },
): Promise<Lot> {
  const { lotId, quantity, at, reason } = asked
  const from = [...new Set(asked.from)]
  assertAmount(quantity)
  if (from.length === 0) throw nothingToGoInto()
  const [lot, ...pieces] = await lockStoredLots(uow, [lotId, ...from])
  if (lot === undefined) throw nothingToGoInto()
  assertHappened(at, uow.at, [lot, ...pieces])
  if (lot.status !== 'consumed') assertHere(lot, 'put back')
  const { all, each } = await netConsumed(uow.trx, lotId, from)
  const most = [all, ...each].reduce((least, net) => (compare(net, least) < 0 ? net : least))
  if (compare(quantity, most) > 0) throw tooMuchBack(lot, quantity, most)
  const revived =
    lot.status === 'consumed' ? ({ status: 'available', statusReason: reason, nodeId: asked.nodeId } as const) : {}
  const next = changed(lot, { quantity: add(lot.quantity, quantity), ...revived })
  await updateLots(uow.trx, [next])
  await recordMovement(uow, {
    kind: 'return',
    ...workOf(asked),
    from: from.map((id) => ({ lotId: id, quantity: zero })),
    to: [{ lotId, quantity }],
    reason,
  })
  await deleteReturnedEdges(uow.trx, lotId, from)
  return lotAt(next, uow.at)
}

/**
 * Makes what an order will be worked on: of a serial product one lot of 1 for each piece, of another one lot of the whole
 * quantity. They are planned, at the place of the work, until `startShelfLife` says that they are made. Without codes they get the next ones of the plant.
 *
 * @throws DomainError `invalid` when codes and quantity do not fit, `conflict` (`material.lot-code-taken`)
 */
export async function produce(
  uow: UnitOfWork,
  asked: Work & {
    readonly definitionId: Id<'MaterialDefinition'>
    readonly quantity: Decimal
    readonly codes?: readonly string[]
    readonly reason?: string
  },
): Promise<Lot[]> {
  const { definitionId, quantity, codes = [], at, nodeId, orderId, reason = '' } = asked
  assertAmount(quantity)
  assertHappened(at, uow.at, [])
  const definition = await getDefinition(uow, definitionId)
  assertPieces(definition, quantity, false)
  const count = definition.control === 'serial' ? Number(quantity) : 1
  if (count > mostPieces || (codes.length > 0 && codes.length !== count)) throw codesDoNotFit(count, codes.length)
  const asks = codes.length > 0 ? codes : Array.from({ length: count }, () => null)
  const series = definition.control === 'serial' ? serialSeries(definition.code) : lotSeries
  const given = await giveCodes(uow.trx, asks, series)
  const each = definition.control === 'serial' ? decimalOf(1) : quantity
  const lots = given.map((code) => planned(newLot(definition, { code, quantity: each, nodeId, at, orderId }, uow.at)))
  await insertLots(uow.trx, lots)
  const to = lots.map((lot) => ({ lotId: lot.id, quantity: lot.quantity }))
  await recordMovement(uow, { kind: 'produce', ...workOf(asked), to, reason })
  return lots.map((lot) => lotAt(lot, uow.at))
}

/** What is only planned is not to be used and does not age: its clocks begin with what goes into it, and with `startShelfLife`. */
const planned = (lot: StoredLot): StoredLot => ({
  ...lot,
  status: 'planned',
  isPlanned: true,
  expiresAt: null,
  outClock: lot.outClock && { ...lot.outClock, since: null },
})

/** Lots are made now: they are available unless quality holds them, their shelf life begins, and their out-life unless it began with what went into them. */
export async function startShelfLife(
  uow: UnitOfWork,
  { lotIds, at }: { readonly lotIds: readonly LotId[]; readonly at: Instant },
): Promise<Lot[]> {
  const lots = await lockStoredLots(uow, lotIds)
  assertHappened(at, uow.at, lots)
  const started: StoredLot[] = []
  for (const lot of lots) {
    const { shelfLifeDays } = await getDefinition(uow, lot.definitionId)
    const { outClock, madeAt } = lot
    const isFresh = outClock !== null && outClock.since === null && outClock.changedAt === madeAt
    started.push(
      changed(lot, {
        ...(lot.status === 'planned' ? { status: 'available' } : {}),
        isPlanned: false,
        expiresAt: shelfLifeDays === null ? lot.expiresAt : endOfShelfLife(shelfLifeDays, at),
        outClock: isFresh ? { ...outClock, since: at, changedAt: at } : outClock,
      }),
    )
  }
  await updateLots(uow.trx, started)
  return started.map((lot) => lotAt(lot, uow.at))
}

/** More of a lot than was planned for it came out. @throws DomainError `conflict` for a piece, or for what is gone */
export async function produceMore(
  uow: UnitOfWork,
  asked: Work & { readonly lotId: LotId; readonly quantity: Decimal; readonly reason: string },
): Promise<Lot> {
  const { lotId, quantity, at, reason } = asked
  assertAmount(quantity)
  const lot = await lockStoredLot(uow, lotId)
  assertHappened(at, uow.at, [lot])
  assertUsable(lot, 'added to')
  assertDivisible(lot, 'added to')
  const next = changed(lot, { quantity: add(lot.quantity, quantity) })
  await updateLots(uow.trx, [next])
  await recordMovement(uow, { kind: 'produce', ...workOf(asked), to: [{ lotId, quantity }], reason })
  return lotAt(next, uow.at)
}

/** Less of a lot than was planned for it came out: it was never made. @throws DomainError `conflict` when more was used */
export async function produceLess(
  uow: UnitOfWork,
  asked: Work & { readonly lotId: LotId; readonly quantity: Decimal; readonly reason: string },
): Promise<Lot> {
  const { lotId, quantity, at, reason } = asked
  assertAmount(quantity)
  const lot = await lockStoredLot(uow, lotId)
  assertHappened(at, uow.at, [lot])
  assertUsable(lot, 'reduced')
  assertEnough(lot, quantity)
  const next = taken(lot, quantity, 'disposed', reason)
  await updateLots(uow.trx, [next])
  await recordMovement(uow, { kind: 'produce', ...workOf(asked), from: [{ lotId, quantity }], reason })
  return lotAt(next, uow.at)
}

/**
 * Marks what became scrap: a piece, or a whole lot, is rejected; less than a whole lot is split off as a lot of its own and
 * rejected. Whoever works with what was made of it is told.
 */
export async function scrapLot(
  uow: UnitOfWork,
  asked: Work & { readonly lotId: LotId; readonly quantity: Decimal | null; readonly reason: string },
): Promise<{ lot: Lot; scrapped: Lot }> {
  const { lotId, quantity, at, reason, orderId, runId } = asked
  const lot = await lockStoredLot(uow, lotId)
  assertHappened(at, uow.at, [lot])
  assertUsable(lot, 'scrapped')
  if (quantity === null || compare(quantity, lot.quantity) === 0) {
    const put = await putStatus(uow, lot, 'rejected', reason, at, { orderId, runId })
    const scrapped = lotAt(put.lot, uow.at)
    return { lot: scrapped, scrapped }
  }
  assertAmount(quantity)
  const { rest, parts } = await splitOff(uow, lot, [{ code: null, quantity }], at, { ...workOf(asked), reason })
  const [part] = parts
  if (part === undefined) throw nothingToGoInto()
  const put = await putStatus(uow, part, 'rejected', reason, at, { orderId, runId })
  return { lot: lotAt(rest, uow.at), scrapped: lotAt(put.lot, uow.at) }
}

/** Splits an amount off a lot as a lot of its own, with its history. @throws DomainError `conflict` for a piece, or for what is gone */
export async function splitLot(
  uow: UnitOfWork,
  asked: Work & { readonly lotId: LotId; readonly quantity: Decimal; readonly reason: string },
): Promise<{ rest: Lot; part: Lot }> {
  const { lotId, quantity, at, reason } = asked
  assertAmount(quantity)
  const lot = await lockStoredLot(uow, lotId)
  assertHappened(at, uow.at, [lot])
  assertUsable(lot, 'split')
  const { rest, parts } = await splitOff(uow, lot, [{ code: null, quantity }], at, { ...workOf(asked), reason })
  const [part] = parts
  if (part === undefined) throw nothingToGoInto()
  return { rest: lotAt(rest, uow.at), part: lotAt(part, uow.at) }
}

/** Says that another order makes these now: what was split off an order goes on in one of its own. */
export async function giveToOrder(
  uow: UnitOfWork,
  { lotIds, orderId }: { readonly lotIds: readonly LotId[]; readonly orderId: Id<'Order'> },
): Promise<Lot[]> {
  const lots = (await lockStoredLots(uow, lotIds)).map((lot) => changed(lot, { orderId }))
  await updateLots(uow.trx, lots)
  return lots.map((lot) => lotAt(lot, uow.at))
}

/** Splits parts off a lot that is held already. */
export async function splitOff(
  uow: UnitOfWork,
  lot: StoredLot,
  parts: readonly { readonly code: string | null; readonly quantity: Decimal }[],
  at: Instant,
  about: Partial<Work> & { readonly reason?: string },
): Promise<{ rest: StoredLot; parts: StoredLot[] }> {
  assertDivisible(lot, 'split')
  const whole = parts.map(({ quantity }) => quantity).reduce(add, zero)
  assertEnough(lot, whole)
  const codes = await giveCodes(
    uow.trx,
    parts.map(({ code }) => code),
    lotSeries,
  )
  const made = parts.map(({ quantity }, index) => partOf(lot, codes[index] ?? '', quantity, at, uow.at))
  const rest = taken(lot, whole, 'consumed', 'split up')
  await updateLots(uow.trx, [rest])
  await insertLots(uow.trx, made)
  await recordMovement(uow, {
    kind: 'split',
    at,
    nodeId: lot.nodeId,
    lastNodeId: lot.lastNodeId,
    orderId: about.orderId ?? null,
    runId: about.runId ?? null,
    reason: about.reason ?? '',
    from: [{ lotId: lot.id, quantity: whole }],
    to: made.map(({ id, quantity }) => ({ lotId: id, quantity })),
  })
  return { rest, parts: made }
}

const mostPieces = 5000

const workOf = ({ orderId, runId, nodeId, at }: Work) => ({ orderId, runId, nodeId, lastNodeId: nodeId, at })

function assertAmount(quantity: Decimal): void {
  if (compare(quantity, zero) > 0) return
  throw new DomainError('invalid', 'material.quantity-invalid', `${quantity} is no amount: it must be above 0`)
}

const nothingToGoInto = (): DomainError =>
  new DomainError('invalid', 'material.consume-into-nothing', 'Name the piece or lot that the material goes into')

const inACircle = (lot: StoredLot, piece: StoredLot): DomainError =>
  new DomainError('conflict', 'material.lot-circle', `${lot.code} is made of ${piece.code} and cannot go into it`, {
    lot: lot.code,
    piece: piece.code,
  })

const tooMuchBack = (lot: StoredLot, quantity: Decimal, most: Decimal): DomainError =>
  new DomainError(
    'conflict',
    'material.return-too-much',
    `${quantity} ${lot.unit} of ${lot.code} cannot come back: ${compare(most, zero) > 0 ? most : '0'} ${lot.unit} went in`,
    { most },
  )

const codesDoNotFit = (count: number, codes: number): DomainError =>
  new DomainError(
    'invalid',
    'material.codes-do-not-fit',
    codes === 0
      ? `${count} pieces are more than ${mostPieces} at once: make more than one order`
      : `${count} ${count === 1 ? 'lot is' : 'pieces are'} made and ${codes} codes are given: give one each, or none`,
  )
