import { z } from 'zod'
import { operation } from '../operation.ts'
import { Code, InstantSchema, idOf } from '../primitives.ts'

/** A box, tote, tray or pallet that holds lots or other containers; its number is a GS1 SSCC of 18 digits. */
export const Container = z.object({
  id: idOf<'Container'>(),
  sscc: z.string().regex(/^\d{18}$/),
  kind: z.enum(['box', 'tote', 'tray', 'pallet']),
  parentId: idOf<'Container'>().nullable(),
  nodeId: idOf<'EquipmentNode'>().nullable(),
  state: z.enum(['open', 'closed', 'shipped', 'emptied']),
  lots: z.array(idOf<'Lot'>()),
  madeAt: InstantSchema,
})
export type Container = z.infer<typeof Container>

const containerId = idOf<'Container'>()

export const listContainers = operation({
  name: 'material.container.list',
  summary: 'List containers and what is in them',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional(), sscc: z.string().optional() }),
  output: z.array(Container),
})

export const makeContainer = operation({
  name: 'material.container.make',
  summary: 'Begin a container; it gets the next SSCC of the plant',
  permission: 'material.move',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ kind: Container.shape.kind, nodeId: idOf<'EquipmentNode'>() }),
  output: Container,
})

export const packContainer = operation({
  name: 'material.container.pack',
  summary: 'Put lots or containers into a container, or take them out again; both scanned',
  permission: 'material.move',
  scope: 'any',
  mutates: true,
  input: z.object({
    containerId,
    putIn: z.array(idOf<'Lot'>()).max(1000).default([]),
    takeOut: z.array(idOf<'Lot'>()).max(1000).default([]),
    putInContainers: z.array(containerId).max(200).default([]),
    takeOutContainers: z.array(containerId).max(200).default([]),
  }),
  output: Container,
})

export const moveContainer = operation({
  name: 'material.container.move',
  summary: 'Move a container to another place with all that is in it',
  permission: 'material.move',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({ containerId, nodeId: idOf<'EquipmentNode'>(), place: z.string().max(100).default('') }),
  output: Container,
})

export const closeContainer = operation({
  name: 'material.container.close',
  summary: 'Close a container, open it again, or say that it was shipped or emptied, with a reason',
  permission: 'material.move',
  scope: 'any',
  mutates: true,
  input: z.object({ containerId, state: Container.shape.state, reason: z.string().min(3).max(500) }),
  output: Container,
})

/** A label as the printer and the person need it. */
export const Label = z.object({
  /** `^XA…^XZ`, 203 dpi, GS1 DataMatrix. */
  zpl: z.string(),
  /** PDF of one page, base64. */
  pdf: z.string(),
  /** What the symbol says, with its application identifiers in brackets: `(01)04012345678901(10)PP-2291`. */
  text: z.string(),
})
export type Label = z.infer<typeof Label>

export const getLabel = operation({
  name: 'material.label.get',
  summary: 'Get the label of a lot, serial or container as ZPL and PDF, with a GS1 DataMatrix or a QR code',
  permission: 'material.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    subject: z.union([z.object({ lotId: idOf<'Lot'>() }), z.object({ containerId }), z.object({ assetCode: Code })]),
    symbol: z.enum(['gs1-datamatrix', 'qr']).default('gs1-datamatrix'),
  }),
  output: Label,
})
