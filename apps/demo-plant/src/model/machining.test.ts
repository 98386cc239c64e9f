import { describe, expect, test } from 'vitest'
import { plantTags } from '../plant/assets.ts'
import { historySteps } from '../schedule.ts'
import { Simulator } from '../simulator.ts'
import type { TruthRecord } from '../truth.ts'
import { day, hour } from './dynamics.ts'
import type { ModelValue } from './tag-definition.ts'
import { boreError, toolLife, wear } from './tool.ts'

const epochMs = Date.parse('2026-03-01T17:20:00Z')
const week = walk(7 * day)

function walk(lastsMs: number) {
  const truth: TruthRecord[] = []
  const changes = new Map<string, { atMs: number; value: ModelValue }[]>()
  const simulator = new Simulator({ seed: 7, epochMs, truth: { write: (record) => truth.push(record) } })
  for (const step of historySteps(epochMs, epochMs + lastsMs)) {
    simulator.advance(step, (index, atMs, value) => {
      const tag = plantTags[index]
      if (tag === undefined || !tag.asset.id.startsWith('CNC')) return
      const key = `${tag.asset.id}.${tag.definition.name}`
      const own = changes.get(key) ?? []
      changes.set(key, own)
      if (own.at(-1)?.value !== value) own.push({ atMs, value })
    })
  }
  return { truth, simulator, of: (key: string) => changes.get(key) ?? [] }
}

const recordsOf = (type: string, asset: string) =>
  week.truth.filter((record) => record.type === type && record['asset'] === asset)

