import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Alarm, AlarmDefinition, DomainEvents, Operation } from '@throughline/model'
import {
  acknowledgeAlarms,
  adoptAlarmDefinitions,
  draftAlarmDefinition,
  listAlarmDefinitions,
  listAlarmHistory,
  listAlarms,
  listUnmappedAlarmSources,
  permissions,
  resetAlarms,
  retireAlarmDefinition,
  returnAlarmToService,
  shelveAlarm,
  statusCode,
  takeAlarmOutOfService,
  unshelveAlarm,
} from '@throughline/model'
import { actorWith, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startAlarms } from '../testing/start-alarm.ts'

type DefinitionId = Id<'AlarmDefinition'>

const started = await startAlarms({
  busyWith: async (asked) =>
    asked.map(({ nodeId }) => {
      const isBatch = nodeId === started.plant.loop
      return { order: 'O-17', batch: isBatch ? 'B-1001' : null, step: isBatch ? 'Rinse' : null }
    }),
})
afterAll(() => started.stop())
const { plant, clock } = started
const occurred: DomainEvents['alarm.occurred'][] = []
const answered: DomainEvents['alarm.answered'][] = []
const listen = () => {
  started.platform.on('alarm.occurred', 'test', async (_uow, event) => void occurred.push(event))
  started.platform.on('alarm.answered', 'test', async (_uow, event) => void answered.push(event))
}
listen()

const ada = { ...actorWith(['alarm.read', 'alarm.acknowledge', 'alarm.shelve', 'alarm.suppress']), name: 'ada' }
const bob = { ...ada, id: newId<'Person'>(), name: 'bob' }

async function get(definitionId: DefinitionId): Promise<Alarm> {
  await started.watch.idle()
  const { alarms } = await started.platform.run(listAlarms, ada, { show: 'all', limit: 2000 })
  const alarm = alarms.find((each) => each.definitionId === definitionId)
  if (alarm === undefined) throw new Error(`no alarm ${definitionId}`)
  return alarm
}

const stateOf = async (definitionId: DefinitionId) => (await get(definitionId)).state

const history = async (definitionId: DefinitionId) => {
  await started.watch.idle()
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  const found = await started.platform.run(listAlarmHistory, ada, { definitionId, window })
  return found.transitions.toReversed()
}

const acknowledge = (definitionIds: DefinitionId[], comment = '', by = ada) =>
  started.platform.run(acknowledgeAlarms, by, { definitionIds, comment })

let count = 0
/** A new tag with an alarm above 80 on it; `up` and `down` are readings one second later than the last, a little late. */
async function raised(changes: Parameters<typeof started.alarm>[2] = {}) {
  count += 1
  const name = `T${count}.high`
  const tagId = plant.tag(`t${count}`)
  const definition: AlarmDefinition = await started.alarm(name, tagId, changes)
  let seconds = -20
  const reading = async (value: number | null, status = 0) => {
    seconds += 1
    started.hear(tagId, seconds, value, status)
    await started.watch.idle()
  }
  return { id: definition.id, name, tagId, definition, up: () => reading(81), down: () => reading(20), reading }
}

test('[ALM-7, ALM-7-1, ALM-1] a limit passed becomes one alarm with its value, equipment, order and batch, however many readings say so', async () => {
  const { id, name, up, down, reading } = await raised()
  await down()
  expect(await get(id)).toMatchObject({ state: 'normal', active: false, occurrenceId: null })
  await reading(81.25)
  await up()
  await up()
  const alarm = await get(id)
  expect(alarm).toMatchObject({
    state: 'unacknowledged',
    active: true,
    detail: '81.25 °C, limit 80.0 °C',
    occurredAt: started.at(-18),
    priority: 2,
    occurrencesLastHour: 1,
    response: 'open the valve',
  })
  await acknowledge([id], 'seen')
  await down()
  expect(await get(id)).toMatchObject({ state: 'normal', active: false, detail: '' })
  const steps = await history(id)
  // By the time it happened: the reading that ended it was taken before somebody acknowledged it, and heard after.
  expect(steps.map(({ event, from, to, by, order, batch, step }) => [event, from, to, by, order, batch, step])).toEqual(
    [
      ['occur', 'normal', 'unacknowledged', null, 'O-17', 'B-1001', 'Rinse'],
      ['return', 'acknowledged', 'normal', null, 'O-17', 'B-1001', 'Rinse'],
      ['acknowledge', 'unacknowledged', 'acknowledged', 'ada', 'O-17', 'B-1001', 'Rinse'],
    ],
  )
  expect(new Set(steps.map(({ occurrenceId }) => occurrenceId))).toEqual(new Set([alarm.occurrenceId]))
  await started.platform.idle()
  expect(occurred.filter((event) => event.definitionId === id)).toMatchObject([
    { occurrenceId: alarm.occurrenceId, name, hidden: false, at: started.at(-18), nodeId: plant.loop },
  ])
  expect(answered.filter((event) => event.definitionId === id)).toMatchObject([{ by: 'ada' }])
})

