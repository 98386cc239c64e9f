import { z } from 'zod'
import { operation } from '../operation.ts'
import { BlobHash, Code, DecimalSchema, InstantSchema, idOf, PositiveDecimal, Window } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

/**
 * `planned`: an order makes it, or is to; it is available once it is made. `quarantine` waits for quality; `blocked` is held for a cause; `rejected`, `consumed`, `disposed` and `shipped` have no
 * way back, but that what was consumed and not used up after all is returned to its lot.
 */
export const LotStatus = z.enum([
  ...(['planned', 'quarantine', 'available', 'blocked', 'rejected'] as const),
  ...(['consumed', 'disposed', 'shipped'] as const),
])
export type LotStatus = z.infer<typeof LotStatus>

/** How long a lot has been out of its cold store, at `at`. */
export const OutLife = z.object({
  limitSeconds: z.int().positive(),
  usedSeconds: z.number().nonnegative(),
  /** Since when it is out; null = it is stored cold. */
  outSince: InstantSchema.nullable(),
  at: InstantSchema,
})
export type OutLife = z.infer<typeof OutLife>

/** An amount of one material with one history; of a serial material exactly one piece (ISA-95 Part 2, material lot). */
export const Lot = z.object({
  id: idOf<'Lot'>(),
  /** Lot or serial number, unique in the plant: what the label says. */
  code: Code,
  material: Code,
  definitionId: idOf<'MaterialDefinition'>(),
  control: z.enum(['lot', 'serial']),
  /** What is there now. */
  quantity: DecimalSchema,
  unit: UcumUnit,
  status: LotStatus,
  /** Why it has this status. */
  statusReason: z.string(),
  expiresAt: InstantSchema.nullable(),
  outLife: OutLife.nullable(),
  supplier: z.string().nullable(),
  supplierLot: z.string().nullable(),
  certificate: z.object({ number: z.string(), document: BlobHash.nullable() }).nullable(),
  /** Whether it can be issued only with a certificate. */
  certificateNeeded: z.boolean(),
  /** Where it lies or is worked; null = on its way, or gone. */
  nodeId: idOf<'EquipmentNode'>().nullable(),
  /** A place finer than the equipment model: `shelf 3`. */
  place: z.string(),
  containerId: idOf<'Container'>().nullable(),
  /** Deviations that concern it and are not closed, by code: it can be worked on, and neither released nor shipped. */
  openDeviations: z.array(Code),
  /** The order that made it, or makes it. */
  orderId: idOf<'Order'>().nullable(),
  madeAt: InstantSchema,
  /** Counts the changes. */
  version: z.int().positive(),
})
export type Lot = z.infer<typeof Lot>

/**
 * One thing that happened to material. What changes lots is one movement each, and a lot holds what was added to it less
 * what was taken from it. What goes into a piece adds nothing to its quantity: there the piece stands in `to` with 0, and
 * in `from` with 0 when some of it is returned. A lot that is only moved stands on both sides.
 */
export const MaterialMovement = z.object({
  id: idOf<'MaterialMovement'>(),
  kind: z.enum([
    'receive',
    'move',
    'take-out',
    'put-back',
    'consume',
    'produce',
    'split',
    'merge',
    'transform',
    'count',
    'dispose',
    'ship',
    'status',
    'return',
  ]),
  at: InstantSchema,
  recordedAt: InstantSchema,
  recordedBy: z.string(),
  /** What was taken from, and how much of it. */
  from: z.array(z.object({ lotId: idOf<'Lot'>(), quantity: DecimalSchema })),
  /** What was added to or made. */
  to: z.array(z.object({ lotId: idOf<'Lot'>(), quantity: DecimalSchema })),
  nodeId: idOf<'EquipmentNode'>().nullable(),
  orderId: idOf<'Order'>().nullable(),
  runId: idOf<'OperationRun'>().nullable(),
  reason: z.string(),
})
export type MaterialMovement = z.infer<typeof MaterialMovement>

const lotId = idOf<'Lot'>()
const version = z.int().positive()
const reason = z.string().min(3).max(500)
const nodeId = idOf<'EquipmentNode'>()
/** When it happened, if not now: never in the future, and not before the lot came to be. */
const at = InstantSchema.optional()

export const listLots = operation({
  name: 'material.lot.list',
  summary: 'List lots and serials, newest first, by material, status, place or order',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    material: Code.optional(),
    status: LotStatus.optional(),
    nodeId: nodeId.optional(),
    orderId: idOf<'Order'>().optional(),
    containerId: idOf<'Container'>().optional(),
    /** The beginning of a lot code or supplier's lot. */
    search: z.string().max(60).optional(),
    limit: z.int().positive().max(5000).default(200),
  }),
  output: z.object({ lots: z.array(Lot), total: z.int() }),
})

export const getLot = operation({
  name: 'material.lot.get',
  summary: 'Get one lot by its id or by the code on its label',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.union([z.object({ lotId }), z.object({ code: Code })]),
  output: Lot,
})

export const resolveScan = operation({
  name: 'material.scan.resolve',
  summary: 'Tell what a scanned code is: a lot, serial or container, read from GS1 or plain text',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({ scanned: z.string().min(1).max(500) }),
  output: z.object({
    /** What the code says by GS1 application identifiers, if it is one: `{ "01": "04012345678901", "10": "PP-2291" }`. */
    gs1: z.record(z.string(), z.string()).nullable(),
    lot: Lot.nullable(),
    containerId: idOf<'Container'>().nullable(),
    /** A gauge, tool or fixture, by its code. */
    assetCode: z.string().nullable(),
    /** Why it is none of these, in words; null = it is one. */
    unknown: z.string().nullable(),
  }),
})

