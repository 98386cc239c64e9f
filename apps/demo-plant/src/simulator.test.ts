import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { day, hour } from './model/dynamics.ts'
import type { PackMlState } from './model/pack-ml.ts'
import { legalNext, packMlState } from './model/pack-ml.ts'
import type { RandomState } from './model/random.ts'
import type { ModelValue } from './model/tag-definition.ts'
import { assets, plantTags } from './plant/assets.ts'
import { cycleMs, Story } from './plant/story.ts'
import { historySteps } from './schedule.ts'
import { Simulator } from './simulator.ts'
import type { TruthRecord } from './truth.ts'

const epochMs = Date.parse('2026-03-01T17:20:00Z')

interface Value {
  readonly tag: number
  readonly atMs: number
  readonly value: ModelValue
}

class Recording {
  readonly truth: TruthRecord[] = []
  readonly values: Value[] = []
  readonly simulator: Simulator

  constructor(seed = 7, from?: Simulator) {
    const truth = { write: (record: TruthRecord) => this.truth.push(record) }
    const snapshot = from === undefined ? {} : { snapshot: structuredClone(from.snapshot()) }
    this.simulator = new Simulator({ seed, epochMs, truth, ...snapshot })
  }

  run(toMs: number, stepMs: number): this {
    while (this.simulator.atMs < toMs) {
      this.simulator.advance(this.simulator.atMs + stepMs, (tag, atMs, value) => this.values.push({ tag, atMs, value }))
    }
    return this
  }

  of(asset: string, name: string): Value[] {
    const index = indexOf(asset, name)
    return this.values.filter((value) => value.tag === index)
  }
}

function indexOf(asset: string, name: string): number {
  const found = plantTags.find((tag) => tag.asset.id === asset && tag.definition.name === name)
  if (found === undefined) throw new Error(`no tag ${asset}.${name}`)
  return found.index
}

/** A month in steps of the back-fill, walked once for all tests that look at it: only the figures they need are kept. */
const month = walkMonth()

function walkMonth() {
  const low = plantTags.map(() => Infinity)
  const high = plantTags.map(() => -Infinity)
  const kept = new Map(
    ['ProcessedCount', 'State', 'StateCurrent', 'NozzleWeight07'].map((name) => [
      indexOf('FIL-01', name),
      [] as Value[],
    ]),
  )
  const last = plantTags.map((): ModelValue | undefined => undefined)
  const drops: Value[] = []
  const windows = new Map<string, { low: number; high: number; distinct: Set<ModelValue> }>()
  const story = new Story(epochMs)
  const truth: TruthRecord[] = []
  const simulator = new Simulator({ seed: 7, epochMs, truth: { write: (record) => truth.push(record) } })
  // E11 raises nothing: the loop masks it, and that is to be seen.
  const masked: Readonly<Record<string, readonly string[]>> = { E11: ['DissolvedOxygen'] }
  const watched = story
    .eventsOf(0)
    .flatMap(({ event, from, to }) =>
      [...event.tags, ...(masked[event.id] ?? [])]
        .filter((name) => !name.includes('.'))
        .map((name) => ({ key: `${event.id}.${name}`, tag: indexOf(event.asset, name), from, to })),
    )
  const byTag = Map.groupBy(watched, (watch) => watch.tag)
  for (const step of historySteps(epochMs, epochMs + cycleMs)) {
    simulator.advance(step, (tag, atMs, value) => {
      const before = last[tag]
      last[tag] = value
      if (typeof value === 'number') {
        if (value < (low[tag] ?? 0)) low[tag] = value
        if (value > (high[tag] ?? 0)) high[tag] = value
        const isCounter = plantTags[tag]?.definition.dataType === 'int64'
        if (isCounter && typeof before === 'number' && value < before) drops.push({ tag, atMs, value })
      }
      if (value !== before) kept.get(tag)?.push({ tag, atMs, value })
      for (const watch of byTag.get(tag) ?? []) {
        if (atMs <= watch.from || atMs > watch.to || typeof value !== 'number') continue
        const seen = windows.get(watch.key) ?? { low: Infinity, high: -Infinity, distinct: new Set() }
        windows.set(watch.key, seen)
        seen.low = Math.min(seen.low, value)
        seen.high = Math.max(seen.high, value)
        seen.distinct.add(value)
      }
    })
  }
  return { low, high, kept, drops, windows, truth, story, simulator }
}

