import { z } from 'zod'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName } from '../primitives.ts'
import { DataType } from '../sample.ts'
import { UcumUnit } from '../unit.ts'

/** A tag that every instance of the class has; the instance adds the address. */
export const TagTemplate = z
  .object({
    name: PathName,
    description: z.string().max(500).default(''),
    dataType: DataType,
    unit: UcumUnit.default('1'),
    rangeLow: z.number().nullable().default(null),
    rangeHigh: z.number().nullable().default(null),
    /** Normal operating band, inside the range: what the analog indicator shades. */
    normalLow: z.number().nullable().default(null),
    normalHigh: z.number().nullable().default(null),
    /** In the tag's unit: a smaller change than this is not reported. 0 = report every change. */
    deadband: z.number().nonnegative().default(0),
    /** Decimals that mean something, for display. */
    decimals: z.int().min(0).max(9).default(2),
    writable: z.boolean().default(false),
  })
  .refine((tag) => tag.rangeLow === null || tag.rangeHigh === null || tag.rangeLow < tag.rangeHigh, {
    error: 'rangeLow must be below rangeHigh',
    path: ['rangeLow'],
  })
  .refine((tag) => tag.normalLow === null || tag.normalHigh === null || tag.normalLow < tag.normalHigh, {
    error: 'normalLow must be below normalHigh',
    path: ['normalLow'],
  })
  .refine((tag) => isWithin(tag.normalLow, tag) && isWithin(tag.normalHigh, tag), {
    error: 'the normal band must lie inside the range',
    path: ['normalLow'],
  })
export type TagTemplate = z.infer<typeof TagTemplate>

/** One version of an equipment class (ISA-95 Part 2). A published version never changes; a new version replaces it. */
export const EquipmentClassVersion = z.object({
  id: idOf<'EquipmentClassVersion'>(),
  name: PathName,
  version: z.int().positive(),
  state: z.enum(['draft', 'published']),
  description: z.string(),
  tags: z.array(TagTemplate),
  publishedAt: InstantSchema.nullable(),
})
export type EquipmentClassVersion = z.infer<typeof EquipmentClassVersion>

/** A class shapes every instance of it: who designs it does not let it loose alone. */
export const classVersionSignatures = signaturePolicy({
  record: 'equipment.class_version',
  title: 'Equipment class {name}, version {version}',
  read: 'equipment.model.read',
  steps: [
    { meaning: 'approved', permission: 'equipment.model.approve' },
    { meaning: 'released', permission: 'equipment.model.release' },
  ],
  authorMaySign: false,
})

const classContent = {
  name: PathName,
  description: z.string().max(500).default(''),
  tags: z.array(TagTemplate),
}

export const listClasses = operation({
  name: 'equipment.class.list',
  summary: 'List the versions of all equipment classes, by name and version',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(EquipmentClassVersion),
})

export const draftClass = operation({
  name: 'equipment.class.draft',
  summary: 'Write the draft of the next version of an equipment class',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object(classContent),
  output: EquipmentClassVersion,
})

export const publishClass = operation({
  name: 'equipment.class.publish',
  summary: 'Publish a draft: from now on this version never changes',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ classId: idOf<'EquipmentClassVersion'>() }),
  output: EquipmentClassVersion,
})

function isWithin(value: number | null, range: { rangeLow: number | null; rangeHigh: number | null }): boolean {
  if (value === null) return true
  return (range.rangeLow === null || value >= range.rangeLow) && (range.rangeHigh === null || value <= range.rangeHigh)
}
