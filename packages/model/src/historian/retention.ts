import { z } from 'zod'
import { operation } from '../operation.ts'

/** How long raw samples and rollups are kept; null = for ever. Days without a sample older than this are dropped whole. */
export const Retention = z.object({
  rawDays: z.int().positive().nullable(),
  minuteDays: z.int().positive().nullable(),
})
export type Retention = z.infer<typeof Retention>

export const getRetention = operation({
  name: 'historian.retention.get',
  summary: 'Show how long samples are kept',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: Retention,
})

export const setRetention = operation({
  name: 'historian.retention.set',
  summary: 'Set how long samples are kept; what is older is dropped at the next nightly run',
  permission: 'historian.retention.write',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: Retention.extend({ reason: z.string().min(3).max(500) }),
  output: Retention,
})
