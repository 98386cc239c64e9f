import { z } from 'zod'
import { AgentStatus } from '../edge/agent-status.ts'
import { Fault } from '../fault.ts'
import { operation } from '../operation.ts'
import { InstantSchema } from '../primitives.ts'

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
