import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Client, Lot, OperationRun, Order } from '@throughline/model'
import {
  completeRun,
  createOrder,
  getLot,
  getOrder,
  getRun,
  listOrderRuns,
  receiveLot,
  recordStep,
  releaseOrder,
  startRun,
} from '@throughline/model'
import type { DataSet, TraceFile } from './data-set.ts'
import type { Places } from './definitions.ts'
import type { PartName } from './parts.ts'
import { assembly, codeOf, materialOf, partNames } from './parts.ts'
import { sequenceOf } from './plant-model.ts'

/** What came of the pieces of one assembly: all that is there now, whichever import made it. */
export interface Made {
  readonly orders: number
  readonly runs: number
}

/** Makes the parts of one assembly and puts them together; what was done by an earlier import is not done again. */
export async function makeAssembly(client: Client, places: Places, data: DataSet, serial: number): Promise<Made> {
  let made: Made = { orders: 0, runs: 0 }
  for (const part of partNames) {
    const traces = data.traces.filter((each) => each.part === part && each.serial === serial)
    if (traces.length === 0) await receive(client, places, data, part, serial)
    else made = sum(made, await mill(client, places, part, serial, traces))
  }
  return sum(made, await putTogether(client, places, serial))
}

const sum = (a: Made, b: Made): Made => ({ orders: a.orders + b.orders, runs: a.runs + b.runs })

/** A part that was milled with a trace: an order of its own, worked on when the machine says so. */
async function mill(
  client: Client,
  places: Places,
  part: PartName,
  serial: number,
  traces: readonly TraceFile[],
): Promise<Made> {
  const [first, ...rest] = traces.toSorted((a, b) => a.operation - b.operation)
  if (first === undefined) return { orders: 0, runs: 0 }
  const order = await orderFor(client, places, materialOf(part), serial, first.from)
  for (const trace of [first, ...rest]) {
    const run = await runOf(client, order, sequenceOf(trace.operation))
    const begun = run.state === 'ready' ? await begin(client, run, places.machine, trace.from) : run
    if (begun.state === 'running') await end(client, begun, trace.to)
  }
  return { orders: 1, runs: traces.length }
}

/** A part that has no trace: it comes in, for how it was made is not known. */
async function receive(client: Client, places: Places, data: DataSet, part: PartName, serial: number): Promise<void> {
  const code = codeOf(materialOf(part), serial)
  if ((await orUnknown(client(getLot, { code }))) !== undefined) return
  // What was inspected when it came in had come by then.
  const incoming = data.inspections.find((each) => each.part === part && each.kind === 'incoming')
  const at = incoming?.pieces.has(serial) === true && incoming.at !== null ? { at: incoming.at } : {}
  await client(receiveLot, {
    ...{ material: materialOf(part), code, quantity: '1', nodeId: places.store, ...at, certificate: null },
    supplier: 'NIST SMS test bed',
    supplierLot: `${part} ${serial}, made without a published trace`,
  })
}

/** When the parts were put together nobody published: it is recorded as of now. */
async function putTogether(client: Client, places: Places, serial: number): Promise<Made> {
  const order = await orderFor(client, places, assembly, serial, null)
  const run = await runOf(client, order, 10)
  const begun = run.state === 'ready' ? await begin(client, run, places.assembly, null) : run
  if (begun.state !== 'running') return { orders: 1, runs: 1 }
  const { entries } = await client(getRun, { runId: begun.id })
  for (const part of partNames) {
    if (entries.some(({ step, replacedAt }) => step === part && replacedAt === null)) continue
    const value = { type: 'scan', code: codeOf(materialOf(part), serial) } as const
    await client(recordStep, { runId: begun.id, step: part, value })
  }
  await end(client, (await client(getRun, { runId: begun.id })).run, null)
  return { orders: 1, runs: 1 }
}

async function orderFor(
  client: Client,
  { site }: Places,
  product: string,
  serial: number,
  at: Instant | null,
): Promise<Order> {
  const code = codeOf(`${product}-ORDER`, serial)
  const known = await orUnknown(client(getOrder, { code }))
  const reference = 'NIST SMS test bed, published data'
  const order = known ?? (await client(createOrder, { code, product, quantity: '1', siteId: site, reference, at }))
  if (order.state !== 'created') return order
  const codes = [codeOf(product, serial)]
  return await client(releaseOrder, { orderId: order.id, version: order.version, codes, at })
}

/** The first doing of an operation. @throws DomainError `conflict` when the plant's order has no such operation */
async function runOf(client: Client, order: Order, sequence: number): Promise<OperationRun> {
  const runs = await client(listOrderRuns, { orderId: order.id })
  const run = runs.find((each) => each.sequence === sequence && each.attempt === 1)
  if (run !== undefined) return run
  const message = `${order.code} has no operation ${sequence}: the plant knows another routing of ${order.product}. Import into an empty plant`
  throw new DomainError('conflict', 'import.routing-other', message, { code: order.code, sequence })
}

const begin = (client: Client, { id }: OperationRun, nodeId: Places['site'], at: Instant | null) =>
  client(startRun, { runId: id, nodeId, at })

const end = (client: Client, { id, version }: OperationRun, at: Instant | null) =>
  client(completeRun, { runId: id, version, at })

async function orUnknown<Found extends Lot | Order>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not-found') return undefined
    throw error
  }
}
