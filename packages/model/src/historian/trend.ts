import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, Window } from '../primitives.ts'

const number = z.number().nullable()

/**
 * One tag over a window in columns of equal length, one entry a bucket that holds data, oldest first. Numbers only
 * (int64 as double, boolean as 0 or 1); only `good` and `uncertain` values enter min, max and averages.
 */
export const TrendSeries = z.object({
  tagId: idOf<'Tag'>(),
  /** `raw`: one entry a sample, min = max = value. Else the width of a bucket says the aggregation. */
  kind: z.enum(['raw', 'bucket']),
  bucketMs: z.number().nullable(),
  at: z.array(InstantSchema),
  min: z.array(number),
  max: z.array(number),
  first: z.array(number),
  last: z.array(number),
  /** Time-weighted: each value holds until the next sample. */
  average: z.array(number),
  count: z.array(z.int()),
  /** Where the tag had no usable value (bad quality, or no data): half-open, oldest first. A chart draws nothing here. */
  gaps: z.array(z.object({ from: InstantSchema, to: InstantSchema })),
})
export type TrendSeries = z.infer<typeof TrendSeries>

export const getTrend = operation({
  name: 'historian.trend.get',
  summary: 'Get up to eight tags over one window, reduced to about `points` entries each with their min/max envelope',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({
    tagIds: z.array(idOf<'Tag'>()).min(1).max(8),
    window: Window,
    points: z.int().min(10).max(5000).default(1000),
  }),
  output: z.array(TrendSeries),
})

/** How long (in ms) a discrete tag held each value within the window; unknown time is counted apart. */
export const getTimeInState = operation({
  name: 'historian.trend.get-time-in-state',
  summary: 'Get how long a tag held each of its values in a window',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({ tagId: idOf<'Tag'>(), window: Window }),
  output: z.object({
    states: z.array(z.object({ value: z.string(), ms: z.number(), occurrences: z.int() })),
    unknownMs: z.number(),
  }),
})

const Aggregate = z.object({
  min: number,
  max: number,
  first: number,
  last: number,
  count: z.int(),
  /** Arithmetic over samples. */
  average: number,
  timeWeightedAverage: number,
  /** Share of the window with usable values, 0 to 1. */
  coverage: z.number(),
})
export type Aggregate = z.infer<typeof Aggregate>

export const getAggregate = operation({
  name: 'historian.trend.get-aggregate',
  summary: 'Get min, max, first, last, count and averages of one tag over one window',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: false,
  input: z.object({ tagId: idOf<'Tag'>(), window: Window }),
  output: Aggregate,
})

export const exportSamples = operation({
  name: 'historian.sample.export',
  summary: 'Export the samples of some tags in a window as a Parquet file in the plant home',
  permission: 'historian.sample.read',
  scope: 'any',
  mutates: true,
  input: z.object({ tagIds: z.array(idOf<'Tag'>()).min(1).max(2000), window: Window }),
  output: z.object({ file: z.string(), rows: z.int(), sha256: z.string() }),
})