describe('the simulator', () => {
  test('gives the same values for the same seed and the same steps, to the bit', () => {
    const first = new Recording().run(epochMs + 2 * hour, 1000)
    const second = new Recording().run(epochMs + 2 * hour, 1000)
    expect(second.values).toHaveLength(first.values.length)
    expect(second.values.findIndex((value, i) => !isDeepStrictEqual(value, first.values[i]))).toBe(-1)
    expect(second.truth).toEqual(first.truth)
  })

  test('gives other values for another seed', () => {
    const first = new Recording(1).run(epochMs + hour, 5000)
    const second = new Recording(2).run(epochMs + hour, 5000)
    expect(second.values).not.toEqual(first.values)
  })

  test('goes on from a saved state exactly as if it had never stopped', () => {
    const whole = new Recording().run(epochMs + 3 * hour, 1000)
    const half = new Recording().run(epochMs + hour, 1000)
    const rest = new Recording(7, half.simulator).run(epochMs + 3 * hour, 1000)
    const after = whole.values.filter((value) => value.atMs > epochMs + hour)
    expect(rest.values).toHaveLength(after.length)
    expect(rest.values.findIndex((value, i) => !isDeepStrictEqual(value, after[i]))).toBe(-1)
    expect(rest.simulator.snapshot()).toEqual(whole.simulator.snapshot())
  })

  test('begins an asset anew when its saved state is of another program, and only that one', () => {
    const { simulator } = new Recording().run(epochMs + hour, 5000)
    const snapshot = simulator.snapshot()
    const random: RandomState = [1, 2, 3, 4]
    const broken = { ...snapshot, assets: { ...snapshot.assets, 'CUT-01': { state: { old: true }, random } } }
    const after = new Simulator({ seed: 7, epochMs, truth: { write: () => {} }, snapshot: broken })
    expect(after.values()[indexOf('CUT-01', 'KitCount')]).toBe(0)
    expect(after.values()[indexOf('FIL-01', 'ProcessedCount')]).toBe(
      simulator.values()[indexOf('FIL-01', 'ProcessedCount')],
    )
  })

  test('takes a set-point within its range and refuses one outside, a text and a read-only tag', () => {
    const { simulator, truth } = new Recording()
    const tag = (asset: string, name: string) => plantTags[indexOf(asset, name)] as (typeof plantTags)[number]
    expect(simulator.write(tag('FIL-01', 'MachineSpeedSetPoint'), 90)).toBe(true)
    expect(simulator.values()[indexOf('FIL-01', 'MachineSpeedSetPoint')]).toBe(90)
    expect(simulator.write(tag('FIL-01', 'MachineSpeedSetPoint'), 1000)).toBe(false)
    expect(simulator.write(tag('FIL-01', 'MachineSpeedSetPoint'), Number.NaN)).toBe(false)
    expect(simulator.write(tag('FIL-01', 'MachineSpeedSetPoint'), '90')).toBe(false)
    expect(simulator.write(tag('FIL-01', 'ProcessedCount'), 5)).toBe(false)
    expect(truth.filter((record) => record.type === 'write')).toHaveLength(1)
  })

  test('shows some sign of life from every tag that promises it, within its time', () => {
    const { values } = new Recording().run(epochMs + hour, 1000)
    const lively = plantTags.filter((tag) => tag.definition.lively)
    expect(lively.length).toBeGreaterThan(5)
    for (const tag of lively) {
      const own = values.filter((value) => value.tag === tag.index)
      let changedAt = epochMs
      let longest = 0
      for (const [i, { atMs, value }] of own.entries()) {
        if (i > 0 && own[i - 1]?.value === value) continue
        longest = Math.max(longest, atMs - changedAt)
        changedAt = atMs
      }
      expect(longest, tag.path).toBeLessThanOrEqual(tag.definition.dataType === 'int64' ? 1000 : 15_000)
    }
  })
})

