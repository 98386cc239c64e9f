import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { DomainEvents } from '@throughline/model'
import { acknowledgeAlarms, listAlarmHistory, listAlarms, listUnmappedAlarmSources } from '@throughline/model'
import type { Module } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedAlarms } from '../testing/start-alarm.ts'
import { startAlarms } from '../testing/start-alarm.ts'

const asked: DomainEvents['alarm.machine-asked'][] = []
const answers: Module = {
  name: 'ear',
  migrations: [],
  register: (platform) => platform.on('alarm.machine-asked', 'ear', async (_uow, body) => void asked.push(body)),
}
let started: StartedAlarms
let next = 0

beforeAll(async () => {
  started = await startAlarms({}, [answers])
  // What the machines tell lies before what people do.
  started.clock.advanceMs(100_000)
}, 60_000)
afterAll(() => started?.stop())

type Told = { active: boolean | null; acknowledged?: boolean; handle?: string | null; comment?: string }

/** An alarm of a machine, with what the machine says of it some seconds from the start. */
async function machineAlarm(changes: { onDelaySeconds?: number } = {}) {
  const condition = `nsu=urn:filler;s=A${++next}`
  const source = `filler/${condition}`
  const { id } = await started.alarm(`Machine${next}`, null, { condition: { kind: 'external', source }, ...changes })
  const say = async (seconds: number, told: Told): Promise<void> => {
    const { active, acknowledged = false, handle = acknowledged ? null : `E${seconds}`, comment = '' } = told
    const machine = { connection: 'filler', condition, acknowledged, handle, comment }
    started.watch.raiseExternal(source, { active, at: started.at(seconds), detail: 'jam', machine })
    await started.watch.settle()
  }
  return { id, condition, source, say }
}

const acknowledge = async (definitionId: Id<'AlarmDefinition'>) => {
  const input = { definitionIds: [definitionId], comment: 'seen' }
  const [outcome] = await started.platform.run(acknowledgeAlarms, started.engineer, input)
  await started.platform.idle()
  return outcome
}
const history = async (definitionId: Id<'AlarmDefinition'>) => {
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  const found = await started.platform.run(listAlarmHistory, started.engineer, { definitionId, window })
  return found.transitions.toReversed()
}
const stepsOf = async (id: Id<'AlarmDefinition'>) => (await history(id)).map(({ event, by }) => `${event} ${by ?? '-'}`)
const stateOf = async (id: Id<'AlarmDefinition'>) => {
  const { alarms } = await started.platform.run(listAlarms, started.engineer, { show: 'all', limit: 2000 })
  return alarms.find(({ definitionId }) => definitionId === id)
}
const settle = (cause: string, outcome: 'done' | 'refused' | 'unanswered', seconds: number, reason = '') =>
  started.platform
    .act('command', 'command.command.settle', {}, async (uow) => {
      const commandId = crypto.randomUUID() as Id<'Command'>
      uow.emit('command.settled', {
        commandId,
        kind: 'acknowledge-alarm',
        cause,
        outcome,
        at: started.at(seconds),
        reason,
      })
    })
    .then(() => started.platform.idle())

test('what somebody acknowledges at the machine is acknowledged here, by the machine and in its words', async () => {
  const { id, say } = await machineAlarm()
  await say(1, { active: true })
  await say(2, { active: true, acknowledged: true, comment: 'operator 7: seen at the panel' })
  await say(3, { active: false, acknowledged: true })
  expect(await stepsOf(id)).toEqual(['occur -', 'acknowledge machine (filler)', 'return -'])
  expect((await history(id))[1]).toMatchObject({ comment: 'operator 7: seen at the panel', machine: null })
  expect(asked.some(({ condition }) => condition.endsWith(`A${next}`))).toBe(false)
})

test('an alarm that returned at the machine waits here for its acknowledgement, from either side', async () => {
  const { id, say } = await machineAlarm()
  await say(1, { active: true })
  await say(2, { active: false })
  expect((await stateOf(id))?.state).toBe('returned-unacknowledged')
  await say(3, { active: false, acknowledged: true })
  expect((await stateOf(id))?.state).toBe('normal')
})

test('what was acknowledged at the machine before its delay was over is acknowledged as soon as it is an alarm', async () => {
  const { id, say } = await machineAlarm({ onDelaySeconds: 10 })
  await say(1, { active: true })
  await say(5, { active: true, acknowledged: true })
  await say(20, { active: true, acknowledged: true, comment: 'later' })
  expect(await stepsOf(id)).toEqual(['occur -', 'acknowledge machine (filler)'])
})