describe.each(['CNC-01', 'CNC-02'])('the machining centre %s', (id) => {
  test('shows each of its states by its signals, at the very instants that the truth names', () => {
    const meaning: Record<string, string> = {
      ...{ 'ACTIVE PRODUCTION': 'Running', 'READY PRODUCTION': 'Idle', 'FEED_HOLD PRODUCTION': 'Held' },
      ...{ 'STOPPED PRODUCTION': 'Down', 'READY SETUP': 'Changeover', 'STOPPED MAINTENANCE': 'Planned stop' },
    }
    const at = new Map<number, [ModelValue | undefined, ModelValue | undefined]>()
    for (const [place, name] of ['Execution', 'FunctionalMode'].entries()) {
      for (const { atMs, value } of week.of(`${id}.${name}`)) {
        const pair = at.get(atMs) ?? [undefined, undefined]
        pair[place] = value
        at.set(atMs, pair)
      }
    }
    let held: [ModelValue | undefined, ModelValue | undefined] = [undefined, undefined]
    const shown: { atMs: number; state: string | undefined }[] = []
    for (const [atMs, pair] of [...at].toSorted(([a], [b]) => a - b)) {
      held = [pair[0] ?? held[0], pair[1] ?? held[1]]
      shown.push({ atMs, state: meaning[held.join(' ')] })
    }
    const real = recordsOf('state', id).map((record) => ({
      atMs: Number(record['from']),
      state: String(record['state']),
    }))
    expect(real.length).toBeGreaterThan(2000)
    expect(shown.slice(1, real.length)).toEqual(real.slice(1))
  })

  test('makes orders of whole parts, whose good and bad ones add up to its counters', () => {
    const orders = recordsOf('count', id)
    expect(orders.length).toBeGreaterThan(10)
    const sum = (name: string) => orders.reduce((total, order) => total + Number(order[name]), 0)
    expect(sum('good') + sum('scrap')).toBe(sum('total'))
    const end = Number(orders.at(-1)?.['at'])
    const countAt = (name: string) => Number(week.of(`${id}.${name}`).findLast(({ atMs }) => atMs <= end)?.value)
    expect(countAt('PartCount')).toBe(sum('total'))
    expect(countAt('ScrapCount')).toBe(sum('scrap'))
    const named = week.of(`${id}.OrderId`).map(({ value }) => value)
    expect(named.slice(0, orders.length)).toEqual(orders.map((order) => order['order']))
    const programs: Record<string, string> = { 'BRK-100': '0007', 'BRK-200': '0012' }
    for (const { atMs, value } of week.of(`${id}.Program`).slice(1)) {
      const product = week.of(`${id}.ProductId`).findLast((change) => change.atMs <= atMs)?.value
      expect(value).toBe(programs[String(product)])
    }
  })

  test('stops about as often and as long as its kind does', () => {
    const states = Map.groupBy(recordsOf('state', id), (record) => record['state'])
    const hoursOf = (state: string) =>
      (states.get(state) ?? []).reduce((sum, one) => sum + (Number(one['to']) - Number(one['from'])) / hour, 0)
    const holds = states.get('Held') ?? []
    expect(holds.length / hoursOf('Running')).toBeGreaterThan(3.4)
    expect(holds.length / hoursOf('Running')).toBeLessThan(4.6)
    expect((hoursOf('Held') * 3600) / holds.length).toBeGreaterThan(36)
    expect((hoursOf('Held') * 3600) / holds.length).toBeLessThan(44)
    expect(states.get('Down')?.length).toBeGreaterThan(2)
    expect(states.get('Planned stop')).toHaveLength(7)
  })

  test('tells why it stands, and an active fault, for exactly as long as it does', () => {
    const codes = week.of(`${id}.AlarmCode`)
    const stops = recordsOf('state', id).filter(({ state }) => state === 'Held' || state === 'Down')
    for (const stop of stops) {
      const from = Number(stop['from'])
      expect(codes.find(({ atMs }) => atMs === from)?.value).toMatch(
        stop['state'] === 'Held' ? /^FH/ : /^(SP|AX|CL|PR)/,
      )
      expect(codes.find(({ atMs }) => atMs === Number(stop['to']))?.value).toBe('')
    }
    const faults = week.of(`${id}.SystemCondition`).filter(({ value }) => value === 'FAULT')
    const down = stops.filter(({ state }) => state === 'Down')
    expect(faults.slice(0, down.length).map(({ atMs }) => atMs)).toEqual(down.map((record) => record['from']))
  })

  test('changes its tool after sixty parts, warns before, and starts the offset anew', () => {
    const tools = recordsOf('tool', id)
    expect(tools.length).toBeGreaterThan(10)
    expect(tools.every(({ uses }) => uses === toolLife)).toBe(true)
    for (const { at } of tools) {
      expect(week.of(`${id}.ToolUses`).find(({ atMs }) => atMs === at)?.value).toBe(0)
      expect(week.of(`${id}.ToolCondition`).findLast(({ atMs }) => atMs < Number(at))?.value).toBe('WARNING')
      expect(week.of(`${id}.ToolOffset`).findLast(({ atMs }) => atMs <= Number(at))?.value).toBe(0)
    }
  })

  test('keeps its bores within ±15 µm while somebody minds the offset', () => {
    const errors = week.of(`${id}.BoreError`).map(({ value }) => Number(value))
    expect(errors.length).toBeGreaterThan(800)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(15)
  })

  test('shows the mean of the last three, which stays below its alarm while one part alone does not', () => {
    const parts = week.of(`${id}.BoreError`)
    const means = week.of(`${id}.BoreErrorMean`)
    const three = parts.slice(7, 10)
    const told = means.findLast(({ atMs }) => atMs <= (three.at(-1)?.atMs ?? 0))?.value
    // Each is rounded to a tenth on its own.
    expect(Number(told)).toBeCloseTo(three.reduce((sum, { value }) => sum + Number(value), 0) / 3, 0)
    expect(Math.max(...means.map(({ value }) => Number(value)))).toBeLessThanOrEqual(12)
    expect(Math.max(...parts.map(({ value }) => Number(value)))).toBeGreaterThan(12)
  })
})

test('a tool wears as it should: fast at first, then 0.35 µm a part, and the offset takes it away', () => {
  expect(wear(0)).toBe(0)
  expect(wear(8)).toBeCloseTo(2.8 + 4 * (1 - 1 / Math.E), 12)
  expect(wear(60) - wear(59)).toBeCloseTo(0.35, 3)
  const still = { next: () => 0, normal: () => 0 } as unknown as Parameters<typeof boreError>[2]
  expect(boreError(30, 10, still)).toBe(wear(30) - 10)
})

test('an offset set from outside is kept in whole micrometres, and the operator leaves it alone', () => {
  const { simulator } = walk(2 * hour)
  const tag = plantTags.find(({ asset, definition }) => asset.id === 'CNC-01' && definition.name === 'ToolOffset')
  if (tag === undefined) throw new Error('there is no ToolOffset')
  expect(simulator.write(tag, 12.4)).toBe(true)
  expect(simulator.values()[tag.index]).toBe(12)
  expect(simulator.write(tag, 500)).toBe(false)
  for (let at = simulator.atMs + 5000; at < epochMs + 5 * hour; at += 5000) simulator.advance(at)
  expect(simulator.values()[tag.index]).toBe(12)
})
