import { z } from 'zod'
import { Fault } from '../fault.ts'
import { InstantSchema } from '../primitives.ts'

/** What an edge agent says of itself every second, and its broker says for it when it is gone (`online: false`). */
export const AgentStatus = z.object({
  agent: z.string().min(1).max(120),
  online: z.boolean(),
  at: InstantSchema,
  configurationVersion: z.string().nullable(),
  /** Samples waiting in the durable buffer. */
  bufferedSamples: z.int().nonnegative(),
  /** Sequence of the newest batch, and of the newest that the server acknowledged. */
  lastSequence: z.int().nonnegative(),
  acknowledgedSequence: z.int().nonnegative(),
  connections: z.array(
    z.object({
      name: z.string(),
      driver: z.string(),
      state: z.enum(['connecting', 'up', 'silent', 'down']),
      since: InstantSchema,
      /** Why it is not up, in words for a person. */
      reason: z.string().nullable(),
    }),
  ),
  /** Bad input met since the agent started, by cause. */
  faults: z.array(Fault),
})
export type AgentStatus = z.infer<typeof AgentStatus>

/** The topics on which an edge agent and the server talk; `agent` is the machine account's name. */
export const wireTopics = {
  /** agent → server, a message of `encodeSampleBatch`, QoS 1. */
  samples: (agent: string) => `throughline/v1/${agent}/samples`,
  /** server → agent, `SampleAcknowledgement` as JSON, QoS 1: all batches up to this sequence are committed. */
  acknowledgement: (agent: string) => `throughline/v1/${agent}/acknowledgement`,
  /** agent → server, `AgentStatus` as JSON, retained, also the will message. */
  status: (agent: string) => `throughline/v1/${agent}/status`,
  /** agent → server, a message of `encodeDocumentChunk`, QoS 1. */
  documents: (agent: string) => `throughline/v1/${agent}/documents`,
  /** server → agent, `DocumentAnswer` as JSON, QoS 1: one for every chunk. */
  documentAnswer: (agent: string) => `throughline/v1/${agent}/document-answer`,
  /** agent → server, `MachineAlarmBatch` as JSON, QoS 1. */
  alarms: (agent: string) => `throughline/v1/${agent}/alarms`,
  /** server → agent, `SampleAcknowledgement` as JSON, QoS 1: all alarms up to this sequence are recorded. */
  alarmsRecorded: (agent: string) => `throughline/v1/${agent}/alarms-recorded`,
  /** server → agent, `CommandRequest` as JSON, QoS 1. */
  command: (agent: string) => `throughline/v1/${agent}/command`,
  /** agent → server, `CommandReply` as JSON, QoS 1. */
  commandReply: (agent: string) => `throughline/v1/${agent}/command-reply`,
} as const

export const SampleAcknowledgement = z.object({ sequence: z.int().nonnegative() })
export type SampleAcknowledgement = z.infer<typeof SampleAcknowledgement>