test.each([
  { order: ['up', 'ack', 'down'], end: 'normal' },
  { order: ['up', 'down', 'ack'], end: 'normal' },
  { order: ['up', 'down'], end: 'returned-unacknowledged' },
  { order: ['up', 'down', 'up'], end: 'unacknowledged' },
  { order: ['up', 'down', 'ack', 'up'], end: 'unacknowledged' },
  { order: ['up', 'ack', 'down', 'up'], end: 'unacknowledged' },
] as const)('[ALM-1] after $order an alarm is $end', async ({ order, end }) => {
  const { id, up, down } = await raised()
  await down()
  for (const step of order) {
    if (step === 'ack') await acknowledge([id])
    else await (step === 'up' ? up() : down())
  }
  expect(await stateOf(id)).toBe(end)
})

test('[ALM-1!] what the table does not permit is refused in words, leaves no trace, and the others of the call are done', async () => {
  const [first, second, third] = [await raised(), await raised(), await raised()]
  await first.up()
  await second.up()
  await acknowledge([second.id], '', bob)
  const before = (await history(second.id)).length
  const answer = await acknowledge([first.id, second.id, third.id])
  expect(answer).toEqual([
    { definitionId: first.id, state: 'acknowledged', refused: null },
    {
      definitionId: second.id,
      state: 'acknowledged',
      refused: `Alarm ${second.name} is standing and acknowledged (bob): it cannot be acknowledged`,
    },
    { definitionId: third.id, state: 'normal', refused: expect.stringContaining('is normal: it cannot') },
  ])
  expect(await history(second.id)).toHaveLength(before)
  expect(await history(third.id)).toEqual([])
})

test('[ALM-1!] of two people who acknowledge at once one is first, and the other sees who', async () => {
  const { id, up } = await raised()
  await up()
  const answers = await Promise.all([acknowledge([id], '', ada), acknowledge([id], '', bob)])
  const refusals = answers.flat().flatMap(({ refused }) => refused ?? [])
  expect(refusals).toEqual([expect.stringMatching(/\((ada|bob)\)/)])
  expect((await history(id)).filter(({ event }) => event === 'acknowledge')).toHaveLength(1)
})

test('[ALM-6] a latched alarm stays after the process is normal, and is not reset before', async () => {
  const { id, up, down } = await raised({ latched: true })
  const reset = () => started.platform.run(resetAlarms, ada, { definitionIds: [id] })
  await up()
  expect(await reset()).toMatchObject([{ refused: expect.stringContaining('cannot be reset') }])
  await acknowledge([id])
  await down()
  expect(await get(id)).toMatchObject({ state: 'latched-acknowledged', active: false })
  expect(await reset()).toMatchObject([{ state: 'normal', refused: null }])
  await up()
  await down()
  expect(await stateOf(id)).toBe('latched-unacknowledged')
})

test('[ALM-2, ALM-3] a shelved alarm hides what its process does, keeps it on record, and comes back by itself', async () => {
  const { id, up, down } = await raised()
  const shelved = await started.platform.run(shelveAlarm, ada, {
    definitionId: id,
    forSeconds: 600,
    reason: 'probe out',
  })
  expect(shelved).toMatchObject({ state: 'shelved', by: 'ada', comment: 'probe out' })
  await up()
  await down()
  await up()
  expect(await get(id)).toMatchObject({ state: 'shelved', active: true, by: 'ada', comment: 'probe out' })
  await started.platform.idle()
  expect(occurred.filter((event) => event.definitionId === id).map(({ hidden }) => hidden)).toEqual([true, true])
  clock.advanceMs(600_000)
  await waitFor(async () => (await stateOf(id)) === 'unacknowledged', 'the shelf to end')
  const steps = await history(id)
  expect(steps.map(({ event, to }) => [event, to])).toEqual(
    expect.arrayContaining([
      ['occur', 'shelved'],
      ['return', 'shelved'],
      ['shelf-expired', 'unacknowledged'],
    ]),
  )
  expect(steps.at(-1)?.at).toBe(shelved.shelvedUntil)
  await started.platform.idle()
  expect(occurred.filter((event) => event.definitionId === id).at(-1)).toMatchObject({ hidden: false })
  const { rows } = await sql<{ hidden: boolean }>`
    select hidden from alarm.occurrence where definition_id = ${id}`.execute(started.database.db)
  expect(rows).toEqual([{ hidden: true }, { hidden: true }])
})

