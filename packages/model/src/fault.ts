import { z } from 'zod'
import { InstantSchema } from './primitives.ts'

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
