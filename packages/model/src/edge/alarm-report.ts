import { z } from 'zod'
import { InstantSchema, PathName } from '../primitives.ts'

/** Names end up in records: they have no signs that a database or a page cannot hold. */
const printable = /^\P{C}*$/u

/** Names an alarm at its connection, the same for as long as the machine is built like this: `nsu=urn:filler;s=Jam`. */
export const MachineCondition = z.string().min(1).max(230).regex(printable)
/** What a machine must be given to acknowledge an alarm in the state that was seen. */
export const MachineHandle = z.string().max(1000).regex(printable)

/** What a machine says of an alarm that it raises itself, at one moment. */
export const MachineAlarm = z.object({
  connection: PathName,
  condition: MachineCondition,
  /** Whether it stands; null = not known, nobody hears the machine. */
  active: z.boolean().nullable(),
  /** Whether somebody acknowledged it at the machine; null = the machine asks for no acknowledgement. */
  acknowledged: z.boolean().nullable(),
  /** From 1 to 1000 as OPC UA counts; null = the machine does not say. */
  severity: z.int().min(1).max(1000).nullable(),
  /** In the words of the machine. */
  message: z.string().max(500),
  /** What was said at the machine with the acknowledgement, and by whom; empty = nothing. */
  comment: z.string().max(500),
  /** Later than whatever was said of this alarm before. */
  at: InstantSchema,
  /** Null = it takes no acknowledgement. */
  handle: MachineHandle.nullable(),
})
export type MachineAlarm = z.infer<typeof MachineAlarm>

/** How a definition of kind `external` names an alarm of a machine: `filler/nsu=urn:filler;s=Jam`. */
export const machineAlarmSource = ({ connection, condition }: Pick<MachineAlarm, 'connection' | 'condition'>): string =>
  `${connection}/${condition}`

/** Alarms on their way to the server, oldest first; kept by the agent until the server has recorded them. */
export const MachineAlarmBatch = z.object({
  /** Of the newest in this batch; counts up. */
  sequence: z.int().positive(),
  alarms: z.array(MachineAlarm).min(1).max(500),
})
export type MachineAlarmBatch = z.infer<typeof MachineAlarmBatch>