test('[ALM-2] an alarm whose process is normal leaves its shelf as normal, also when the product was restarted meanwhile', async () => {
  const { id, up, down } = await raised()
  await up()
  await started.platform.run(shelveAlarm, ada, { definitionId: id, forSeconds: 60, reason: 'known' })
  await down()
  await started.restart()
  listen()
  expect(await stateOf(id)).toBe('shelved')
  clock.advanceMs(60_000)
  await waitFor(async () => (await stateOf(id)) === 'normal', 'the shelf to end')
})

test('[ALM-2!] nobody shelves without a reason, for longer than the priority permits, or what is out of service', async () => {
  const { id } = await raised()
  const shelve = (forSeconds: number, reason = 'probe out') =>
    started.platform.run(shelveAlarm, ada, { definitionId: id, forSeconds, reason })
  await expect(shelve(60, '')).rejects.toMatchObject({ kind: 'invalid' })
  await expect(shelve(8 * 3600 + 1)).rejects.toMatchObject({ code: 'alarm.shelf-too-long' })
  await shelve(8 * 3600)
  expect(await started.platform.run(unshelveAlarm, ada, { definitionId: id })).toMatchObject({ state: 'normal' })
  await expect(started.platform.run(unshelveAlarm, ada, { definitionId: id })).rejects.toMatchObject({
    kind: 'conflict',
    code: 'alarm.transition-refused',
  })
  await started.platform.run(takeAlarmOutOfService, ada, { definitionId: id, reason: 'calibration' })
  await expect(shelve(60)).rejects.toMatchObject({ code: 'alarm.out-of-service' })
})

test('[ALM-3] an alarm out of service is listed as such, records what occurs, and stands when it is returned', async () => {
  const { id, up } = await raised()
  await started.platform.run(takeAlarmOutOfService, ada, { definitionId: id, reason: 'calibration' })
  await up()
  const { alarms } = await started.platform.run(listAlarms, ada, { show: 'out-of-service' })
  expect(alarms.map(({ definitionId, active }) => [definitionId, active])).toContainEqual([id, true])
  const back = await started.platform.run(returnAlarmToService, ada, { definitionId: id, comment: 'done' })
  expect(back).toMatchObject({ state: 'unacknowledged', by: 'ada' })
})

test('[ALM-3] the design suppresses an alarm while another tag says so, also one that comes off its shelf meanwhile', async () => {
  const mode = plant.tag('mode', plant.loop, 'string')
  const { id, up } = await raised({ suppressWhile: { tagId: mode, values: ['Cleaning'] } })
  started.hear(mode, 1, 'Cleaning')
  await up()
  expect(await get(id)).toMatchObject({ state: 'suppressed-by-design', active: true })
  await started.platform.run(shelveAlarm, ada, { definitionId: id, forSeconds: 60, reason: 'cleaning' })
  expect(await started.platform.run(unshelveAlarm, ada, { definitionId: id })).toMatchObject({
    state: 'suppressed-by-design',
  })
  started.hear(mode, 10, 'Execute')
  expect(await stateOf(id)).toBe('unacknowledged')
})

test('[ALM-9!] a bad signal shows the alarm as unknown, never as normal', async () => {
  const { id, down, reading } = await raised()
  await down()
  await reading(null, statusCode.badNoCommunication)
  expect(await get(id)).toMatchObject({ state: 'normal', active: null })
  const { alarms, summary } = await started.platform.run(listAlarms, ada, { show: 'unknown', limit: 2000 })
  expect(alarms.map(({ definitionId }) => definitionId)).toContain(id)
  expect(summary.unknown).toBe(alarms.length)
})

test('where no reading comes the clock ends a delay, and a silent tag becomes stale', async () => {
  const delayed = await raised({ onDelaySeconds: 5 })
  const silent = await raised({ condition: { kind: 'stale', forSeconds: 5 } })
  const seconds = (clock.now() - started.at(0)) / 1e6
  started.hear(delayed.tagId, seconds, 90)
  started.hear(silent.tagId, seconds, 20)
  expect(await stateOf(delayed.id)).toBe('normal')
  clock.advanceMs(7000)
  await waitFor(async () => (await stateOf(delayed.id)) === 'unacknowledged', 'the delay to end')
  await waitFor(async () => (await stateOf(silent.id)) === 'unacknowledged', 'the tag to be stale')
  expect((await get(delayed.id)).occurredAt).toBe(started.at(seconds + 5))
})

