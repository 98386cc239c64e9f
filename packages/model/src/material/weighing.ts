import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, DecimalSchema, InstantSchema, idOf, PositiveDecimal } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

/** An amount weighed out of a lot for an order: tare, gross, net, and whether the net is within what the target allows. */
export const Weighing = z.object({
  id: idOf<'Weighing'>(),
  lotId: idOf<'Lot'>(),
  orderId: idOf<'Order'>().nullable(),
  /** Code of the scale; it was in calibration then. */
  scale: Code,
  unit: UcumUnit,
  target: PositiveDecimal,
  /** How far the net may be below and above the target. */
  below: DecimalSchema,
  above: DecimalSchema,
  tare: DecimalSchema,
  gross: DecimalSchema,
  net: DecimalSchema,
  within: z.boolean(),
  /** A reading of the scale's tag, or typed by a person: then a second one confirms it before it counts. */
  source: z.enum(['scale', 'typed']),
  weighedBy: z.string(),
  weighedAt: InstantSchema,
  /** The second person; null = not confirmed yet, and nothing was taken from the lot. */
  confirmedBy: z.string().nullable(),
  confirmedAt: InstantSchema.nullable(),
  /** The dispensed lot that it became. */
  dispensedLotId: idOf<'Lot'>().nullable(),
})
export type Weighing = z.infer<typeof Weighing>

export const weigh = operation({
  name: 'material.weighing.weigh',
  summary: 'Weigh an amount out of a lot for an order; outside the tolerance it is refused',
  permission: 'material.weigh',
  scope: 'any',
  mutates: true,
  input: z.object({
    lotId: idOf<'Lot'>(),
    orderId: idOf<'Order'>().nullable().default(null),
    scale: Code,
    target: PositiveDecimal,
    below: DecimalSchema,
    above: DecimalSchema,
    tare: DecimalSchema,
    gross: PositiveDecimal,
    source: Weighing.shape.source,
  }),
  output: Weighing,
})

export const confirmWeighing = operation({
  name: 'material.weighing.confirm',
  summary: 'Confirm a weighing as the second person: the net is taken from the lot and becomes a dispensed lot',
  permission: 'material.weigh',
  scope: 'any',
  mutates: true,
  input: z.object({ weighingId: idOf<'Weighing'>(), code: Code.nullable().default(null) }),
  output: Weighing,
})

export const listWeighings = operation({
  name: 'material.weighing.list',
  summary: 'List weighings of an order or lot, newest first',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({ orderId: idOf<'Order'>().optional(), lotId: idOf<'Lot'>().optional() }),
  output: z.array(Weighing),
})