export const receiveLot = operation({
  name: 'material.lot.receive',
  summary: 'Receive a lot from a supplier, with its certificate where the material needs one',
  permission: 'material.receive',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    material: Code,
    /** Null = the next number of the plant is given. */
    code: Code.nullable().default(null),
    quantity: PositiveDecimal,
    nodeId,
    place: z.string().max(100).default(''),
    supplier: z.string().min(1).max(200),
    supplierLot: z.string().min(1).max(100),
    certificate: z
      .object({ number: z.string().min(1).max(100), document: BlobHash.nullable().default(null) })
      .nullable(),
    /** As the supplier says; null = received at plus the shelf life. */
    expiresAt: InstantSchema.nullable().default(null),
    /** Seconds that it was out before it came, by the supplier's record. */
    outLifeUsedSeconds: z.number().nonnegative().default(0),
    at,
  }),
  output: Lot,
})

export const moveLot = operation({
  name: 'material.lot.move',
  summary: 'Move a lot to another place; taken out of or put back into a cold store, its out-life clock runs or rests',
  permission: 'material.move',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ lotId, nodeId, place: z.string().max(100).default(''), cold: z.boolean().optional(), at }),
  output: Lot,
})

export const splitLot = operation({
  name: 'material.lot.split',
  summary: 'Split quantities off a lot as lots of their own, with its history',
  permission: 'material.move',
  scope: 'any',
  mutates: true,
  input: z.object({
    lotId,
    parts: z
      .array(z.object({ code: Code.nullable().default(null), quantity: PositiveDecimal }))
      .min(1)
      .max(200),
    at,
  }),
  output: z.object({ rest: Lot, parts: z.array(Lot) }),
})

export const mergeLots = operation({
  name: 'material.lot.merge',
  summary: 'Put lots of one material together as a new lot; the earliest expiry and the longest time out hold',
  permission: 'material.move',
  scope: 'any',
  mutates: true,
  input: z.object({ lotIds: z.array(lotId).min(2).max(200), code: Code.nullable().default(null), reason, at }),
  output: Lot,
})

export const transformLot = operation({
  name: 'material.lot.transform',
  summary: 'Make a lot into one of another material without an order: relabelled, repacked, thawed',
  permission: 'material.move',
  scope: 'any',
  mutates: true,
  input: z.object({
    lotId,
    quantity: PositiveDecimal,
    material: Code,
    made: PositiveDecimal,
    code: Code.nullable().default(null),
    reason,
    at,
  }),
  output: z.object({ from: Lot, to: Lot }),
})

export const countLot = operation({
  name: 'material.lot.count',
  summary: 'Record what was counted of a lot; the difference is a movement with its reason',
  permission: 'material.count',
  scope: 'any',
  mutates: true,
  input: z.object({ lotId, version, counted: DecimalSchema, reason, at }),
  output: Lot,
})

export const setLotStatus = operation({
  name: 'material.lot.set-status',
  summary: 'Set the status of a lot: in quarantine, available, blocked or rejected; what was made of it is told',
  permission: 'material.status.write',
  scope: 'any',
  mutates: true,
  input: z.object({
    lotId,
    version,
    status: LotStatus.extract(['quarantine', 'available', 'blocked', 'rejected']),
    reason,
  }),
  output: z.object({
    lot: Lot,
    /** Lots and serials made of it, at any depth, that are still in the plant. */
    descendants: z.array(lotId),
  }),
})

export const disposeLot = operation({
  name: 'material.lot.dispose',
  summary: 'Dispose of a lot or of some of it: scrapped material is marked and has no way back',
  permission: 'material.dispose',
  scope: 'any',
  mutates: true,
  input: z.object({ lotId, quantity: PositiveDecimal, reason, at }),
  output: Lot,
})

export const listMovements = operation({
  name: 'material.movement.list',
  summary: 'List what happened to a lot, or at a place in a window, oldest first',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    lotId: lotId.optional(),
    orderId: idOf<'Order'>().optional(),
    window: Window.optional(),
    limit: z.int().positive().max(10_000).default(1000),
  }),
  output: z.object({
    movements: z.array(MaterialMovement),
    total: z.int(),
    /** What the lots are called that the movements name. */
    lots: z.array(z.object({ id: idOf<'Lot'>(), code: Code })),
  }),
})

export const reconcileMaterial = operation({
  name: 'material.lot.reconcile',
  summary: 'Balance what an order or a lot was given against what became of it',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.union([z.object({ lotId }), z.object({ orderId: idOf<'Order'>() })]),
  output: z.array(
    z.object({
      material: Code,
      unit: UcumUnit,
      received: DecimalSchema,
      produced: DecimalSchema,
      /** By splitting, merging and transforming; of an order also what it drew from stock. */
      transferredIn: DecimalSchema,
      transferredOut: DecimalSchema,
      /** Less what was returned. */
      consumed: DecimalSchema,
      disposed: DecimalSchema,
      shipped: DecimalSchema,
      /** Differences found by counting: below 0 when less was there. */
      counted: DecimalSchema,
      remaining: DecimalSchema,
      /** What nobody can account for: 0 when every movement is there. */
      unaccounted: DecimalSchema,
    }),
  ),
})
