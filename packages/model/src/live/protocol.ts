import { z } from 'zod'
import { InstantSchema, idOf } from '../primitives.ts'
import { JsonValue } from '../sample.ts'

/** What a page asks over its one WebSocket (`/live`): exactly the tags now on screen, replacing what it asked before. */
export const LiveRequest = z.object({ type: z.literal('watch'), tags: z.array(idOf<'Tag'>()).max(2000) })
export type LiveRequest = z.infer<typeof LiveRequest>

/** One tag's newest reading: `[tag id, source instant, value, status code]`. Times are UTC microseconds. */
export const LiveReading = z.tuple([z.string(), InstantSchema, JsonValue, z.int()])
export type LiveReading = z.infer<typeof LiveReading>

/** A kind of record whose lists a page may have on screen. */
export const LiveTopic = z.enum([
  ...(['alarm', 'performance', 'andon'] as const),
  ...(['execution', 'material', 'quality', 'traceability'] as const),
])
export type LiveTopic = z.infer<typeof LiveTopic>

/**
 * What the server pushes: coalesced frames at most 25 a second, each with only the watched tags that changed; and a
 * frame without readings at least every 2 s, so that a page knows when the line is dead. `at` = the server's clock.
 */
export const LiveFrame = z.object({
  type: z.literal('readings'),
  at: InstantSchema,
  readings: z.array(LiveReading),
  /** What has changed since the last frame, at most four times a second: a page that shows it asks for it anew. */
  changed: z.array(LiveTopic).default([]),
})
export type LiveFrame = z.infer<typeof LiveFrame>
