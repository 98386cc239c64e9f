import { describe, expect, test } from 'vitest'
import { day, hour } from '../model/dynamics.ts'
import { plantTags } from '../plant/assets.ts'
import { Story } from '../plant/story.ts'
import { historyBatches } from './history.ts'

const epochMs = Date.parse('2026-03-01T17:20:00Z')
const tagIds = plantTags.map((tag) => tag.path)
const options = { seed: 7, epochMs, toMs: epochMs + 2 * day, tagIds, samplesPerBatch: 5000 }

describe('the history of the plant', () => {
  test('comes in full batches, in time order over all tags, from the epoch to the beginning of live operation', () => {
    const batches = [...historyBatches(options)]
    const samples = batches.flatMap((batch) => batch.samples)
    expect(batches.slice(0, -1).every((batch) => batch.samples.length === 5000)).toBe(true)
    expect(samples.every((sample, i) => sample.at >= (samples[i - 1]?.at ?? 0))).toBe(true)
    expect(samples.at(-1)?.at).toBeLessThanOrEqual((epochMs + 2 * day) * 1000)
    expect(samples.at(-1)?.at).toBeGreaterThan((epochMs + 2 * day) * 1000 - 5_000_000)
    expect(batches.at(-1)?.fraction).toBe(1)
    const keys = new Set(samples.map((sample) => `${sample.tag} ${sample.at}`))
    expect(keys.size).toBe(samples.length)
  })

  test('names every tag, at least every five minutes', () => {
    const last = new Map<string, number>()
    let longest = 0
    for (const { samples } of historyBatches({ ...options, toMs: epochMs + 6 * hour })) {
      for (const { tag, at } of samples) {
        longest = Math.max(longest, at - (last.get(tag) ?? epochMs * 1000))
        last.set(tag, at)
      }
    }
    expect(new Set(last.keys())).toEqual(new Set(tagIds))
    expect(longest).toBeLessThanOrEqual(305_000_000)
  })

  test('made twice it is the same, so that an interrupted one can go on behind what was committed', () => {
    const sum = () => [...historyBatches({ ...options, toMs: epochMs + 12 * hour })].map((batch) => batch.samples)
    expect(sum()).toEqual(sum())
  })

  test('carries counters as 64-bit integers and the other values as what they are', () => {
    const [batch] = historyBatches(options)
    const kinds = new Map((batch?.samples ?? []).map((sample) => [sample.tag, typeof sample.value]))
    const kindOf = { int64: 'bigint', double: 'number', boolean: 'boolean', string: 'string' }
    for (const { path, definition } of plantTags) expect(kinds.get(path), path).toBe(kindOf[definition.dataType])
  })
})

describe('what comes out of order', () => {
  const outOfOrder = walkToE23()

  test('what was kept in E18 comes hours later, all of it', () => {
    const { kept, late } = outOfOrder
    expect(new Set(kept.keys())).toEqual(new Set(tagIds))
    expect(late).toBe([...kept.values()].reduce((sum, count) => sum + count, 0))
  })

  test('the fast clock of E20 stamps what its gateway tells too late', () => {
    expect(outOfOrder.ahead).toBeGreaterThan(0)
  })

  test('samples of the gateway come twice and out of order in E23, and none is lost', () => {
    const { disordered, doubled, seen } = outOfOrder
    expect(disordered).toBeGreaterThan(10)
    expect(doubled).toBeGreaterThan(10)
    expect([...seen].some((key) => key.includes('lay-0'))).toBe(true)
  })
})

function walkToE23() {
  const story = new Story(epochMs).eventsOf(0)
  const windowOf = (id: string) => {
    const found = story.find(({ event }) => event.id === id)
    if (found === undefined) throw new Error(`${id} is not in the story`)
    return { from: found.from * 1000, to: found.to * 1000 }
  }
  const [cut, skewed, doubling] = [windowOf('E18'), windowOf('E20'), windowOf('E23')]
  const kept = new Map<string, number>()
  const seen = new Set<string>()
  let [newest, before, late, ahead, disordered, doubled] = [0, 0, 0, 0, 0, 0]
  for (const { samples } of historyBatches({ ...options, toMs: doubling.to / 1000 + hour })) {
    for (const { tag, at } of samples) {
      if (at > cut.from && at <= cut.to) {
        kept.set(tag, (kept.get(tag) ?? 0) + 1)
        if (newest > at + 7 * hour * 1000) late++
      }
      if (at > skewed.from && at <= skewed.to && before > at + 80e6) ahead++
      if (at > doubling.from && at <= doubling.to) {
        if (at < before) disordered++
        if (seen.has(`${tag} ${at}`)) doubled++
        seen.add(`${tag} ${at}`)
      }
      before = at
      newest = Math.max(newest, at)
    }
  }
  return { kept, seen, late, ahead, disordered, doubled }
}