describe('a month of the plant', () => {
  test('keeps every analog tag inside its instrument range, and moves every one that is not a set-point', () => {
    for (const { index, path, definition } of plantTags) {
      if (definition.dataType !== 'double') continue
      expect(month.low[index], path).toBeGreaterThanOrEqual(definition.rangeLow ?? -Infinity)
      expect(month.high[index], path).toBeLessThanOrEqual(definition.rangeHigh ?? Infinity)
      if (!definition.writable) expect(month.high[index], path).toBeGreaterThan(month.low[index] ?? Infinity)
    }
  })

  test('fills vials, cuts kits, cures and ferments at the pace of its machines', () => {
    const counts = month.truth.filter((record) => record.type === 'count')
    expect(counts.filter((record) => record['asset'] === 'BR-01')).toHaveLength(20)
    expect(counts.filter((record) => record['asset'] === 'AUT-01').length).toBeGreaterThan(115)
    expect(month.high[indexOf('BR-01', 'Biomass')]).toBeGreaterThan(20)
    expect(month.high[indexOf('AUT-01', 'PartTemperature6')]).toBeGreaterThan(178)
    const kits = month.high[indexOf('CUT-01', 'KitCount')] ?? 0
    // 30 days of 4.5 min a kit, less stops.
    expect(kits).toBeGreaterThan(7000)
    expect(kits).toBeLessThan(9600)
  })

  test('walks only legal PackML transitions, and shows number and name of the same state', () => {
    const states = month.kept.get(indexOf('FIL-01', 'State')) ?? []
    const numbers = month.kept.get(indexOf('FIL-01', 'StateCurrent')) ?? []
    expect(states.length).toBeGreaterThan(5000)
    for (let i = 1; i < states.length; i++) {
      const before = states[i - 1]?.value as PackMlState
      expect(legalNext[before], `after ${before}`).toContain(states[i]?.value)
    }
    expect(numbers.map(({ atMs, value }) => [atMs, value])).toEqual(
      states.map(({ atMs, value }) => [atMs, packMlState[value as PackMlState]]),
    )
  })

  test('counts upwards only, but for the rollovers and the reset that the truth names (E19)', () => {
    const named = month.truth.filter((record) => record.type === 'rollover' || record.type === 'reset')
    expect(named.filter((record) => record.type === 'reset')).toHaveLength(1)
    expect(named.length).toBeGreaterThan(2)
    const counter = indexOf('FIL-01', 'ProcessedCount')
    const parts = indexOf('AUT-01', 'PartsLoaded')
    const state = indexOf('FIL-01', 'StateCurrent')
    const drops = month.drops.filter(({ tag }) => tag !== parts && tag !== state)
    expect(drops.map(({ tag }) => tag)).toEqual(named.map(() => counter))
    for (const [i, record] of named.entries()) {
      const at = drops[i]?.atMs ?? 0
      expect(Math.abs(at - Number(record['at']))).toBeLessThanOrEqual(5000)
    }
  })

  test('names state intervals that follow each other without gap or overlap, from the epoch on', () => {
    const intervals = month.truth.filter((record) => record.type === 'state')
    const withStates = new Set(intervals.map((record) => record['asset']))
    expect([...withStates].sort()).toEqual(['AGV-01', 'AUT-01', 'BR-01', 'CNC-01', 'CNC-02', 'CUT-01', 'FIL-01'])
    for (const asset of withStates) {
      let end = epochMs
      for (const record of intervals.filter((each) => each['asset'] === asset)) {
        expect(record['from']).toBe(end)
        expect(Number(record['to'])).toBeGreaterThan(end)
        end = Number(record['to'])
      }
      const open = month.simulator.snapshot().open[String(asset)]
      expect(open?.fromMs).toBe(end)
    }
  })

  test('shows its states in the tags at the very instants that the truth names', () => {
    const changes = month.kept.get(indexOf('FIL-01', 'State')) ?? []
    const intervals = month.truth.filter((record) => record.type === 'state' && record['asset'] === 'FIL-01')
    const shown = changes.filter(({ atMs }) => atMs > epochMs + 30_000).map(({ atMs }) => atMs)
    const real = intervals.map((record) => Number(record['from'])).filter((at) => at > epochMs + 30_000)
    expect(shown.slice(0, real.length)).toEqual(real)
  })
})

describe('the shifts and what was made in them', () => {
  const of = (type: string, asset: string) =>
    month.truth.filter((record) => record.type === type && record['asset'] === asset)

  test.each([
    ['CNC-01', 89],
    ['FIL-01', 59],
  ])(
    'the truth names every shift of %s that ended, one behind the other, also over the clock change (E21)',
    (asset, count) => {
      const shifts = of('shift', asset)
      expect(shifts.length).toBeGreaterThanOrEqual(count)
      for (let i = 1; i < shifts.length; i++) expect(shifts[i]?.['from']).toBe(shifts[i - 1]?.['to'])
      const lengths = shifts.map((shift) => (Number(shift['to']) - Number(shift['from'])) / hour)
      const normal = asset === 'CNC-01' ? 8 : 12
      expect(lengths.filter((length) => length !== normal)).toEqual([normal - 1])
      const changed = shifts[lengths.indexOf(normal - 1)]
      expect(changed).toMatchObject({ date: '2026-03-28', name: 'Night' })
    },
  )

  test.each(['CNC-01', 'CNC-02', 'CUT-01', 'AUT-01', 'FIL-01'])(
    'what %s made only grows, good and bad make the total, and it is known to the end of each shift and order',
    (asset) => {
      const made = of('made', asset)
      expect(made.filter((record) => record['orderEnds'] === true).length).toBeGreaterThan(20)
      const ends = new Set(made.map((record) => record['at']))
      expect(of('shift', asset).every((shift) => ends.has(shift['to']))).toBe(true)
      for (let i = 0; i < made.length; i++) {
        const [record, before] = [made[i], made[i - 1]]
        expect(Number(record?.['good']) + Number(record?.['scrap'])).toBe(record?.['total'])
        expect(Number(record?.['total'])).toBeGreaterThanOrEqual(Number(before?.['total'] ?? 0))
        expect(Number(record?.['good'])).toBeGreaterThanOrEqual(Number(before?.['good'] ?? 0))
      }
    },
  )

  test('FIL-01 stands once in the month for a maintenance of four hours, and says so', () => {
    const stood = month.truth.filter((record) => record['why'] === 'Maintenance' && record['state'] === 'Stopped')
    expect(stood.map((record) => (Number(record['to']) - Number(record['from'])) / hour)).toEqual([4])
  })

  test('each order of the cutter names its product, and no two orders have one number', () => {
    const orders = of('made', 'CUT-01').filter((record) => record['orderEnds'] === true)
    expect(new Set(orders.map((record) => record['order'])).size).toBe(orders.length)
    expect(new Set(orders.map((record) => record['product']))).toEqual(new Set(['BRK-100', 'BRK-200']))
  })
})

