import { z } from 'zod'
import { operation } from '../operation.ts'
import { BlobHash, Code, InstantSchema, idOf } from '../primitives.ts'

/** A single thing with a number of its own that work is done or measured with (ISA-95 Part 2, physical asset). */
export const Asset = z.object({
  id: idOf<'Asset'>(),
  /** As engraved or labelled: `TRQ-01-W3`. */
  code: Code,
  kind: z.enum(['gauge', 'tool', 'fixture', 'scale']),
  /** What operations ask for: `torque-wrench-10-50Nm`. */
  type: Code,
  description: z.string(),
  nodeId: idOf<'EquipmentNode'>().nullable(),
  state: z.enum(['in-service', 'out-of-service', 'retired']),
  needsCalibration: z.boolean(),
  intervalDays: z.int().positive().nullable(),
  /** Of the last good calibration; null = none yet. */
  calibratedAt: InstantSchema.nullable(),
  /** Exclusive: from then on it may not be used. */
  calibrationDueAt: InstantSchema.nullable(),
  /** Found out of tolerance and not yet calibrated well again. */
  outOfTolerance: z.boolean(),
})
export type Asset = z.infer<typeof Asset>

/** One calibration: what was found before, and left after. */
export const Calibration = z.object({
  id: idOf<'Calibration'>(),
  assetId: idOf<'Asset'>(),
  at: InstantSchema,
  asFound: z.enum(['in-tolerance', 'out-of-tolerance']),
  asLeft: z.enum(['in-tolerance', 'out-of-tolerance']),
  certificate: z.string(),
  document: BlobHash.nullable(),
  dueAt: InstantSchema.nullable(),
  comment: z.string(),
  recordedBy: z.string(),
  recordedAt: InstantSchema,
})
export type Calibration = z.infer<typeof Calibration>

/** Cleaning status of equipment, with its hold times. */
export const CleaningStatus = z.object({
  nodeId: idOf<'EquipmentNode'>(),
  status: z.enum(['clean', 'in-use', 'dirty', 'unknown']),
  since: InstantSchema.nullable(),
  /** Clean hold: from then on it must be cleaned again although unused. */
  cleanUntil: InstantSchema.nullable(),
  /** Dirty hold: cleaning must have begun by then. */
  cleanBy: InstantSchema.nullable(),
  /** The order or product that it was last used for. */
  lastUse: z.string().nullable(),
})
export type CleaningStatus = z.infer<typeof CleaningStatus>

const reason = z.string().min(3).max(500)

export const listAssets = operation({
  name: 'equipment.asset.list',
  summary: 'List gauges, tools, fixtures and scales, the soonest due for calibration first',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    code: Code.optional(),
    kind: Asset.shape.kind.optional(),
    nodeId: idOf<'EquipmentNode'>().optional(),
  }),
  output: z.array(Asset),
})

export const registerAsset = operation({
  name: 'equipment.asset.register',
  summary: 'Register a gauge, tool, fixture or scale',
  permission: 'equipment.asset.write',
  scope: 'plant',
  mutates: true,
  input: Asset.pick({
    code: true,
    kind: true,
    type: true,
    nodeId: true,
    needsCalibration: true,
    intervalDays: true,
  }).extend({
    description: z.string().max(500).default(''),
  }),
  output: Asset,
})

export const setAssetState = operation({
  name: 'equipment.asset.set-state',
  summary: 'Take an asset out of service, put it back, or retire it, with a reason',
  permission: 'equipment.asset.write',
  scope: 'any',
  mutates: true,
  input: z.object({ assetId: idOf<'Asset'>(), state: Asset.shape.state, reason }),
  output: Asset,
})

export const recordCalibration = operation({
  name: 'equipment.calibration.record',
  summary: 'Record a calibration; found out of tolerance, everything measured since the last good one is told',
  permission: 'equipment.calibration.write',
  scope: 'any',
  mutates: true,
  input: Calibration.pick({
    assetId: true,
    at: true,
    asFound: true,
    asLeft: true,
    certificate: true,
    dueAt: true,
  }).extend({
    document: BlobHash.nullable().default(null),
    comment: z.string().max(1000).default(''),
  }),
  output: z.object({ asset: Asset, calibration: Calibration }),
})

export const listCalibrations = operation({
  name: 'equipment.calibration.list',
  summary: 'List the calibrations of an asset, newest first',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({ assetId: idOf<'Asset'>() }),
  output: z.array(Calibration),
})

export const listCleaning = operation({
  name: 'equipment.cleaning.list',
  summary: 'List the cleaning status of equipment at or below a node',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional() }),
  output: z.array(CleaningStatus),
})

export const setCleaningRule = operation({
  name: 'equipment.cleaning.set-rule',
  summary: 'Set the clean and dirty hold times of equipment, with a reason; null = no limit',
  permission: 'equipment.asset.write',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>(),
    cleanHoldSeconds: z.int().positive().nullable(),
    dirtyHoldSeconds: z.int().positive().nullable(),
    reason,
  }),
  output: CleaningStatus,
})
