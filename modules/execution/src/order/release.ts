import type { Decimal, Instant } from '@throughline/kernel'
import { compare, DomainError, decimalOf } from '@throughline/kernel'
import { effectiveBom, effectiveDefinition, produce } from '@throughline/material'
import type { BillOfMaterial, MaterialDefinition, Order, WorkDefinition, WorkInstruction } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { listEffectiveInstructions } from '../instruction/store.ts'
import type { Plant } from '../places.ts'
import { candidatesOf } from '../places.ts'
import type { Piece } from '../run/routing.ts'
import { countRuns, planRuns } from '../run/routing.ts'
import { newRuns, tellOrder } from '../run/settle.ts'
import { insertRuns } from '../run/store.ts'
import { listDefinitions } from '../work-definition/store.ts'
import { allowedQuantity, assertOrderState, holdText, openHolds } from './rules.ts'
import { insertPieces, updateOrder } from './store.ts'

/** More runs than this are more than anybody dispatches: the order is made in parts. */
const mostRuns = 20_000

/** Everything that an order keeps from its release on. */
interface Pinned {
  readonly definition: WorkDefinition
  readonly bom: BillOfMaterial | undefined
  readonly instructions: readonly WorkInstruction[]
  readonly material: MaterialDefinition
}

/** Pins the versions that are effective now, makes the pieces and plans their way through the routing. */
export async function release(
  uow: UnitOfWork,
  plant: Plant,
  order: Order,
  codes: readonly string[],
  at: Instant,
): Promise<Order> {
  assertOrderState(order, ['created'], 'a release')
  const [hold] = openHolds(order.holds)
  if (hold !== undefined) throw refused(order, `it is ${holdText(hold)}`)
  const pinned = await pin(uow, plant, order)
  const quantity = quantityFor(order, pinned, codes)
  const count = pinned.material.control === 'serial' ? Number(quantity) : 1
  assertRunCount(order, countRuns(pinned.definition.operations, count))
  const lots = await produce(uow, {
    definitionId: pinned.material.id,
    quantity,
    codes,
    orderId: order.id,
    runId: null,
    nodeId: order.siteId,
    at,
    reason: `released as ${order.code}`,
  })
  const pieces = lots.map((lot, ordinal): Piece => {
    return { id: lot.id, code: lot.code, ordinal, quantity: lot.quantity, state: 'in-work' }
  })
  await insertPieces(uow.trx, order.id, pieces)
  const released = await updateOrder(uow.trx, {
    ...order,
    state: 'released',
    workDefinitionId: pinned.definition.id,
    bomId: pinned.bom?.id ?? null,
    instructions: Object.fromEntries(pinned.instructions.map(({ code, id }) => [code, id])),
    subjects: pieces.map(({ id }) => id),
    releasedAt: at,
  })
  await insertRuns(uow.trx, newRuns(released, planRuns(pinned.definition.operations, pieces), at))
  tellOrder(uow, released)
  return released
}

async function pin(uow: UnitOfWork, plant: Plant, order: Order): Promise<Pinned> {
  const material = await effectiveDefinition(uow, order.product)
  if (material === undefined) throw refused(order, `there is no effective material ${order.product}`)
  if (material.unit !== order.unit) {
    throw refused(
      order,
      `${order.product} is counted in ${material.unit} by now, and this was ordered in ${order.unit}`,
    )
  }
  const [definition, second] = await listDefinitions(uow.trx, { product: order.product, state: 'effective' })
  if (definition === undefined) throw refused(order, `there is no effective work definition for ${order.product}`)
  if (second !== undefined) {
    throw refused(order, `${definition.code} and ${second.code} both say how ${order.product} is made: retire one`)
  }
  const bom = await effectiveBom(uow, order.product, uow.at)
  const positions = new Set(bom?.lines.map(({ position }) => position))
  for (const { sequence, name, bomPositions } of definition.operations) {
    const missing = bomPositions.filter((position) => !positions.has(position))
    if (missing.length === 0) continue
    const where = bom === undefined ? 'there is no effective bill of material' : `its version ${bom.version} has none`
    throw refused(order, `operation ${sequence} (${name}) builds in position ${missing.join(', ')}, and ${where}`)
  }
  for (const { sequence, name, at } of definition.operations) {
    const place = 'path' in at ? { atPath: at.path, atClass: null } : { atPath: null, atClass: at.equipmentClass }
    if (candidatesOf(plant, { siteId: order.siteId, ...place }).length > 0) continue
    const what = 'path' in at ? at.path : `equipment of the class ${at.equipmentClass} at this site`
    throw refused(order, `operation ${sequence} (${name}) is done at ${what}, which there is not`)
  }
  return { definition, bom, material, instructions: await pinInstructions(uow, order, definition) }
}

async function pinInstructions(
  uow: UnitOfWork,
  order: Order,
  { operations }: WorkDefinition,
): Promise<WorkInstruction[]> {
  const wanted = [...new Set(operations.flatMap(({ instruction }) => instruction ?? []))]
  const effective = await listEffectiveInstructions(uow.trx, wanted)
  const missing = wanted.filter((code) => !effective.some((each) => each.code === code))
  if (missing.length > 0) throw refused(order, `there is no effective work instruction ${missing.join(', ')}`)
  return effective
}

/** Serials that are given may be more than ordered, within the rules, so that enough of them turn out well. */
function quantityFor(order: Order, { definition, material }: Pinned, codes: readonly string[]): Decimal {
  if (material.control !== 'serial' || codes.length === 0) return order.quantity
  const given = decimalOf(codes.length)
  const { high } = allowedQuantity(order.quantity, definition)
  if (compare(given, order.quantity) >= 0 && compare(given, high) <= 0) return given
  throw new DomainError(
    'invalid',
    'execution.release-codes',
    `${order.code} needs ${order.quantity} serial numbers, at most ${high}: ${codes.length} are given`,
    { given: codes.length, high },
  )
}

function assertRunCount(order: Order, count: number): void {
  if (count <= mostRuns) return
  throw refused(
    order,
    `it would be ${count} operations to dispatch, at most ${mostRuns}: split it, or let more pieces be worked on together`,
  )
}

const refused = (order: Pick<Order, 'code'>, why: string): DomainError =>
  new DomainError('conflict', 'execution.order-not-releasable', `${order.code} cannot be released: ${why}`)