test('[SR-2.1!] who may not see the equipment sees and changes nothing of its alarms', async () => {
  const { id, up } = await raised()
  await up()
  const stranger = actorWith(['alarm.read', 'alarm.acknowledge', 'alarm.shelve', 'alarm.suppress'], plant.aero)
  const list = await started.platform.run(listAlarms, stranger, { show: 'all' })
  expect(list).toMatchObject({ alarms: [], total: 0, summary: { lastTenMinutes: 0 } })
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  expect((await started.platform.run(listAlarmHistory, stranger, { window })).transitions).toEqual([])
  for (const attempt of [
    () => acknowledge([id], '', { ...stranger, name: 'ada' }),
    () => started.platform.run(shelveAlarm, stranger, { definitionId: id, forSeconds: 60, reason: 'mischief' }),
    () => started.platform.run(takeAlarmOutOfService, stranger, { definitionId: id, reason: 'mischief' }),
    () => started.platform.run(listAlarms, stranger, { nodeId: plant.bio }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ kind: 'forbidden', code: 'platform.out-of-scope' })
  }
  await expect(acknowledge([id], '', { ...actorWith(['alarm.read']), name: 'ada' })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  expect(await stateOf(id)).toBe('unacknowledged')
})

test('[D-8!, SR-2.1!, SR-3.5!] without the permission, or with a broken input, nothing is answered and nothing done', async () => {
  const { id, up } = await raised()
  await up()
  const window = { from: started.at(-10), to: started.at(10) }
  const reason = 'because'
  const inputs: readonly (readonly [Operation, object])[] = [
    [listAlarms, {}],
    [listAlarmHistory, { window }],
    [listAlarmDefinitions, {}],
    [listUnmappedAlarmSources, {}],
    [acknowledgeAlarms, { definitionIds: [id] }],
    [resetAlarms, { definitionIds: [id] }],
    [shelveAlarm, { definitionId: id, forSeconds: 60, reason }],
    [unshelveAlarm, { definitionId: id }],
    [takeAlarmOutOfService, { definitionId: id, reason }],
    [returnAlarmToService, { definitionId: id }],
    [retireAlarmDefinition, { definitionId: id, reason }],
    [draftAlarmDefinition, { ...started.content('Deny.high', plant.tag('deny')), changeReason: reason }],
    [
      adoptAlarmDefinitions,
      { definitions: [started.content('Deny.high', plant.tag('deny2'))], document: 'LIST', reason },
    ],
  ]
  const nobody = actorWith(['historian.sample.read'])
  const all = actorWith(permissions)
  for (const [{ name }, input] of inputs) {
    await expect(started.platform.runByName(name, nobody, input), name).rejects.toMatchObject({ kind: 'forbidden' })
    const broken = { ...input, nodeId: 'x', definitionId: 'x', definitionIds: 'x', definitions: [{}] }
    // It takes no input that could be broken.
    if (name === listUnmappedAlarmSources.name) continue
    await expect(started.platform.runByName(name, all, broken), name).rejects.toMatchObject({ kind: 'invalid' })
  }
  expect(await stateOf(id)).toBe('unacknowledged')
})

test('[SR-3.5!] an alarm that is not there is named, and the history turns its pages', async () => {
  await expect(acknowledge([newId<'AlarmDefinition'>()])).rejects.toMatchObject({ code: 'alarm.alarm-unknown' })
  const { id, up, down } = await raised()
  for (let round = 0; round < 3; round++) {
    await up()
    await down()
  }
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  const page = (before?: Id<'AlarmTransition'>) =>
    started.platform.run(listAlarmHistory, ada, { definitionId: id, window, limit: 4, ...(before && { before }) })
  const first = await page()
  expect(first.more).toBe(true)
  const second = await page(first.transitions.at(-1)?.id)
  expect(second.more).toBe(false)
  expect([...first.transitions, ...second.transitions].map(({ event }) => event)).toEqual([
    'return',
    're-alarm',
    'return',
    're-alarm',
    'return',
    'occur',
  ])
  const occurrences = await started.platform.run(listAlarmHistory, ada, { definitionId: id, window, events: ['occur'] })
  expect(occurrences.transitions).toHaveLength(1)
})

test('[SR-3.5!] a comment that cannot be stored is refused', async () => {
  const { id, up } = await raised()
  await up()
  await expect(acknowledge([id], 'seen\u0000')).rejects.toMatchObject({ code: 'platform.text-unstorable' })
  await expect(
    started.platform.run(shelveAlarm, ada, { definitionId: id, forSeconds: 60, reason: 'half \uD800' }),
  ).rejects.toMatchObject({ code: 'platform.text-unstorable' })
})

test('[P11-10c!] not even SQL changes what happened to an alarm', async () => {
  await expect(sql`update alarm.transition set at = 0`.execute(started.database.owner)).rejects.toThrow(/never changes/)
})
