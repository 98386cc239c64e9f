import type { Id } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import {
  acknowledgeCall,
  adoptAlarmDefinitions,
  callHelp,
  commentStop,
  correctCount,
  draftAlarmDefinition,
  explainStop,
  listAlarms,
  listCurrentStates,
  listNodes,
  listReasons,
  listStops,
  listTags,
  planStop,
  recordCount,
  recordState,
  resolveCall,
  retireReason,
  setCalendar,
  setReason,
  setRoster,
  setStandard,
  setStateRule,
  shelveAlarm,
  splitStop,
  takeAlarmOutOfService,
} from '@throughline/model'
import type { Actor, Platform } from '@throughline/platform'
import type { HandClock } from './clock.ts'
import { waitFor } from './wait-for.ts'

/** What was asked and answered, for `RandomInput.hear`. */
export type Answered = readonly [answer: unknown, operation: Operation]

type Ask = (operation: Operation, input: unknown) => Promise<unknown>
type Answer<Asked extends Operation> = ReturnType<Asked['output']['parse']>

const why = 'as it was agreed'
const hourMs = 3_600_000
/** The smallest PNG there is. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Notes what is answered, so that random requests find things to be about. */
function asking(platform: Platform, actor: Actor): { ask: Ask; answered: Answered[] } {
  const answered: Answered[] = []
  const ask: Ask = async (operation, input) => {
    const answer = await platform.runByName(operation.name, actor, input)
    answered.push([answer, operation])
    return answer
  }
  return { ask, answered }
}

/**
 * What people set up for the pump of `pumpPlant`: rules, reasons, a calendar, plans, alarms, rosters, a call for help. Needs
 * the performance and alarm modules on the platform, not that they follow anything.
 */
export async function setUpPump(platform: Platform, actor: Actor): Promise<Answered[]> {
  const { ask, answered } = asking(platform, actor)
  const now = platform.clock.now()
  const nodes = (await ask(listNodes, {})) as Answer<typeof listNodes>
  const { tags } = (await ask(listTags, {})) as Answer<typeof listTags>
  const idAt = (path: string) => nodes.find((node) => node.path === path)?.id
  const [area, pump] = [idAt('acme/north/utilities'), idAt('acme/north/utilities/p-01')]
  const tagId = tags.find(({ name }) => name === 'Flow')?.id
  const none = { reasonTag: null, orderTag: null, productTag: null, total: null, good: null, scrap: null, rework: null }
  await ask(setStateRule, {
    ...{ className: 'pump', signal: { kind: 'manual' }, ...none, reason: why },
    ...{ idealCycleSeconds: 10, minorStopSeconds: 60, silenceSeconds: 60 },
  })
  await ask(setStandard, { className: 'pump', nodeId: null, product: 'water', idealCycleSeconds: 9, reason: why })
  const reason = { nodeId: area, parentId: null, texts: { en: 'Why' }, insidePlannedTime: true, machineCodes: [] }
  await ask(setReason, { ...reason, kind: 'stop', code: 'jam', category: 'down', machineCodes: ['7'] })
  const old = await ask(setReason, { ...reason, kind: 'stop', code: 'old', category: 'delay' })
  await ask(setReason, { ...reason, kind: 'scrap', code: 'dirt', category: null })
  await ask(retireReason, { reasonId: (old as Answer<typeof setReason>).id })
  const shifts = [{ name: 'day', days: [1, 2, 3, 4, 5, 6, 7], start: '06:00', end: '18:00', breaks: [] }]
  const zone = { timeZone: 'Europe/Berlin' }
  await ask(setCalendar, { nodeId: area, validFrom: '2026-01-05', ...zone, shifts, exceptions: [], reason: why })
  const meeting = { kind: 'meeting', label: 'safety', from: plusMs(now, 9 * hourMs), to: plusMs(now, 10 * hourMs) }
  await ask(planStop, { nodeId: area, ...meeting })
  for (const kind of ['maintenance', 'quality'] as const) {
    const { id } = (await ask(callHelp, { nodeId: pump, kind, text: 'it leaks' })) as Answer<typeof callHelp>
    if (kind === 'maintenance') await ask(acknowledgeCall, { callId: id })
    if (kind === 'maintenance') await ask(resolveCall, { callId: id, resolution: 'a new seal' })
  }
  const steps = [{ emails: [], webhooks: ['https://watch.example/alarms'], afterSeconds: 86_400 }]
  const watch = { name: 'watch', nodeId: area, priority: 4, ...zone, hours: [], steps, active: true, reason: why }
  await ask(setRoster, watch)
  await setUpAlarms(ask, pump, tagId)
  await platform.idle()
  return answered
}

