import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'
import { JsonValue } from '../sample.ts'

/** One stored reading as JSON carries it. */
export const StoredSample = z.object({
  at: InstantSchema,
  serverAt: InstantSchema,
  value: JsonValue,
  status: z.int(),
  /** Set when a person corrected it: what the source had said stays readable. */
  original: z.object({ value: JsonValue, status: z.int(), reason: z.string(), by: z.string() }).nullable(),
})
export type StoredSample = z.infer<typeof StoredSample>

export const listSamples = operation({
  name: 'historian.sample.list',
  summary: 'List the raw samples of one tag in a window, oldest first',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    tagId: idOf<'Tag'>(),
    window: Window,
    limit: z.int().positive().max(200_000).default(10_000),
  }),
  output: z.object({
    samples: z.array(StoredSample),
    /** True when there are more than `limit`. */
    truncated: z.boolean(),
  }),
})

export const listLastSamples = operation({
  name: 'historian.sample.list-last',
  summary: 'List the newest sample of each given tag; a tag without any is left out',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({ tagIds: z.array(idOf<'Tag'>()).max(20_000) }),
  output: z.array(StoredSample.omit({ original: true }).extend({ tagId: idOf<'Tag'>() })),
})

export const correctSample = operation({
  name: 'historian.sample.correct',
  summary: 'Correct one stored sample with a reason; the original stays readable',
  permission: 'historian.sample.correct',
  scope: 'any',
  mutates: true,
  input: z.object({
    tagId: idOf<'Tag'>(),
    at: InstantSchema,
    value: JsonValue,
    reason: z.string().min(3).max(500),
  }),
  output: StoredSample,
})
