import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf } from '../primitives.ts'

const content = {
  /** The work center (line) below which the machines stand. */
  lineId: idOf<'EquipmentNode'>(),
  /** In the order in which parts pass; `bufferSeconds` = how long the buffer behind a machine lasts, 0 = there is none. */
  machines: z
    .array(z.object({ nodeId: idOf<'EquipmentNode'>(), bufferSeconds: z.number().nonnegative().max(86_400) }))
    .min(2)
    .max(50),
  /** The machine by which the line is judged, its bottleneck; null = the last one. */
  keyNodeId: idOf<'EquipmentNode'>().nullable(),
}

/** One version of the order of the machines of a line: from it follows who is blocked, who is starved, and whose stop caused it. */
export const LineSetting = z.object({
  id: idOf<'LineSetting'>(),
  ...content,
  version: z.int().positive(),
  reason: z.string(),
  recordedBy: z.string(),
  recordedAt: InstantSchema,
})
export type LineSetting = z.infer<typeof LineSetting>

export const listLines = operation({
  name: 'performance.line.list',
  summary: 'List the lines with the order of their machines, the version in force of each',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.array(LineSetting),
})

export const setLine = operation({
  name: 'performance.line.set',
  summary: 'Set the order of the machines of a line, their buffers and its key machine, with a reason',
  permission: 'performance.model.write',
  scope: (input: { lineId: string }) => input.lineId,
  mutates: true,
  input: z.object({
    ...content,
    reason: z.string().min(3).max(500),
    /** The version that was changed, 0 = there was none; refused when another one is in force meanwhile. Absent = whichever is. */
    basedOn: z.int().nonnegative().optional(),
  }),
  output: LineSetting,
})