describe('the story', () => {
  test('tells every event of the month once, with its window', () => {
    const told = month.truth.filter((record) => record.type === 'event').map((record) => record['id'])
    expect(told.sort()).toEqual([
      ...['E01', 'E02', 'E03', 'E04', 'E05', 'E09', 'E10', 'E11', 'E12', 'E14', 'E15', 'E16', 'E18', 'E19', 'E20'],
      // The clocks of both sites change in this month, in the same night.
      ...['E21', 'E21', 'E23', 'E24'],
    ])
  })

  test('repeats after a month, and no event reaches over the end of one', () => {
    const [first, second] = [month.story.eventsOf(0), month.story.eventsOf(1)]
    expect(second.map(({ from }) => from)).toEqual(first.map(({ from }) => from + cycleMs))
    const midnight = Math.floor(epochMs / day) * day
    for (const { event, from, to } of first) {
      expect(from, event.id).toBeGreaterThan(midnight)
      expect(to, event.id).toBeLessThan(midnight + cycleMs)
    }
  })

  test.each([
    ['E09', 'Temperature05', 'high', -15],
    ['E04', 'Vacuum4', 'high', 200],
    ['E14', 'Conductivity', 'high', 1.1],
    ['E15', 'Particles05', 'high', 3520],
    ['E01', 'BoreErrorMean', 'high', 15],
    ['E02', 'ToolUses', 'high', 62],
    ['E03', 'BoreErrorMean', 'high', 12],
    ['E16', 'NozzleWeight07', 'high', 1.05],
  ] as const)('%s drives %s out of its normal band', (id, tag, side, limit) => {
    expect(month.windows.get(`${id}.${tag}`)?.[side]).toBeGreaterThan(limit)
  })

  test('E05 soaks at 173 °C for its minutes', () => {
    expect(month.windows.get('E05.AirTemperature')?.low).toBeLessThan(174)
    expect(month.windows.get('E05.AirTemperature')?.low).toBeGreaterThan(172)
  })

  test('E24 stops the drives in the middle of a batch, which goes on where it was', () => {
    expect(month.windows.get('E24.DissolvedOxygen')?.low).toBeLessThan(20)
    const happened = month.truth.filter((record) => record['story'] === 'E24')
    expect(happened.map(({ type }) => type)).toEqual(['power-lost', 'restart'])
    const [lost, restarted] = happened
    expect(restarted).toMatchObject({ batch: lost?.['batch'], phase: 'Fed-batch' })
    expect(Number(restarted?.['at']) - Number(lost?.['at'])).toBe(4 * 60_000)
  })

  test('E12 freezes the pH, which moves at any other time', () => {
    expect(month.windows.get('E12.pH')?.distinct.size).toBe(1)
    expect(month.high[indexOf('BR-01', 'pH')]).toBeGreaterThan(month.low[indexOf('BR-01', 'pH')] ?? 0)
  })

  test('E10 delivers 15 % less feed than the program asks for, E11 is masked by the loop that it deceives', () => {
    const batch = 36 * hour
    const at = epochMs + 4 * batch + 16 * hour
    const { simulator } = new Recording()
    for (const step of historySteps(epochMs, at)) simulator.advance(step)
    const during = simulator.values()
    const share = Number(during[indexOf('BR-01', 'FeedRate')]) / Number(during[indexOf('BR-01', 'FeedRateSetPoint')])
    expect(share).toBeCloseTo(0.85, 2)
    expect(month.windows.get('E11.DissolvedOxygen')?.low).toBeGreaterThan(30)
  })
})

test('every asset has a name, tags with distinct names and a path of its own', () => {
  expect(new Set(assets.map((asset) => asset.id)).size).toBe(assets.length)
  expect(new Set(plantTags.map((tag) => tag.path)).size).toBe(plantTags.length)
  expect(plantTags.length).toBeGreaterThanOrEqual(100)
})
