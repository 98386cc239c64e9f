import type { Id, Instant } from '@throughline/kernel'
import { listSamples } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { Reading } from '../state/reading.ts'
import { readingOf } from '../state/reading.ts'

/** The tags of one machine that its rules name, by their ids; counters first, orders last: parts belong to what was in work. */
export type WatchedTags = ReadonlyMap<Id<'Tag'>, string>

/** By time; of one instant, in the order of the tags. */
export function inOrder(tags: WatchedTags): (a: Reading, b: Reading) => number {
  const places = new Map([...tags.values()].map((name, place) => [name, place]))
  return (a, b) => a.at - b.at || (places.get(a.tag) ?? 0) - (places.get(b.tag) ?? 0)
}

const actor = systemActor('performance', ['historian.sample.read'])
const most = 200_000
const dayUs = 86_400e6
/** How far back the newest good reading of a tag is looked for: the first step that finds one is enough. */
const stepsBackUs = [600e6, 7_200e6, dayUs, 7 * dayUs, 400 * dayUs]

/** All readings with `from <= at < to`, oldest first. */
export async function listReadings(
  platform: Platform,
  tags: WatchedTags,
  from: number,
  to: number,
): Promise<Reading[]> {
  const found: Reading[] = []
  for (const [tagId, name] of tags) {
    for (let begin = from; begin < to; ) {
      const window = { from: begin as Instant, to: to as Instant }
      const { samples, truncated } = await platform.run(listSamples, actor, { tagId, window, limit: most })
      for (const { at, value, status } of samples) found.push(readingOf(name, at, value, status))
      const last = samples.at(-1)
      if (!truncated || last === undefined) break
      begin = last.at + 1
    }
  }
  return found.sort(inOrder(tags))
}

/**
 * Of each tag at or before an instant: the newest reading and the newest good one before `since`, and all from `since` on,
 * oldest first. One that is not good leaves a counter where it was, so that it alone does not tell enough: with it come the
 * good one and the first that was not.
 */
export async function listReadingsBefore(
  platform: Platform,
  tags: WatchedTags,
  since: number,
  at: number,
): Promise<Reading[]> {
  const found: Reading[] = []
  for (const [tagId, name] of tags) found.push(...(await listBefore(platform, new Map([[tagId, name]]), since, at)))
  return found.sort(inOrder(tags))
}

async function listBefore(platform: Platform, one: WatchedTags, since: number, at: number): Promise<Reading[]> {
  let readings: Reading[] = []
  let good = -1
  for (const back of stepsBackUs) {
    readings = await listReadings(platform, one, Math.max(0, since - back), at + 1)
    good = readings.findLastIndex(({ at: when, value }) => when < since && value !== null)
    if (good >= 0) break
  }
  const newest = readings.findLastIndex((reading) => reading.at < since)
  // The first that is not good behind the good one: since then a counter is not read.
  const kept = new Set([good, good + 1, newest])
  return readings.filter((reading, index) => reading.at >= since || kept.has(index))
}

/** When any of the tags was first read; undefined = never. */
export async function findFirstReading(platform: Platform, tags: WatchedTags, to: number): Promise<number | undefined> {
  let first: number | undefined
  for (const tagId of tags.keys()) {
    const window = { from: 0 as Instant, to: to as Instant }
    const { samples } = await platform.run(listSamples, actor, { tagId, window, limit: 1 })
    const at = samples[0]?.at
    if (at !== undefined && (first === undefined || at < first)) first = at
  }
  return first
}
