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

  test('sends what was kept in E18 hours later, all of it, and stamps what the fast clock of E20 saw too late', () => {
    const story = new Story(epochMs).eventsOf(0)
    const [cut, skewed] = ['E18', 'E20'].map((id) => story.find(({ event }) => event.id === id))
    if (cut === undefined || skewed === undefined) throw new Error('the story has no E18 or no E20')
    const inTime = new Map<string, number>()
    let newest = 0
    let [late, ahead] = [0, 0]
    for (const { samples } of historyBatches({ ...options, toMs: skewed.to })) {
      for (const { tag, at } of samples) {
        if (at > cut.from * 1000 && at <= cut.to * 1000) {
          inTime.set(tag, (inTime.get(tag) ?? 0) + 1)
          if (newest > at + 7 * hour * 1000) late++
        }
        newest = Math.max(newest, at)
        if (at > (skewed.to + 80_000) * 1000) ahead++
      }
    }
    expect(new Set(inTime.keys())).toEqual(new Set(tagIds))
    expect(late).toBe([...inTime.values()].reduce((sum, count) => sum + count, 0))
    expect(ahead).toBeGreaterThan(0)
  }, 120_000)

  test('sends samples of the gateway twice and out of order in E23, and loses none', () => {
    const window = new Story(epochMs).eventsOf(0).find(({ event }) => event.id === 'E23')
    if (window === undefined) throw new Error('E23 is not in the story')
    let [disordered, doubled, before] = [0, 0, 0]
    const seen = new Set<string>()
    for (const { samples } of historyBatches({ ...options, toMs: window.to + hour })) {
      for (const { tag, at } of samples) {
        const inWindow = at > window.from * 1000 && at <= window.to * 1000
        const key = inWindow ? `${tag} ${at}` : ''
        if (at < before) disordered++
        if (inWindow && seen.has(key)) doubled++
        if (inWindow) seen.add(key)
        before = at
      }
    }
    expect(disordered).toBeGreaterThan(10)
    expect(doubled).toBeGreaterThan(10)
    const lay = [...seen].filter((key) => key.includes('lay-0'))
    expect(lay.length).toBeGreaterThan(0)
  }, 60_000)
})
