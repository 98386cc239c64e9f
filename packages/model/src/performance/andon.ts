import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/** Somebody at a machine called for help; somebody comes; it is resolved. */
export const AndonCall = z.object({
  id: idOf<'AndonCall'>(),
  nodeId: idOf<'EquipmentNode'>(),
  kind: z.enum(['maintenance', 'quality', 'material', 'supervisor', 'safety']),
  text: z.string(),
  stopId: idOf<'Stop'>().nullable(),
  state: z.enum(['called', 'acknowledged', 'resolved']),
  calledAt: InstantSchema,
  calledBy: z.string(),
  acknowledgedAt: InstantSchema.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: InstantSchema.nullable(),
  resolvedBy: z.string().nullable(),
  resolution: z.string().nullable(),
})
export type AndonCall = z.infer<typeof AndonCall>

export const callHelp = operation({
  name: 'performance.andon.call',
  summary: 'Call somebody to a machine',
  permission: 'performance.andon.call',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>(),
    kind: AndonCall.shape.kind,
    text: z.string().max(500).default(''),
    stopId: idOf<'Stop'>().nullable().default(null),
  }),
  output: AndonCall,
})

export const acknowledgeCall = operation({
  name: 'performance.andon.acknowledge',
  summary: 'Say that you come: the caller sees it',
  permission: 'performance.andon.respond',
  scope: 'any',
  mutates: true,
  input: z.object({ callId: idOf<'AndonCall'>() }),
  output: AndonCall,
})

export const resolveCall = operation({
  name: 'performance.andon.resolve',
  summary: 'Close a call, and say what was done',
  permission: 'performance.andon.respond',
  scope: 'any',
  mutates: true,
  input: z.object({ callId: idOf<'AndonCall'>(), resolution: z.string().min(3).max(500) }),
  output: AndonCall,
})

export const listCalls = operation({
  name: 'performance.andon.list',
  summary: 'List calls for help at or below a node with their response times, open ones first',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>().optional(),
    window: Window,
    onlyOpen: z.boolean().default(false),
  }),
  output: z.array(AndonCall),
})