test('a machine that asks for an acknowledgement anew makes the alarm stand unacknowledged again', async () => {
  const { id, say } = await machineAlarm()
  await say(1, { active: true })
  await say(2, { active: true, acknowledged: true })
  await say(3, { active: true, acknowledged: false })
  expect(await stepsOf(id)).toEqual(['occur -', 'acknowledge machine (filler)', 'unacknowledge machine (filler)'])
})

test('[ALM-9] what the machine cannot be asked about is not known, and is no alarm that came again', async () => {
  const { id, say } = await machineAlarm()
  await say(1, { active: true })
  await say(2, { active: null })
  expect((await stateOf(id))?.active).toBeNull()
  await say(3, { active: true })
  expect(await stateOf(id)).toMatchObject({ active: true, state: 'unacknowledged' })
  expect(await stepsOf(id)).toEqual(['occur -'])
})

test('an acknowledgement here is asked of the machine with the state that was seen, and the history says what became of it', async () => {
  const { id, condition, say } = await machineAlarm()
  await say(1, { active: true, handle: 'E1' })
  await say(2, { active: true, handle: 'E2' })
  expect(await acknowledge(id)).toMatchObject({ state: 'acknowledged', refused: null })
  const told = asked.find((each) => each.condition === condition)
  expect(told).toMatchObject({ connection: 'filler', handle: 'E2', by: 'eve', comment: 'seen' })
  const machineOf = async () => (await history(id)).find(({ event }) => event === 'acknowledge')?.machine
  expect(await machineOf()).toMatchObject({ state: 'asked' })
  const cause = told?.transitionId ?? ''
  await settle(cause, 'unanswered', 60, 'the edge agent did not answer')
  expect(await machineOf()).toEqual({
    state: 'unanswered',
    at: started.at(60),
    reason: 'the edge agent did not answer',
  })
  await say(70, { active: true, acknowledged: true })
  expect(await machineOf()).toEqual({ state: 'confirmed', at: started.at(70), reason: '' })
  // A refusal that comes late does not undo what the machine itself has said.
  await settle(cause, 'refused', 80, 'no')
  expect(await machineOf()).toMatchObject({ state: 'confirmed' })
  expect(await stepsOf(id)).toEqual(['occur -', 'acknowledge eve'])
  const { rows } = await sql<{ versions: number }>`
    select count(*)::integer as versions from platform.record_change
    where record_kind = 'alarm.machine_answer' and record_id = ${cause}`.execute(started.database.db)
  expect(rows[0]?.versions).toBe(3)
})

test('a machine that refused, and one that takes no acknowledgement, are told apart', async () => {
  const refusing = await machineAlarm()
  await refusing.say(1, { active: true })
  await acknowledge(refusing.id)
  const cause = asked.find(({ condition }) => condition === refusing.condition)?.transitionId ?? ''
  await settle(cause, 'refused', 5, 'the state is gone')
  expect((await history(refusing.id))[1]?.machine).toMatchObject({ state: 'refused', reason: 'the state is gone' })
  // So does the list; once the alarm asks for somebody anew, the answer to the old acknowledgement is history.
  expect((await stateOf(refusing.id))?.machine).toMatchObject({ state: 'refused', reason: 'the state is gone' })
  await refusing.say(6, { active: true, acknowledged: true })
  expect((await stateOf(refusing.id))?.machine).toMatchObject({ state: 'confirmed' })
  await refusing.say(7, { active: true, acknowledged: false })
  expect(await stateOf(refusing.id)).toMatchObject({ state: 'unacknowledged', machine: null })
  const silent = await machineAlarm()
  await silent.say(1, { active: true, handle: null })
  await acknowledge(silent.id)
  expect((await history(silent.id))[1]?.machine).toBeNull()
  expect(asked.some(({ condition }) => condition === silent.condition)).toBe(false)
})

test('[ALM-8] told again after a restart, an alarm of a machine is no second one, and its handle is remembered', async () => {
  const { id, condition, say } = await machineAlarm()
  await say(1, { active: true, handle: 'E1' })
  await started.restart()
  await say(1, { active: true, handle: 'E1' })
  expect(await stepsOf(id)).toEqual(['occur -'])
  await acknowledge(id)
  expect(asked.find((each) => each.condition === condition)).toMatchObject({ handle: 'E1' })
})

test('an alarm that stood at the machine before it was defined here begins with what was told, and leaves the unmapped', async () => {
  const source = 'filler/nsu=urn:filler;s=Before'
  const machine = { connection: 'filler', condition: 's=Before', acknowledged: false, handle: 'E1', comment: '' }
  const told = { active: true, at: started.at(5), detail: 'hopper empty', machine }
  started.watch.raiseExternal(source, told)
  started.watch.raiseExternal(source, told)
  const { sources } = await started.platform.run(listUnmappedAlarmSources, started.engineer, {})
  expect(sources.find((each) => each.source === source)).toMatchObject({ count: 1 })
  const { id } = await started.alarm('Before.external', null, { condition: { kind: 'external', source } })
  await started.watch.settle()
  expect(await stateOf(id)).toMatchObject({ state: 'unacknowledged', detail: 'hopper empty' })
})

