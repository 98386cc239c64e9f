import { z } from 'zod'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { Code, DrawnFrom, InstantSchema, idOf, OvertakenBy, PositiveDecimal, VersionState } from '../primitives.ts'
import { UcumUnit } from '../unit.ts'

const content = {
  /** The part or material number. */
  code: Code,
  name: z.string().min(1).max(200),
  kind: z.enum(['raw', 'intermediate', 'product', 'packaging', 'consumable']),
  unit: UcumUnit,
  /** `serial`: every piece has its own number, and a lot is one piece. */
  control: z.enum(['lot', 'serial']),
  shelfLifeDays: z.int().positive().nullable().default(null),
  /** How long it may be out of its cold store in all before it is worked; null = it does not age outside. */
  outLifeSeconds: z.int().positive().nullable().default(null),
  /** A lot without the supplier's certificate cannot be issued. */
  needsCertificate: z.boolean().default(false),
  /** A lot comes into quarantine, and quality makes it available. */
  quarantineOnReceipt: z.boolean().default(true),
  /** GS1 Global Trade Item Number, 14 digits with its check digit. */
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .nullable()
    .default(null),
}

/** One version of a kind of material (ISA-95 Part 2, material definition). An effective version never changes. */
export const MaterialDefinition = z.object({
  id: idOf<'MaterialDefinition'>(),
  ...content,
  version: z.int().positive(),
  state: VersionState,
  changeReason: z.string(),
  draftedBy: z.string(),
  draftedAt: InstantSchema,
  effectiveAt: InstantSchema.nullable(),
})
export type MaterialDefinition = z.infer<typeof MaterialDefinition>

signaturePolicy({
  record: 'material.definition',
  title: 'Material {code}, version {version}',
  read: 'material.read',
  steps: [
    { meaning: 'reviewed', permission: 'material.definition.review' },
    { meaning: 'released', permission: 'material.definition.release' },
  ],
  authorMaySign: false,
})

/** A part of a product, at one place of the list. */
export const BomLine = z.object({
  /** `10`, `20`: what a drawing calls the item number. */
  position: z.int().positive(),
  material: Code,
  /** Per unit of the product. */
  quantity: PositiveDecimal,
  unit: UcumUnit,
  /** Other materials that may stand in, by code. */
  alternates: z.array(Code).max(20).default([]),
  /** Built in from this instant on (inclusive) and up to that one (exclusive); null = no bound. */
  effectiveFrom: InstantSchema.nullable().default(null),
  effectiveTo: InstantSchema.nullable().default(null),
  /** Or by serial number of the product: first and last one, compared as text of one length. */
  firstSerial: Code.nullable().default(null),
  lastSerial: Code.nullable().default(null),
})
export type BomLine = z.infer<typeof BomLine>

const bomContent = {
  /** The product that it is the list of. */
  product: Code,
  lines: z.array(BomLine).min(1).max(500),
}

/** One version of a bill of material. */
export const BillOfMaterial = z.object({
  id: idOf<'BillOfMaterial'>(),
  ...bomContent,
  version: z.int().positive(),
  state: VersionState,
  changeReason: z.string(),
  draftedBy: z.string(),
  draftedAt: InstantSchema,
  effectiveAt: InstantSchema.nullable(),
  drawnFrom: DrawnFrom,
  overtakenBy: OvertakenBy,
})
export type BillOfMaterial = z.infer<typeof BillOfMaterial>

signaturePolicy({
  record: 'material.bom',
  title: 'Bill of material of {product}, version {version}',
  read: 'material.read',
  steps: [
    { meaning: 'reviewed', permission: 'material.definition.review' },
    { meaning: 'released', permission: 'material.definition.release' },
  ],
  authorMaySign: false,
})

const changeReason = z.string().min(3).max(500)

export const listMaterialDefinitions = operation({
  name: 'material.definition.list',
  summary: 'List the newest version of each material, or all versions of one',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({ code: Code.optional(), state: VersionState.optional() }),
  output: z.array(MaterialDefinition),
})

export const draftMaterialDefinition = operation({
  name: 'material.definition.draft',
  summary: 'Draft a material, or the next version of one, with the reason of the change',
  permission: 'material.definition.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ ...content, changeReason }),
  output: MaterialDefinition,
})

export const adoptMaterialDefinitions = operation({
  name: 'material.definition.adopt',
  summary: 'Take over materials and bills of material released elsewhere, at commissioning: what exists stays as it is',
  permission: 'material.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({
    materials: z.array(z.object(content)).max(2000).default([]),
    boms: z.array(z.object(bomContent)).max(2000).default([]),
    /** By which they were released: its number and version. */
    document: z.string().min(3).max(200),
    reason: changeReason,
  }),
  output: z.object({
    materials: z.array(MaterialDefinition),
    boms: z.array(BillOfMaterial),
    /** Codes that there are already. */
    known: z.array(z.string()),
  }),
})

export const retireMaterialDefinition = operation({
  name: 'material.definition.retire',
  summary: 'Take a material out of use for new work, with a reason',
  permission: 'material.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({ definitionId: idOf<'MaterialDefinition'>(), reason: changeReason }),
  output: MaterialDefinition,
})

export const listBoms = operation({
  name: 'material.bom.list',
  summary: 'List the newest version of each bill of material, or all versions of one product',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({ product: Code.optional(), state: VersionState.optional() }),
  output: z.array(BillOfMaterial),
})

export const draftBom = operation({
  name: 'material.bom.draft',
  summary: 'Draft the next version of the bill of material of a product',
  permission: 'material.definition.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ ...bomContent, changeReason, drawnFrom: DrawnFrom }),
  output: BillOfMaterial,
})

/** Nothing that builds in a position of it is released any more; running orders keep the version that they have. */
export const retireBom = operation({
  name: 'material.bom.retire',
  summary: 'Take a bill of material out of use for new orders, with a reason; running ones keep it',
  permission: 'material.definition.release',
  scope: 'plant',
  stepUp: true,
  mutates: true,
  input: z.object({ bomId: idOf<'BillOfMaterial'>(), reason: changeReason }),
  output: BillOfMaterial,
})
