import type { EquipmentNode, LineSetting, setLine } from '@throughline/model'
import type { z } from 'zod'

type NodeId = EquipmentNode['id']

/** The order of a line while it is typed. */
export interface TypedLine {
  readonly lineId: NodeId | null
  readonly machines: readonly { readonly nodeId: NodeId; readonly buffer: string }[]
  /** Null = the last machine. */
  readonly keyNodeId: NodeId | null
  readonly reason: string
}

/** What the form starts from: the setting in force, or nothing. */
export function typedLine(before: LineSetting | undefined): TypedLine {
  if (before === undefined) return { lineId: null, machines: [], keyNodeId: null, reason: '' }
  const { lineId, machines, keyNodeId } = before
  const typed = machines.map(({ nodeId, bufferSeconds }) => ({ nodeId, buffer: String(bufferSeconds) }))
  return { lineId, machines: typed, keyNodeId, reason: '' }
}

/** The machines with one of them moved by one place; as they are where it stands at the end already. */
export function movedMachine(machines: TypedLine['machines'], nodeId: NodeId, by: 1 | -1): TypedLine['machines'] {
  const from = machines.findIndex((each) => each.nodeId === nodeId)
  const moved = machines[from]
  const to = from + by
  if (moved === undefined || to < 0 || to >= machines.length) return machines
  return machines.toSpliced(from, 1).toSpliced(to, 0, moved)
}

/** The machines without one of them; what was the key machine is none any more. */
export function withoutMachine(typed: TypedLine, nodeId: NodeId): Pick<TypedLine, 'machines' | 'keyNodeId'> {
  return {
    machines: typed.machines.filter((each) => each.nodeId !== nodeId),
    keyNodeId: typed.keyNodeId === nodeId ? null : typed.keyNodeId,
  }
}

/** What is sent to be set. */
export type DraftedLine = z.input<typeof setLine.input>

/** Makes a setting of what was typed, or says what is missing. The server judges where the machines stand. */
export function lineOf(typed: TypedLine): { readonly line: DraftedLine } | { readonly problem: string } {
  const { lineId, keyNodeId } = typed
  if (lineId === null) return { problem: 'Choose the line.' }
  if (typed.machines.length < 2)
    return { problem: 'A line has two machines at least: add them in the order of the parts.' }
  const machines = typed.machines.map(({ nodeId, buffer }) => ({
    nodeId,
    bufferSeconds: buffer.trim() === '' ? 0 : Number(buffer.replace(',', '.')),
  }))
  if (machines.some(({ bufferSeconds }) => !(bufferSeconds >= 0 && bufferSeconds <= 86_400))) {
    return { problem: 'A buffer lasts from 0 to 86 400 seconds; 0 = there is none.' }
  }
  if (typed.reason.trim().length < 3) return { problem: 'Say why, in 3 characters at least.' }
  return { line: { lineId, machines, keyNodeId, reason: typed.reason.trim() } }
}