async function setUpAlarms(
  ask: Ask,
  nodeId: Id<'EquipmentNode'> | undefined,
  tagId: Id<'Tag'> | undefined,
): Promise<void> {
  const content = (name: string, side: 'high' | 'low', limit: number) => ({
    ...{ name, nodeId, tagId, message: `${name} is beyond its limit`, latched: false, qualityCritical: false },
    ...{ condition: { kind: 'limit', side, limit, deadband: 1 }, onDelaySeconds: 0, offDelaySeconds: 0 },
    ...{ cause: 'a valve', consequence: 'a dry tank', response: 'close it', severity: 'major' },
    ...{ timeToRespond: '3-to-10-min', suppressWhile: null },
  })
  const definitions = [content('Flow.high', 'high', 80), content('Flow.low', 'low', 10)]
  const adoption = { definitions, document: 'ALM-1 v2', reason: why }
  const { adopted } = (await ask(adoptAlarmDefinitions, adoption)) as Answer<typeof adoptAlarmDefinitions>
  await ask(draftAlarmDefinition, { ...content('Flow.high', 'high', 85), changeReason: why })
  const [high, low] = adopted.map(({ id }) => id)
  await ask(shelveAlarm, { definitionId: high, forSeconds: 600, reason: why })
  await ask(takeAlarmOutOfService, { definitionId: low, reason: why })
  await ask(listAlarms, { show: 'all' })
}

/**
 * Some hours of the pump that was set up: what it did as people say, its stops, counts and remarks. The performance module
 * must be open; the clock is turned.
 */
export async function runPump(platform: Platform, actor: Actor, clock: HandClock): Promise<Answered[]> {
  const { ask, answered } = asking(platform, actor)
  const machines = async () =>
    (await platform.runByName(listCurrentStates.name, actor, {})) as Answer<typeof listCurrentStates>
  await waitFor(async () => (await machines()).length > 0, 'the machine')
  const [machine] = await machines()
  const nodeId = machine?.nodeId
  for (const state of ['running', 'down', 'running', 'down'] as const) {
    await ask(recordState, { nodeId, state, from: clock.now(), to: null })
    clock.advanceMs(hourMs)
  }
  const window = { from: plusMs(clock.now(), -12 * hourMs), to: clock.now() }
  const { stops } = (await ask(listStops, { window })) as Answer<typeof listStops>
  const reasons = (await ask(listReasons, {})) as Answer<typeof listReasons>
  const reasonOf = (code: string) => reasons.find((reason) => reason.code === code)?.id
  const [open, over] = stops
  await ask(explainStop, { stopId: over?.id, version: 1, reasonId: reasonOf('jam') })
  await ask(commentStop, { stopId: open?.id, text: 'the belt slipped', photo: picture })
  const at = plusMs(clock.now(), -hourMs / 2)
  await ask(splitStop, { stopId: open?.id, version: 1, at, why })
  const madeAt = plusMs(clock.now(), -3.5 * hourMs)
  const made = { nodeId, kind: 'produced', quantity: 20, reasonId: null, madeAt, comment: '' }
  await ask(recordCount, made)
  const scrap = { ...made, kind: 'scrap', quantity: 3, reasonId: reasonOf('dirt') }
  const { id } = (await ask(recordCount, scrap)) as Answer<typeof recordCount>
  await ask(correctCount, { entryId: id, quantity: 2, reasonId: reasonOf('dirt'), why })
  await ask(listStops, { window })
  await platform.idle()
  return answered
}
