import type { Instant } from '@throughline/kernel'
import { getKpis } from '@throughline/model'
import { systemActor } from '@throughline/platform'
import { sql } from 'kysely'
import type { StartedPlant } from '../modules/performance/src/shift-result/testing/plain-plant.ts'
import { at, dayUs, putCalendar, startPlainPlant } from '../modules/performance/src/shift-result/testing/plain-plant.ts'

const machineCount = 100
const days = 30
const minuteUs = 60e6
const questions = 30
const updates = 200
const reader = systemActor('bench')

/**
 * A hundred machines with thirty days of states (a standstill of 45 s every 25 min, a breakdown of 10 min every 4 h), their
 * stops, and counts by the minute, in three shifts a day; the last shift goes on.
 *
 * `kpisMs`: median of 30 times `performance.kpi.get` through the door, all KPIs of each of the 90 shifts over all machines:
 * results of finished shifts as they were recorded, the running shift worked out of its states, stops and counts.
 * `updateMs`: median of 200 times: one machine's count is stored, then `performance.kpi.get` through the door works its
 * running shift out anew; only the question is timed. How long recording all shifts from the facts takes stands on stderr.
 */
export async function oee(): Promise<{ kpisMs: number; updateMs: number }> {
  const started = await startPlainPlant()
  try {
    const { plant, platform, clock, recorder } = started
    clock.advanceMs(6 * 3_600_000)
    for (let index = 3; index < machineCount; index += 1) plant.addMachine(`m${index}`, plant.lineA, 30)
    await putCalendar(platform, plant.site, [
      ['night', '22:00', '06:00'],
      ['early', '06:00', '14:00'],
      ['late', '14:00', '22:00'],
    ])
    const to = clock.now()
    const from = (at('2026-11-22T06:00:00Z') - days * dayUs) as Instant
    await fill(started, from, to)
    let before = performance.now()
    await recorder.settle()
    say(`recording the shifts of ${machineCount} machines: ${((performance.now() - before) / 1000).toFixed(1)} s`)
    await sql`vacuum analyze performance.shift_result`.execute(platform.db).catch(() => undefined)

    const window = { from, to }
    const times: number[] = []
    for (let question = 0; question < questions; question += 1) {
      before = performance.now()
      const { rows } = await platform.run(getKpis, reader, { window, by: 'shift' })
      times.push(performance.now() - before)
      if (rows.length !== days * 3 + 1) throw new Error(`${rows.length} shifts came back`)
    }
    say(`all KPIs of all shifts: from ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`)
    return { kpisMs: median(times), updateMs: await update(started, to) }
  } finally {
    await started.stop()
  }
}

async function update({ plant, platform }: StartedPlant, now: Instant): Promise<number> {
  const window = { from: at('2026-11-22T06:00:00Z'), to: (now + dayUs) as Instant }
  const times: number[] = []
  for (let index = 0; index < updates; index += 1) {
    await sql`update performance.count_step set total = total + 1, good = good + 1
      where node_id = ${plant.fast} and at = ${now - minuteUs}`.execute(platform.db)
    const before = performance.now()
    const { total } = await platform.run(getKpis, reader, { nodeId: plant.fast, window, by: 'none' })
    times.push(performance.now() - before)
    if (total.elements.pq === 0) throw new Error('the running shift has no parts')
  }
  return median(times)
}

/** What would have been worked out of samples, made by the database itself. */
async function fill({ plant, platform }: StartedPlant, from: Instant, to: Instant): Promise<void> {
  for (const [number, { nodeId }] of plant.list().entries()) {
    // Each machine stands at other moments than its neighbour.
    const begin = from + ((number * 7_919_000) % minuteUs)
    const every = 25 * minuteUs
    const spans = sql`generate_series(${begin}::bigint, ${to - every}::bigint, ${every}::bigint) as at,
      lateral (select case when (at - ${begin}) / ${every} % 10 = 5 then 600000000 else 45000000 end as length) as stop`
    await sql`
      insert into performance.signal_interval (node_id, from_at, to_at, state, label)
      select ${nodeId}::uuid, at, at + ${every} - length, 'running', 'Execute' from ${spans}
      union all select ${nodeId}::uuid, at + ${every} - length, at + ${every}, 'down', 'Held' from ${spans}
    `.execute(platform.db)
    await sql`
      insert into performance.count_step (node_id, at, total, good)
      select ${nodeId}::uuid, at, 2, case when at % 420000000 = 0 then 1 else 2 end
      from generate_series(${from}::bigint, ${to - minuteUs}::bigint, ${minuteUs}::bigint) as at`.execute(platform.db)
    // Minor stops of old shifts are judged by their length all the same: their rows are left out for the time they take.
    await platform.act('bench', 'bench.fill', {}, async (uow) => {
      await sql`
        insert into performance.stop (id, node_id, from_at, to_at, state, label, minor_below_us, version, cut_from, joined,
          came_from)
        select gen_random_uuid(), node_id, from_at, to_at, state, label, 60000000, 1, false, false, '{}'
        from performance.signal_interval where node_id = ${nodeId} and state = 'down'
          and (to_at - from_at >= 60000000 or from_at > ${to - dayUs})`.execute(uow.trx)
    })
  }
  say(`${machineCount} machines with ${days} days of states and counts are there`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Number((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(1))
}

const say = (line: string): void => {
  console.error(line)
}
