import { z } from 'zod'
import { operation } from '../operation.ts'
import { idOf, PathName } from '../primitives.ts'

/** The levels of the role-based equipment hierarchy, top down (ISA-95 Part 1, clause 5.3). */
export const NodeLevel = z.enum(['enterprise', 'site', 'area', 'work-center', 'work-unit', 'equipment-module'])
export type NodeLevel = z.infer<typeof NodeLevel>

export const EquipmentNode = z.object({
  id: idOf<'EquipmentNode'>(),
  parentId: idOf<'EquipmentNode'>().nullable(),
  level: NodeLevel,
  /** Unique among its siblings; one level of the unified namespace path. */
  name: PathName,
  description: z.string(),
  /** From the enterprise down, joined by `/`: `aurora/bio/upstream/br-01`. Lower case. */
  path: z.string(),
  /** The published class version this node is an instance of, if any. */
  classId: idOf<'EquipmentClassVersion'>().nullable(),
  /** The IANA zone of a site; null below it, where the site's zone holds. */
  timeZone: z.string().nullable(),
})
export type EquipmentNode = z.infer<typeof EquipmentNode>

export const listNodes = operation({
  name: 'equipment.node.list',
  summary: 'List the equipment nodes within your scopes, by path',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(EquipmentNode),
})

export const createNode = operation({
  name: 'equipment.node.create',
  summary: 'Add a node to the equipment hierarchy',
  permission: 'equipment.model.write',
  scope: (input: { parentId: string | null }) => input.parentId ?? '',
  mutates: true,
  input: z.object({
    parentId: idOf<'EquipmentNode'>().nullable(),
    level: NodeLevel,
    name: PathName,
    description: z.string().max(500).default(''),
    timeZone: z.string().nullable().default(null),
    classId: idOf<'EquipmentClassVersion'>().nullable().default(null),
  }),
  output: EquipmentNode,
})
