import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, DecimalSchema, InstantSchema, idOf, PositiveDecimal } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'
import { Gate } from './gate.ts'

export const OrderState = z.enum(['created', 'released', 'running', 'completed', 'closed', 'cancelled'])
export type OrderState = z.infer<typeof OrderState>

/** Why an order may not go on, who said so and since when. An order runs again when it has none. */
export const OrderHold = z.object({
  id: idOf<'OrderHold'>(),
  cause: z.enum(['person', 'material', 'deviation', 'equipment']),
  /** The lot or deviation, by its code. */
  subject: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  at: InstantSchema,
  ended: z.object({ by: z.string(), at: InstantSchema, reason: z.string() }).nullable(),
})
export type OrderHold = z.infer<typeof OrderHold>

/** An instruction to make an amount of a product by one version of its definition (ISA-95 Part 4, job order). */
export const Order = z.object({
  id: idOf<'Order'>(),
  /** `WO-20045`: unique in the plant. */
  code: Code,
  product: Code,
  quantity: DecimalSchema,
  unit: UcumUnit,
  siteId: idOf<'EquipmentNode'>(),
  state: OrderState,
  /** 1 is the most urgent. */
  priority: z.int().min(1).max(9),
  dueAt: InstantSchema.nullable(),
  /** Kept from release on, whatever becomes effective later; null before. */
  workDefinitionId: idOf<'WorkDefinition'>().nullable(),
  bomId: idOf<'BillOfMaterial'>().nullable(),
  /** Instruction versions by code, as they were effective at release. */
  instructions: z.record(z.string(), idOf<'WorkInstruction'>()),
  /** What is being made or was made: lots or serials. */
  subjects: z.array(idOf<'Lot'>()),
  good: DecimalSchema,
  scrap: DecimalSchema,
  holds: z.array(OrderHold),
  /** The order that this one was split from. */
  splitFrom: idOf<'Order'>().nullable(),
  /** What the order is for, in the words of whoever ordered: a customer's order, a project. */
  reference: z.string(),
  createdAt: InstantSchema,
  createdBy: z.string(),
  releasedAt: InstantSchema.nullable(),
  startedAt: InstantSchema.nullable(),
  completedAt: InstantSchema.nullable(),
  version: z.int().positive(),
})
export type Order = z.infer<typeof Order>

const orderId = idOf<'Order'>()
const version = z.int().positive()
const reason = z.string().min(3).max(500)
const priority = z.int().min(1).max(9)
/** When it was so, where that is entered later than it was; null = now. The ledger keeps when it was entered besides. */
const at = InstantSchema.nullable().default(null)

const newOrder = z.object({
  /** Null = the next number of the plant. */
  code: Code.nullable().default(null),
  product: Code,
  quantity: PositiveDecimal,
  siteId: idOf<'EquipmentNode'>(),
  priority: priority.default(5),
  dueAt: InstantSchema.nullable().default(null),
  reference: z.string().max(200).default(''),
})

export const listOrders = operation({
  name: 'execution.order.list',
  summary: 'List orders, the most urgent first',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    state: z.array(OrderState).optional(),
    held: z.boolean().optional(),
    product: Code.optional(),
    search: z.string().max(60).optional(),
    limit: z.int().positive().max(2000).default(200),
  }),
  output: z.object({ orders: z.array(Order), total: z.int() }),
})

export const getOrder = operation({
  name: 'execution.order.get',
  summary: 'Get one order by its id or code',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.union([z.object({ orderId }), z.object({ code: Code })]),
  output: Order,
})

export const createOrder = operation({
  name: 'execution.order.create',
  summary: 'Create an order for an amount of a product',
  permission: 'execution.order.write',
  scope: (input: { siteId: string }) => input.siteId,
  mutates: true,
  input: newOrder.extend({ at }),
  output: Order,
})

/** CSV with a header line: `code, product, quantity, site, priority, due, reference`. All or nothing; bad lines are named. */
export const importOrders = operation({
  name: 'execution.order.import',
  summary: 'Import orders from CSV: all of them, or none and every bad line named',
  permission: 'execution.order.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ csv: z.string().max(5_000_000), dryRun: z.boolean().default(false) }),
  output: z.object({ created: z.array(Order), wouldCreate: z.int(), known: z.array(z.string()) }),
})

/** Pins the effective definition, bill of material and instructions; makes the serials or the lot that will be worked on. */
export const releaseOrder = operation({
  name: 'execution.order.release',
  summary: 'Release an order to the floor: from now on it keeps its versions',
  permission: 'execution.order.release',
  scope: 'any',
  mutates: true,
  input: z.object({
    orderId,
    version,
    /** Serial numbers or the lot number of what will be made; empty = the next ones of the plant. */
    codes: z.array(Code).max(5000).default([]),
    /** Not before the order was made; the versions are those in force when it is entered. */
    at,
  }),
  output: Order,
})

export const setOrderPriority = operation({
  name: 'execution.order.set-priority',
  summary: 'Change the priority or due time of an order, with a reason',
  permission: 'execution.order.write',
  scope: 'any',
  mutates: true,
  input: z.object({ orderId, version, priority, dueAt: InstantSchema.nullable(), reason }),
  output: Order,
})

export const splitOrder = operation({
  name: 'execution.order.split',
  summary: 'Split pieces or an amount off an order into an order of their own, which keeps versions and history',
  permission: 'execution.order.write',
  scope: 'any',
  mutates: true,
  input: z.object({
    orderId,
    version,
    quantity: PositiveDecimal,
    /** Which serials go; empty = the last ones that were not begun. */
    subjects: z.array(idOf<'Lot'>()).max(5000).default([]),
    reason,
  }),
  output: z.object({ rest: Order, split: Order }),
})

export const holdOrder = operation({
  name: 'execution.order.hold',
  summary: 'Hold an order: nothing of it can be started or gone on with',
  permission: 'execution.order.hold',
  scope: 'any',
  mutates: true,
  input: z.object({ orderId, reason }),
  output: Order,
})

export const endOrderHold = operation({
  name: 'execution.order.end-hold',
  summary: 'End a hold of an order, with a reason; one that material or a deviation caused ends with its cause',
  permission: 'execution.order.release',
  scope: 'any',
  mutates: true,
  input: z.object({ orderId, holdId: idOf<'OrderHold'>(), reason }),
  output: Order,
})

export const cancelOrder = operation({
  name: 'execution.order.cancel',
  summary: 'Cancel an order that was not begun, with a reason',
  permission: 'execution.order.release',
  scope: 'any',
  mutates: true,
  input: z.object({ orderId, version, reason }),
  output: Order,
})

export const closeOrder = operation({
  name: 'execution.order.close',
  summary: 'Close a completed order: its record takes no more entries; an amount outside the rules needs a reason',
  permission: 'execution.order.release',
  scope: 'any',
  mutates: true,
  input: z.object({ orderId, version, reason: z.string().max(500).default('') }),
  output: Order,
})

export const getReadiness = operation({
  name: 'execution.order.get-readiness',
  summary: 'Tell what blocks an order: every gate of its next operations, for the caller and now',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ orderId }),
  output: z.array(
    z.object({ runId: idOf<'OperationRun'>(), sequence: z.int(), name: z.string(), gates: z.array(Gate) }),
  ),
})
