import { findOrder } from '@throughline/execution'
import type { Id } from '@throughline/kernel'
import { add, DomainError, newId, zero } from '@throughline/kernel'
import type { AsBuilt, ConformityCertificate, Order } from '@throughline/model'
import {
  draftConformity,
  exportConformity,
  listConformity,
  listSignatures,
  releaseConformity,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { systemActor, timeTextIn } from '@throughline/platform'
import type { HandOut } from '../files.ts'
import { fileOf } from '../files.ts'
import { certificateDocument } from './document.ts'
import { concessionsOf, openPoints, statementOf } from './rules.ts'
import { listCertificates, lockDraft, nextNumber, putDraft, releaseDraft } from './store.ts'

type LotId = Id<'Lot'>

/** What the certificates are made of, and how a file is handed out. */
export interface ConformitySurroundings {
  /** The as-built record of a piece with everything in it, whoever asks. */
  readonly madeOf: (lotId: LotId) => Promise<AsBuilt>
  readonly zoneOf: (order: Order) => string
  readonly give: HandOut
}

const piecesAtMost = 200

/** Certificates of conformity: drafted out of as-built records, released by signature, handed out as PDF. */
export function registerConformity(platform: Platform, { madeOf, zoneOf, give }: ConformitySurroundings): void {
  const reader = systemActor('traceability.conformity')

  /** Before the transaction: to put records together takes a while for many pieces. */
  const gather = async (orderId: Id<'Order'>, lots: readonly LotId[]): Promise<AsBuilt[]> => {
    const pieces: AsBuilt[] = []
    for (const lotId of lots.length > 0 ? lots : await openPieces(platform, orderId)) pieces.push(await madeOf(lotId))
    return pieces
  }

  platform.handlePrepared(
    draftConformity,
    (_, { orderId, lots }) => gather(orderId, lots),
    async (uow, { orderId }, pieces) => {
      const order = await visibleOrder(uow, orderId)
      assertFit(order, pieces)
      const before = await lockDraft(uow.trx, orderId)
      const drafted = { draftedBy: uow.actor.name, draftedAt: uow.at, releasedBy: null, releasedAt: null }
      const certificate: ConformityCertificate = {
        id: before?.id ?? newId<'ConformityCertificate'>(uow.at),
        number: before?.number ?? (await nextNumber(uow.trx)),
        ...{ state: 'draft', ...contentOf(order, pieces), ...drafted },
      }
      await putDraft(uow.trx, certificate)
      return certificate
    },
  )

  platform.handlePrepared(
    releaseConformity,
    async (_, { orderId }) => {
      const draft = (await listCertificates(platform.db, orderId)).find(({ state }) => state === 'draft')
      return draft === undefined
        ? []
        : gather(
            orderId,
            draft.pieces.map(({ lotId }) => lotId),
          )
    },
    async (uow, { orderId }, pieces) => {
      const order = await visibleOrder(uow, orderId)
      const draft = await lockDraft(uow.trx, orderId)
      if (draft === undefined) throw noDraft(order)
      assertFit(order, pieces)
      if (JSON.stringify(concessionsOf(pieces)) !== JSON.stringify(inOrder(draft.concessions))) throw isBehind(draft)
      await releaseDraft(uow.trx, draft.id, uow.actor.name, uow.at)
      await uow.sign({ kind: 'traceability.conformity', id: draft.id })
      const state = 'released' as const
      return { ...draft, state, releasedBy: uow.actor.name, releasedAt: uow.at }
    },
  )

  platform.handle(listConformity, async (uow, { orderId }) => {
    await visibleOrder(uow, orderId)
    return listCertificates(uow.trx, orderId)
  })

  platform.handle(exportConformity, async (uow, { orderId, number }) => {
    const order = await visibleOrder(uow, orderId)
    const certificate = (await listCertificates(uow.trx, orderId)).find((each) => each.number === number)
    if (certificate === undefined) throw unknownNumber(order, number)
    if (certificate.state === 'draft') throw notReleased(number)
    const fileName = `certificate-of-conformity-${number}.pdf`
    return give(uow, fileName, async () => {
      const record = { kind: 'traceability.conformity', id: certificate.id }
      const signatures = await platform.run(listSignatures, reader, { record })
      const { plant } = await platform.ledger.status()
      const body = await certificateDocument({ certificate, plant, signatures, timeText: timeTextIn(zoneOf(order)) })
      return fileOf(fileName, 'application/pdf', body)
    })
  })
}

/** @throws DomainError `not-found`, `forbidden` */
async function visibleOrder(uow: UnitOfWork, orderId: Id<'Order'>): Promise<Order> {
  const order = await findOrder(uow.trx, orderId)
  if (order === undefined) {
    throw new DomainError('not-found', 'traceability.order-unknown', `There is no order ${orderId}`, { orderId })
  }
  await uow.assertWithin(order.siteId)
  return order
}

/** The pieces of an order that no released certificate holds. */
async function openPieces({ db }: Platform, orderId: Id<'Order'>): Promise<LotId[]> {
  const order = await findOrder(db, orderId)
  const certified = (await listCertificates(db, orderId)).filter(({ state }) => state === 'released')
  const held = new Set(certified.flatMap(({ pieces }) => pieces.map(({ lotId }) => lotId)))
  return (order?.subjects ?? []).filter((lotId) => !held.has(lotId)).slice(0, piecesAtMost + 1)
}

/** What is scrapped is no piece of a delivery, and nothing has to be said of it. */
const isGone = ({ lot }: AsBuilt): boolean => lot.status === 'rejected' || lot.status === 'disposed'

/** @throws DomainError `conflict` naming everything that is open, or that there is nothing to certify */
function assertFit(order: Order, all: readonly AsBuilt[]): void {
  const pieces = all.filter((piece) => !isGone(piece))
  const other = pieces.find(({ order: of }) => of?.id !== order.id)
  const points = [
    ...(other === undefined ? [] : [`${other.lot.code} was not made by ${order.code}`]),
    ...(all.length > piecesAtMost
      ? [`${order.code} has more than ${piecesAtMost} pieces: name those of one delivery`]
      : []),
    ...(pieces.length === 0 ? [`${order.code} has no good piece that is not on a certificate yet`] : []),
    ...new Set(pieces.flatMap(openPoints)),
  ]
  if (points.length === 0) return
  const [first = '', ...more] = points
  const rest = more.length === 0 ? '' : `; and ${more.length} more: ${more.slice(0, 20).join('; ')}`
  throw new DomainError(
    'conflict',
    'traceability.conformity-open',
    `Conformity cannot be stated while something is open. ${first}${rest}`,
    { order: order.code, points },
  )
}

function contentOf(order: Order, all: readonly AsBuilt[]) {
  const pieces = all.filter((piece) => !isGone(piece))
  const [first] = pieces
  const drawing = first?.product.drawing ?? null
  const concessions = concessionsOf(pieces)
  const versions = new Set(
    pieces.flatMap((piece) =>
      piece.versions.map(({ kind, code, version }) => `${kind.replaceAll('-', ' ')} ${code} version ${version}`),
    ),
  )
  return {
    ...{ orderId: order.id, orderCode: order.code, reference: order.reference, product: order.product },
    ...{ productName: first?.product.name ?? null, drawing, versions: [...versions], ordered: order.quantity },
    pieces: pieces.map(({ lot: { id, code, quantity, unit } }) => ({ lotId: id, code, quantity, unit })),
    quantity: pieces.reduce((sum, { lot }) => add(sum, lot.quantity), zero),
    unit: first?.lot.unit ?? '1',
    ...{ concessions, statement: statementOf({ drawing, concessions }) },
  }
}

/** As it comes out of the database the members of an object may stand in another order. */
const inOrder = (concessions: ConformityCertificate['concessions']): ConformityCertificate['concessions'] =>
  concessions.map(({ code, title, disposition, conclusion, pieces }) => ({
    code,
    title,
    disposition,
    conclusion,
    pieces,
  }))

const noDraft = ({ code }: Order): DomainError =>
  new DomainError(
    'conflict',
    'traceability.conformity-not-drafted',
    `${code} has no drafted certificate: draft it first`,
  )

const isBehind = ({ number }: ConformityCertificate): DomainError =>
  new DomainError(
    'conflict',
    'traceability.conformity-behind',
    `What was decided has changed since ${number} was drafted: draft it anew`,
  )

const notReleased = (number: string): DomainError =>
  new DomainError(
    'conflict',
    'traceability.conformity-not-released',
    `${number} is a draft: release it by your signature first`,
  )

const unknownNumber = ({ code }: Order, number: string): DomainError =>
  new DomainError(
    'not-found',
    'traceability.conformity-unknown',
    `${code} has no certificate of conformity ${number}`,
    { number },
  )
