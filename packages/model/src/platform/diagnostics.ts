import { z } from 'zod'
import { AgentStatus } from '../edge/agent-status.ts'
import { operation } from '../operation.ts'
import { InstantSchema } from '../primitives.ts'

/** One kind of trouble, counted: logged once per cause, never once per sample. */
export const Fault = z.object({
  /** Where it was met: `broker`, `ingest`, or `<agent>/<connection>`. */
  source: z.string(),
  /** What it was, in kebab-case: `not-a-number`, `batch-duplicate`, `instant-in-future`. */
  cause: z.string(),
  count: z.int().positive(),
  firstAt: InstantSchema,
  lastAt: InstantSchema,
  /** One instance, for the person who has to find it. */
  example: z.string(),
})
export type Fault = z.infer<typeof Fault>

export const getDiagnostics = operation({
  name: 'platform.diagnostics.get',
  summary: 'Show the state of ingest, broker, historian, edge agents, and every fault met since start',
  permission: 'platform.diagnostics.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.object({
    startedAt: InstantSchema,
    version: z.string(),
    samplesAccepted: z.int(),
    samplesDuplicate: z.int(),
    samplesParked: z.int(),
    samplesPerSecond: z.number(),
    faults: z.array(Fault),
    agents: z.array(AgentStatus),
    backfill: z.object({ source: z.string(), fraction: z.number().min(0).max(1), message: z.string() }).nullable(),
  }),
})