type QualityTold = 'deviation-opened' | 'deviation-closed' | 'inspection-recorded' | 'gauge-doubted'

/** What quality tells, committed and heard. */
async function tell<Name extends `quality.${QualityTold}` | 'equipment.calibration-recorded'>(
  name: Name,
  body: DomainEvents[Name],
): Promise<void> {
  await started.platform.act('quality', 'quality.test.tell', {}, async (uow) => uow.emit(name, body))
  await started.platform.idle()
  await started.watch.settle()
}

test('[ALM-1, ALM-7-1] what quality finds raises an alarm by its definition, is seen by somebody, and returns when it is closed', async () => {
  const { oven } = started.plant
  const condition = { kind: 'event' as const, source: 'deviation' as const, severities: ['major' as const] }
  const { id } = await started.alarm('Aero.deviation', null, { nodeId: started.plant.aero, condition })
  await started.watch.settle()
  expect(await stateOf(id)).toMatchObject({ state: 'normal', active: false })
  const open = (deviationId: Id<'Deviation'>, code: string, seconds: number, severity: 'minor' | 'major') =>
    tell('quality.deviation-opened', {
      ...{ deviationId, code, orderId: null, runId: null, lots: [], at: started.at(seconds) },
      opened: { title: 'Part dropped', severity, nodeId: oven, cause: 'person' },
    })
  const close = (deviationId: Id<'Deviation'>, seconds: number) =>
    tell('quality.deviation-closed', {
      ...{ deviationId, code: '', lots: [], disposition: null, at: started.at(seconds) },
    })
  const [first, second, third] = [newId<'Deviation'>(), newId<'Deviation'>(), newId<'Deviation'>()]
  await open(newId<'Deviation'>(), 'DEV-0', 1, 'minor')
  await open(first, 'DEV-1', 2, 'major')
  await open(first, 'DEV-1', 2, 'major')
  expect(await stateOf(id)).toMatchObject({ state: 'unacknowledged', detail: 'DEV-1, major: Part dropped' })
  await acknowledge(id)
  await open(second, 'DEV-2', 3, 'major')
  expect(await stateOf(id)).toMatchObject({ state: 'unacknowledged', detail: 'DEV-2, major: Part dropped' })
  await acknowledge(id)
  // What stands is known after a restart, and nothing is told twice.
  await started.restart()
  await close(first, 4)
  expect((await stateOf(id))?.state).toBe('acknowledged')
  await close(second, 5)
  expect((await stateOf(id))?.state).toBe('normal')
  // Closed before its opening was heard: there is nothing to raise, and somebody sees that it was.
  await close(third, 7)
  await open(third, 'DEV-3', 6, 'major')
  expect((await stateOf(id))?.state).toBe('returned-unacknowledged')
  // From a deviation to the alarms that it raised, and from each of those to its deviation.
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  for (const deviationId of [first, second, third]) {
    const { transitions } = await started.platform.run(listAlarmHistory, started.engineer, { deviationId, window })
    expect(transitions.map(({ definitionId, deviationId: about }) => [definitionId, about])).toEqual([
      [id, deviationId],
    ])
  }
  const known = ['occur -', 'acknowledge eve', 're-alarm -', 'acknowledge eve', 'return -', 'occur -', 'return -']
  expect((await stepsOf(id)).toSorted()).toEqual(known.toSorted())
})

test('a gauge left out of tolerance stands until it is in tolerance and its deviation is closed', async () => {
  const condition = { kind: 'event' as const, source: 'gauge-out-of-tolerance' as const, severities: [] }
  const { loop } = started.plant
  const { id } = await started.alarm('Loop.gauge', null, { nodeId: loop, condition })
  const [assetId, deviationId] = [newId<'Asset'>(), newId<'Deviation'>()]
  const gauge = { assetId, code: 'TW-9', nodeId: loop }
  await tell('quality.gauge-doubted', { ...gauge, deviationId, leftOut: true, at: started.at(10) })
  expect((await stateOf(id))?.detail).toBe('TW-9 was found out of tolerance, and left so')
  await tell('quality.deviation-closed', { deviationId, code: '', lots: [], disposition: null, at: started.at(11) })
  expect((await stateOf(id))?.state).toBe('unacknowledged')
  await tell('equipment.calibration-recorded', {
    ...{ ...gauge, asFound: 'out-of-tolerance', asLeft: 'in-tolerance', since: null, at: started.at(12) },
  })
  expect((await stateOf(id))?.state).toBe('returned-unacknowledged')
})
