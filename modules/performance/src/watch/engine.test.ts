import { setTimeout as wait } from 'node:timers/promises'
import type { SampleValue, StateRule } from '@throughline/model'
import { correctSample, listSamples, setStateRule } from '@throughline/model'
import { drawsFrom, waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { derivedTables } from '../state/tables.ts'
import { listRuleVersions } from '../state-rule/store.ts'
import { packerRule } from '../testing/packer-rule.ts'
import type { StartedPerformance, ToldReading } from '../testing/start-performance.ts'
import { startPerformance } from '../testing/start-performance.ts'
import { Deriver } from './deriver.ts'
import { Follower } from './follower.ts'
import { listReadings } from './samples.ts'
import { tagsOf } from './watched-tags.ts'

const machines = ['P-1', 'P-2'] as const
type MachineName = (typeof machines)[number]
const days = 3
const [seed, rounds] = [41, 4]
const draw = drawsFrom(seed)
/** For what waits on its own, so that its order does not change what happens. */
const drawPause = drawsFrom(seed + 1)

let plant: StartedPerformance
/** The second in which the test is, counted from the beginning. */
let now = 0
const silent = new Set<MachineName>()
const counters = new Map<string, number>()
const corrigible: { machine: MachineName; reading: ToldReading }[] = []

beforeAll(async () => {
  plant = await startPerformance({ lookEveryMs: 4 })
  slowDown()
  turn(days * 86_400)
  await plant.platform.run(setStateRule, plant.system, packerRule)
})
afterAll(() => plant.stop())

/** The historian takes its time now and then: then more happens while the past is read. */
function slowDown(): void {
  const { platform } = plant
  const run = platform.run.bind(platform) as (...asked: unknown[]) => Promise<unknown>
  const slow = async (...asked: unknown[]): Promise<unknown> => {
    if (asked[0] === listSamples && drawPause(3) === 0) await wait(drawPause(12))
    return await run(...asked)
  }
  Object.assign(platform, { run: slow })
}

function turn(seconds: number): void {
  plant.clock.advanceMs(seconds * 1000)
  now += seconds
}

const states = ['Execute', 'Execute', 'Execute', 'Held', 'Aborted', 'Idle', 'Suspended', 'Resetting', 'Nonsense']

/** A reading that a packer may give; counters mostly rise. */
function madeReading(machine: MachineName, second: number): ToldReading {
  const bad = draw(12) === 0
  const told = (tag: ToldReading[1], value: SampleValue): ToldReading =>
    bad ? [second, tag, null, 0x8031_0000] : [second, tag, value]
  switch (draw(7)) {
    case 0:
    case 1:
      return told('State', states[draw(states.length)] ?? '')
    case 2:
      return told('Order', ['A', 'B', ''][draw(3)] ?? '')
    case 3:
      return told('Reason', ['17', '18', ''][draw(3)] ?? '')
    case 4:
      return told('Scrap', BigInt(draw(40)))
    default: {
      const key = `${machine}`
      const next = ((counters.get(key) ?? 0) + draw(9)) % 1000
      counters.set(key, next)
      return told('Good', BigInt(next))
    }
  }
}

/** So many readings from a second on, with steps of up to `gap` seconds, in their order or a little out of it. */
function stretch(machine: MachineName, from: number, gap: number, until: number): ToldReading[] {
  const readings: ToldReading[] = []
  let second = from
  for (let count = 3 + draw(25); count > 0 && second < until; count--) {
    readings.push(madeReading(machine, second))
    if (draw(3) > 0) second += draw(gap * 10) / 10
  }
  const firsts = readings.filter(
    ([at, tag], index) => readings.findIndex((each) => each[0] === at && each[1] === tag) === index || draw(4) === 0,
  )
  return draw(3) > 0 ? firsts : firsts.sort((a, b) => a[0] - b[0] + (draw(7) - 3))
}

async function send(machine: MachineName, readings: readonly ToldReading[]): Promise<void> {
  if (readings.length === 0) return
  await plant.send(machine, readings, true)
  const kept = readings[draw(readings.length)]
  if (kept !== undefined && kept[1] === 'State') corrigible.push({ machine, reading: kept })
}

/** Whatever may happen to a machine, without waiting until it is worked in. */
async function happen(): Promise<string> {
  const machine = machines[draw(2)] ?? 'P-1'
  const kind = draw(20)
  if (kind < 7) {
    const from = now
    turn(1 + draw(60))
    await send(machine, stretch(machine, from, 4, now))
    return 'live'
  }
  if (kind < 12) {
    const from = draw(days * 86_400)
    await send(machine, stretch(machine, from, 200, now - 200))
    return 'late'
  }
  if (kind < 14) {
    // A stream that comes late, batch after batch.
    let from = draw(days * 86_400)
    for (let batch = 0; batch < 5; batch++) {
      const some = stretch(machine, from, 900, now - 200)
      await send(machine, some)
      from = Math.max(from, ...some.map(([second]) => second)) + 60
      if (draw(2) === 0) await wait(draw(20))
    }
    return 'late stream'
  }
  if (kind < 15) {
    turn(draw(1200))
    return 'time passes'
  }
  if (kind < 16) {
    const found = corrigible[draw(corrigible.length)]
    if (found === undefined) return 'nothing'
    const [second] = found.reading
    const tagId = plant.tagId(found.machine, 'State')
    const value = states[draw(states.length)] ?? ''
    await plant.platform.run(correctSample, plant.system, { tagId, at: plant.at(second), value, reason: 'mistaken' })
    return 'correction'
  }
  if (kind < 18) {
    const isSilent = !silent.has(machine)
    if (isSilent) silent.add(machine)
    else silent.delete(machine)
    plant.performance.watch.setAgentSilent([plant.tagId(machine, 'State')], isSilent)
    return isSilent ? 'agent silent' : 'agent speaks'
  }
  if (kind < 19) {
    const signals: StateRule['signal'][] = [
      packerRule.signal,
      { kind: 'mtconnect', execution: 'State', mode: 'Order', functionalMode: 'Reason' },
      { kind: 'counts', tag: 'Good', cycles: 5 + draw(40) },
      { kind: 'values', tag: 'State', states: { Execute: 'running', Idle: 'changeover' }, otherwise: 'down' },
    ]
    const effectiveFrom = plant.at(draw(now))
    const signal = signals[draw(signals.length)] ?? packerRule.signal
    await plant.platform.run(setStateRule, plant.system, { ...packerRule, signal, effectiveFrom, reason: 'other' })
    return 'rule'
  }
  await plant.restart()
  slowDown()
  for (const each of silent) plant.performance.watch.setAgentSilent([plant.tagId(each, 'State')], true)
  return 'restart'
}

/** What is stored of a machine. */
async function stored(machine: MachineName) {
  const nodeId = plant.nodeId(`Works/North/Line/${machine}`)
  const all = async (table: 'signal_interval' | 'run' | 'count_step' | 'count_gap' | 'counter_note' | 'reason_code') =>
    await derivedTables(plant.platform.db)
      .selectFrom(table)
      .selectAll()
      .where('node_id', '=', nodeId)
      .orderBy(table === 'signal_interval' || table === 'run' ? 'from_at' : 'at')
      .execute()
  return plain({
    spells: await all('signal_interval'),
    works: await all('run'),
    steps: await all('count_step'),
    gaps: await all('count_gap'),
    notes: await all('counter_note'),
    codes: await all('reason_code'),
  })
}

/** The same out of nothing but the samples that the historian holds, from the first to the last at once. */
async function derived(machine: MachineName) {
  const nodeId = plant.nodeId(`Works/North/Line/${machine}`)
  const rules = (await listRuleVersions(plant.platform.db)).filter(({ className }) => className === 'Packer')
  const watched = { ...{ nodeId, name: machine, path: '', className: 'Packer', nodePath: [] }, rules }
  const tags = tagsOf(watched, plant.directory.list())
  const readings = await listReadings(plant.platform, tags, 0, plant.clock.now() + 86_400e6)
  const at = plant.clock.now()
  const { spells, works, steps, gaps, notes, codes } = Follower.tailOf(
    new Deriver(rules),
    readings,
    at,
    silent.has(machine),
  )
  return plain({
    spells: spells.rows.map(({ from, to, state, label }) => ({ from_at: from, to_at: to, state, label })),
    works: works.rows
      .filter(({ order, product }) => order !== null || product !== null)
      .map(({ from, to, order, product }) => ({ from_at: from, to_at: to, order_name: order, product })),
    steps: steps.rows,
    gaps: gaps.rows,
    notes: notes.rows.map(({ at: when, tag, before, after }) => ({
      ...{ at: when, tag, before_value: before, after_value: after },
    })),
    codes: codes.rows,
  })
}

type Rows = Record<string, readonly object[]>

/** Times as seconds since the beginning, to be read when it fails. */
function plain(tables: Rows): Record<string, string[]> {
  const second = (value: unknown, key: string): unknown =>
    (key === 'at' || key === 'since' || key.endsWith('_at')) && typeof value === 'number'
      ? (value - plant.begin) / 1e6
      : value
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [
      name,
      rows
        .map((row) =>
          Object.entries(row)
            .filter(([key]) => key !== 'node_id')
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, value]) => `${key} ${second(value, key)}`)
            .join(', '),
        )
        .sort(),
    ]),
  )
}

test('[KPI-1] [KPI-3] live, late, corrected and restarted in any order, what is stored is what the samples say', async () => {
  const log: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (let count = 4 + draw(10); count > 0; count--) {
      log.push(await happen())
      if (draw(2) === 0) await wait(draw(30))
    }
    log.push('|')
    await plant.platform.idle()
    for (const machine of machines) {
      let seen: unknown
      await waitFor(async () => {
        seen = await stored(machine)
        const truth = await derived(machine)
        return JSON.stringify(seen) === JSON.stringify(truth) ? true : undefined
      }, 'the stored rows to follow').catch(async () => {
        expect(await stored(machine), `${machine}, seed ${seed}, round ${round}: ${log.slice(-40).join(' ')}`).toEqual(
          await derived(machine),
        )
      })
    }
  }
}, 600_000)
