import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Id } from '@throughline/kernel'
import { listAlarmHistory, listAlarms, listUnmappedAlarmSources } from '@throughline/model'
import { actorWith, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { Flood } from '../testing/flood.ts'
import { startAlarms } from '../testing/start-alarm.ts'

const started = await startAlarms()
afterAll(() => started.stop())
const { plant, engineer, database } = started

const window = { from: started.at(-1e6), to: started.at(1e6) }
const count = async (name: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from alarm.transition where name like ${name}`.execute(database.db)
  return rows[0]?.count ?? 0
}

const stepsOf = async (definitionId: Id<'AlarmDefinition'>) => {
  await started.watch.idle()
  const found = await started.platform.run(listAlarmHistory, engineer, { definitionId, window })
  return found.transitions.toReversed().map(({ event, at }) => `${event} ${(at - started.at(0)) / 1e6}`)
}

async function many(prefix: string, howMany: number) {
  const tags = Array.from({ length: howMany }, (_, index) => plant.find(plant.tag(`${prefix}${index}`))).flatMap(
    (tag) => tag ?? [],
  )
  const definitions = await started.adopt(tags.map(({ id }, index) => started.content(`${prefix}${index}.high`, id)))
  return { tags, definitions }
}

test('[ALM-8!, AL-Enduring!] of 10,000 buffered readings no alarm is lost or told twice when the product is killed half-way', async () => {
  const [howMany, perTag, hold] = [20, 500, 5]
  const crossings = perTag / hold
  const { tags, definitions } = await many('Kill', howMany)
  const start = started.at(-perTag)
  const flood = new Flood(
    tags.map(({ id }) => id),
    start,
    perTag,
    hold,
  )
  await started.pause()
  const script = fileURLToPath(new URL('../testing/hear-until-killed.ts', import.meta.url))
  const given = JSON.stringify({ connection: database.connection, tags, start, perTag, hold })
  const child: ChildProcess = spawn(process.execPath, [script, given], { stdio: ['ignore', 'ignore', 'inherit'] })
  await waitFor(async () => (await count('Kill%')) >= 500, 'the first crossings to be recorded', 60_000)
  child.kill('SIGKILL')
  if (child.signalCode === null) await once(child, 'exit')
  const recorded = await count('Kill%')
  expect(recorded).toBeLessThan(howMany * crossings)

  await started.resume({ samples: flood })
  await started.watch.idle()
  expect(await count('Kill%')).toBe(howMany * crossings)
  // An edge agent that had no answer sends it all once more.
  started.watch.hear(flood.batch())
  await started.watch.idle()
  expect(await count('Kill%')).toBe(howMany * crossings)
  const { rows } = await sql<{ ascending: boolean; distinct: number }>`
    select bool_and(at > before) as ascending, count(distinct (definition_id, at))::integer as distinct from (
      select definition_id, at, lag(at, 1, 0::bigint) over (partition by definition_id order by seq) as before
      from alarm.transition where name like 'Kill%') as each`.execute(database.db)
  expect(rows).toEqual([{ ascending: true, distinct: howMany * crossings }])
  const occurrences = await sql<{ count: number }>`
    select count(*)::integer as count from alarm.occurrence where definition_id = ${definitions[0]?.id}`.execute(
    database.db,
  )
  expect(occurrences.rows).toEqual([{ count: crossings / 2 }])
  await started.resume({})
}, 120_000)

test('what a batch brings out of order is heard in the order of time, and what was heard before is ignored', async () => {
  const tagId = plant.tag('order')
  const { id } = await started.alarm('Order.high', tagId)
  started.hear(tagId, 1, 20)
  started.hear(tagId, 5, 81)
  started.hear(tagId, 3, 20)
  started.hear(tagId, 5, 20)
  started.hear(tagId, 6, 20)
  expect(await stepsOf(id)).toEqual(['occur 5', 'return 6'])
})

test('a reading from the future is not judged, and does not make the later ones look old', async () => {
  const tagId = plant.tag('future')
  const { id } = await started.alarm('Future.high', tagId)
  started.hear(tagId, 1, 20)
  started.hear(tagId, 3_000_000, 81)
  started.hear(tagId, 2, 81)
  expect(await stepsOf(id)).toEqual(['occur 2'])
})

test('an hour that comes late gives its alarms at the time of the source, whatever our clock says meanwhile', async () => {
  const tagId = plant.tag('late')
  const { id } = await started.alarm('Late.high', tagId, { onDelaySeconds: 30 })
  started.hear(tagId, -3600, 20)
  started.hear(tagId, -3500, 81)
  // The clock is long past the delay; the next reading says that it did not last.
  await new Promise((resolve) => setImmediate(resolve))
  started.hear(tagId, -3480, 20)
  started.hear(tagId, -3400, 81)
  started.hear(tagId, -3300, 20)
  expect(await stepsOf(id)).toEqual(['occur -3370', 'return -3300'])
})

test('readings that came before it was known whose they are: the newest is judged as soon as their source is mapped', async () => {
  const tagId = plant.tag('mapped')
  const { id } = await started.alarm('Mapped.high', tagId)
  const at = started.at(4)
  started.samples.keep({ tag: tagId, at: started.at(3), serverAt: at, value: 99, status: 0 })
  started.samples.keep({ tag: tagId, at, serverAt: at, value: 81, status: 0 })
  await started.platform.act('historian', 'historian.test.map', {}, async (uow) => {
    uow.emit('historian.source-mapped', { source: 'edge-1/press/force', tagId, moved: 2 })
  })
  await started.platform.idle()
  expect(await stepsOf(id)).toEqual(['occur 4'])
  started.hear(tagId, 5, 20)
  expect(await stepsOf(id)).toEqual(['occur 4', 'return 5'])
})

test('tags without an alarm, and sources without a definition, make none; the sources are counted', async () => {
  const before = await count('%')
  started.hear(plant.tag('nobody'), 1, 1e9)
  started.watch.raiseExternal('opcua/FIL-01/Jam', { active: true, at: started.at(1), detail: 'jam' })
  started.watch.raiseExternal('opcua/FIL-01/Jam', { active: false, at: started.at(2), detail: '' })
  await started.watch.idle()
  expect(await count('%')).toBe(before)
  expect(await started.platform.run(listUnmappedAlarmSources, engineer, {})).toEqual({
    sources: [{ source: 'opcua/FIL-01/Jam', count: 2, lastAt: started.at(2) }],
    beyond: 0,
  })
  const narrow = actorWith(['alarm.read'], plant.bio)
  await expect(started.platform.run(listUnmappedAlarmSources, narrow, {})).rejects.toMatchObject({ kind: 'forbidden' })
})

test('an alarm of a machine becomes one of ours, with the words of the machine', async () => {
  const condition = { kind: 'external' as const, source: 'mtconnect/CNC-01/coolant' }
  const { id } = await started.alarm('Coolant.external', null, { condition })
  started.watch.raiseExternal(condition.source, { active: true, at: started.at(1), detail: 'level low, code 431' })
  await started.watch.idle()
  const { alarms } = await started.platform.run(listAlarms, engineer, { nodeId: plant.loop, limit: 2000 })
  expect(alarms.find(({ definitionId }) => definitionId === id)).toMatchObject({
    state: 'unacknowledged',
    detail: 'level low, code 431',
  })
  started.watch.raiseExternal(condition.source, { active: false, at: started.at(2), detail: '' })
  expect(await stepsOf(id)).toEqual(['occur 1', 'return 2'])
})

test('an alarm that was heard and not recorded before a stop is recorded after the next start', async () => {
  const tagId = plant.tag('between')
  const { id } = await started.alarm('Between.high', tagId)
  started.hear(tagId, 1, 20)
  await started.pause()
  // Durable in the historian while the watch was down.
  for (const [seconds, value] of [
    [2, 81],
    [3, 20],
  ] as const) {
    const at = started.at(seconds)
    started.samples.keep({ tag: tagId, at, serverAt: at, value, status: 0 })
  }
  await started.resume({})
  expect(await stepsOf(id)).toEqual(['occur 2', 'return 3'])
})

test('[ALM-7] one flood is few entries of the ledger, each with its rows and its events', async () => {
  const { tags } = await many('Flood', 30)
  const flood = new Flood(
    tags.map(({ id }) => id),
    started.at(100),
    10,
  )
  started.watch.hear(flood.batch())
  await started.watch.idle()
  expect(await count('Flood%')).toBe(300)
  const { rows } = await sql<{ entries: number; changes: number }>`
    select count(distinct change.entry_id)::integer as entries, count(*)::integer as changes
    from platform.record_change change join alarm.transition on change.record_id = transition.id::text
    where change.record_kind = 'alarm.transition' and transition.name like 'Flood%'`.execute(database.db)
  expect(rows[0]?.changes).toBe(300)
  expect(rows[0]?.entries).toBeLessThanOrEqual(3)
})
