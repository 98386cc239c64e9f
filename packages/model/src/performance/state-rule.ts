import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName } from '../primitives.ts'
import { MachineState } from './machine-state.ts'

const tag = PathName

/** How the state follows from signals. Tags are named as in the equipment class. */
export const StateSignal = z.discriminatedUnion('kind', [
  /** A PackML state by name or number (ANSI/ISA-TR88.00.02), and the unit mode where there is such a tag (`UnitModeCurrent`). */
  z.object({ kind: z.literal('packml'), tag, mode: tag.optional() }),
  /** MTConnect `Execution`, with `ControllerMode` and `FunctionalMode` where there are such tags. */
  z.object({ kind: z.literal('mtconnect'), execution: tag, mode: tag.nullable(), functionalMode: tag.nullable() }),
  /** A text, number or truth value; each value named means a state, all others `otherwise`. */
  z.object({
    kind: z.literal('values'),
    tag,
    states: z.record(z.string(), MachineState),
    otherwise: MachineState,
  }),
  /** Truth values by precedence: the first that is true decides, none = `otherwise`. */
  z.object({
    kind: z.literal('bits'),
    bits: z
      .array(z.object({ tag, state: MachineState }))
      .min(1)
      .max(20),
    otherwise: MachineState,
  }),
  /** Only a counter: running while it counts, `idle` once it has been still for so many ideal cycles. */
  z.object({ kind: z.literal('counts'), tag, cycles: z.number().min(1).max(1000) }),
  /** No signal: people tell. */
  z.object({ kind: z.literal('manual') }),
])
export type StateSignal = z.infer<typeof StateSignal>

/** A counter of a machine. */
export const CounterSignal = z.object({
  tag,
  /** After this many comes 0 again; null = it never rolls over. */
  modulus: z.int().positive().nullable(),
})
export type CounterSignal = z.infer<typeof CounterSignal>

/** One version of the rule of an equipment class; the newest holds from its instant on, the past keeps its own. */
export const StateRule = z.object({
  id: idOf<'StateRule'>(),
  className: PathName,
  version: z.int().positive(),
  effectiveFrom: InstantSchema,
  signal: StateSignal,
  /** Tag that says why the machine stands: reasons know such codes. */
  reasonTag: tag.nullable(),
  /** Tags that name the order (or lot) and the product in work. */
  orderTag: tag.nullable(),
  productTag: tag.nullable(),
  /** What is counted; with two of the three, the third follows. */
  total: CounterSignal.nullable(),
  good: CounterSignal.nullable(),
  scrap: CounterSignal.nullable(),
  rework: CounterSignal.nullable(),
  /** Ideal seconds an item where no standard of the product says otherwise; null = none, then effectiveness is unknown. */
  idealCycleSeconds: z.number().positive().nullable(),
  /** A stop shorter than this is a minor stop: a loss of speed, not of availability. */
  minorStopSeconds: z.number().nonnegative(),
  /** Without any reading of the machine for longer than this, its state is not known from the last reading on. */
  silenceSeconds: z.number().positive(),
  reason: z.string(),
  recordedBy: z.string(),
})
export type StateRule = z.infer<typeof StateRule>

export const listStateRules = operation({
  name: 'performance.state-rule.list',
  summary: 'List the rules by which machine states follow from tags, all versions, by class',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ className: PathName.optional() }),
  output: z.array(StateRule),
})

export const setStateRule = operation({
  name: 'performance.state-rule.set',
  summary: 'Set the next version of the state rule of an equipment class, from an instant on, with a reason',
  permission: 'performance.model.write',
  scope: 'plant',
  mutates: true,
  input: StateRule.omit({ id: true, version: true, recordedBy: true, effectiveFrom: true }).extend({
    /** Null = from the beginning: the whole past is told by it, too. */
    effectiveFrom: InstantSchema.nullable().default(null),
    reason: z.string().min(3).max(500),
  }),
  output: StateRule,
})

/** How fast one product can be made on one class (or one machine) of equipment. */
export const ProductStandard = z.object({
  id: idOf<'ProductStandard'>(),
  className: PathName,
  /** Null = every machine of the class. */
  nodeId: idOf<'EquipmentNode'>().nullable(),
  product: z.string().min(1).max(100),
  idealCycleSeconds: z.number().positive(),
  /** Scrap that is planned, a share of what is produced, 0 to 1. */
  plannedScrapRatio: z.number().min(0).max(1).default(0),
})
export type ProductStandard = z.infer<typeof ProductStandard>

export const listStandards = operation({
  name: 'performance.standard.list',
  summary: 'List how fast each product can be made on which equipment',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ className: PathName.optional() }),
  output: z.array(ProductStandard),
})

export const setStandard = operation({
  name: 'performance.standard.set',
  summary: 'Set the ideal cycle of a product on a class of equipment or one machine, with a reason',
  permission: 'performance.model.write',
  scope: 'plant',
  mutates: true,
  input: ProductStandard.omit({ id: true }).extend({ reason: z.string().min(3).max(500) }),
  output: ProductStandard,
})
