import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

/**
 * What a machine is doing, exclusively: at each instant it is in one of these. `starved` and `blocked` = it could run, but
 * nothing comes in or goes out; `no-data` = nobody knows, which is never counted as idle.
 */
export const MachineState = z.enum([
  'running',
  'idle',
  'starved',
  'blocked',
  'down',
  'changeover',
  'planned-stop',
  'no-data',
])
export type MachineState = z.infer<typeof MachineState>

/** One state of one machine: `from <= at < to`, `to` null while it lasts. */
export const StateInterval = z.object({
  nodeId: idOf<'EquipmentNode'>(),
  from: InstantSchema,
  to: InstantSchema.nullable(),
  state: MachineState,
  /** What the machine or the person called it: `Held`, `INTERRUPTED`, `break`. */
  label: z.string().max(200),
  /** By the rule of its class, by a person, by the calendar, or from the other machines of its line. */
  source: z.enum(['rule', 'manual', 'calendar', 'line']),
  stopId: idOf<'Stop'>().nullable(),
})
export type StateInterval = z.infer<typeof StateInterval>

/** What one machine is doing now, and with what. */
export const CurrentState = z.object({
  nodeId: idOf<'EquipmentNode'>(),
  state: MachineState,
  label: z.string(),
  since: InstantSchema,
  /** The newest instant of which the machine told anything; null = it never did. */
  heardAt: InstantSchema.nullable(),
  order: z.string().nullable(),
  product: z.string().nullable(),
  /** Good parts of the running shift; null = not counted here. */
  good: z.number().nullable(),
  scrap: z.number().nullable(),
  openStopId: idOf<'Stop'>().nullable(),
})
export type CurrentState = z.infer<typeof CurrentState>

export const listCurrentStates = operation({
  name: 'performance.state.list-current',
  summary: 'List what each machine at or below a node is doing now',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeId: idOf<'EquipmentNode'>().optional() }),
  output: z.array(CurrentState),
})

export const listStates = operation({
  name: 'performance.state.list',
  summary: 'List the states of machines over a window: without overlap or hole, cut to the window',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ nodeIds: z.array(idOf<'EquipmentNode'>()).min(1).max(100), window: Window }),
  output: z.array(z.object({ nodeId: idOf<'EquipmentNode'>(), intervals: z.array(StateInterval) })),
})

export const recordState = operation({
  name: 'performance.state.record',
  summary: 'Record by hand what a machine did or does, where it has no signal or the signal was wrong',
  permission: 'performance.stop.explain',
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  input: z.object({
    nodeId: idOf<'EquipmentNode'>(),
    state: MachineState.exclude(['no-data']),
    from: InstantSchema,
    /** Null = until something else is recorded. */
    to: InstantSchema.nullable(),
    comment: z.string().max(500).default(''),
  }),
  output: StateInterval,
})
