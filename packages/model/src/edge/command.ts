import { z } from 'zod'
import { InstantSchema, PathName } from '../primitives.ts'
import { MachineCondition, MachineHandle } from './alarm-report.ts'

/** What the server may ask an edge agent to do at a machine. An agent does only what it knows, and refuses the rest. */
export const AgentCommand = z.discriminatedUnion('kind', [
  /** Acknowledge an alarm that the machine raised, in the state that `handle` names. */
  z.object({
    kind: z.literal('acknowledge-alarm'),
    connection: PathName,
    condition: MachineCondition,
    handle: MachineHandle,
    /** Who acknowledged it, and what they said; the machine may show it. */
    comment: z.string().max(600),
  }),
])
export type AgentCommand = z.infer<typeof AgentCommand>

/** A command on its way. It may come more than once; it is done once at most, and never after it has expired. */
export const CommandRequest = z.object({
  id: z.uuid(),
  expiresAt: InstantSchema,
  /** An `AgentCommand`; looser here, so that an agent which does not know the kind can refuse it by name. */
  command: z.looseObject({ kind: z.string() }),
})
export type CommandRequest = z.infer<typeof CommandRequest>

/**
 * done = the machine took it · refused = the machine or the agent will not · unavailable = nothing was done yet, ask again ·
 * expired = it came too late · uncertain = it was begun, and what came of it is not known. All but `unavailable` are final.
 */
export const CommandOutcome = z.enum(['done', 'refused', 'unavailable', 'expired', 'uncertain'])
export type CommandOutcome = z.infer<typeof CommandOutcome>

/** What came of a command, in words for a person; sent again whenever the request comes again. */
export const CommandReply = z.object({
  id: z.uuid(),
  outcome: CommandOutcome,
  at: InstantSchema,
  reason: z.string().max(1000),
})
export type CommandReply = z.infer<typeof CommandReply>
