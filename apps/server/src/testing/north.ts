import type { Id } from '@throughline/kernel'
import { fromMs, newId, plusMs } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import {
  adoptAlarmDefinitions,
  callHelp,
  commentStop,
  draftAlarmDefinition,
  invitePerson,
  listAlarms,
  listCurrentStates,
  listNodes,
  listStops,
  listTags,
  openContext,
  openDeviation,
  planStop,
  recordCount,
  recordInspection,
  recordState,
  registerAsset,
  setCalendar,
  setCleaningRule,
  setLine,
  setReason,
  setRoster,
  setStandard,
  setStateRule,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { placeEntries, placeOrders } from './north-execution.ts'
import { lotCode, placeMaterial } from './north-material.ts'

/** A plant whose machines, people's words and alarms all stand in the north; the south has a site and nothing else. */
export const model = `
classes:
  - { name: pump, tags: [{ name: Flow, dataType: double, unit: L/min }] }
  - { name: bench, tags: [] }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: {} }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
  - { path: acme/south, level: site, timeZone: Europe/Lisbon }
  - { path: acme/north/utilities, level: area }
  - path: acme/north/utilities/p-01
    level: work-center
    class: pump
    sources: { Flow: { connection: line, address: 'ns=1;s=Flow' } }
  - { path: acme/north/utilities/packing, level: work-center }
  - { path: acme/north/utilities/packing/b-01, level: work-unit, class: bench }
  - { path: acme/north/utilities/packing/b-02, level: work-unit, class: bench }
`

/** The limit that the one sample of the plant goes beyond. */
const alarmLimit = 40

type NodeId = Id<'EquipmentNode'>

/** What stands in the north, by its ids. */
export interface North {
  readonly site: NodeId
  readonly unit: NodeId
  readonly tag: Id<'Tag'>
  readonly interval: Id<'ContextInterval'>
  readonly line: NodeId
  readonly machine: NodeId
  readonly neighbour: NodeId
  readonly reason: Id<'Reason'>
  readonly stops: readonly Id<'Stop'>[]
  readonly photo: string
  readonly count: Id<'CountEntry'>
  readonly call: Id<'AndonCall'>
  readonly plannedStop: Id<'PlannedStop'>
  readonly alarm: Id<'AlarmDefinition'>
  readonly draft: Id<'AlarmDefinition'>
  readonly roster: Id<'AlarmRoster'>
  readonly asset: Id<'Asset'>
  readonly equipmentQualification: Id<'EquipmentQualification'>
  readonly deviation: Id<'Deviation'>
  readonly inspection: Id<'Inspection'>
  readonly lots: readonly Id<'Lot'>[]
  readonly container: Id<'Container'>
  readonly weighing: Id<'Weighing'>
  readonly order: Id<'Order'>
  readonly run: Id<'OperationRun'>
  readonly hold: Id<'OrderHold'>
  readonly stepEntry: Id<'StepEntry'>
  readonly logbook: Id<'Logbook'>
  readonly logbookEntry: Id<'LogbookEntry'>
  readonly media: string
  readonly hand: Id<'Person'>
}

const system = systemActor('test')
const hourMs = 3_600_000
const reason = 'to be seen in this test'
/** What is measured on a piece. */
export const characteristic = {
  ...{ characteristic: '1', unit: 'mm', nominal: 1, low: 0, high: 2, measured: 1, status: 'pass' as const },
}
/** The smallest PNG there is. */
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** What is said of an alarm of `tagId`, beside its name. */
export const alarmContent = (nodeId: NodeId, tagId: Id<'Tag'>, limit: number) => ({
  nodeId,
  tagId,
  message: 'The flow is high',
  condition: { kind: 'limit', side: 'high', limit, deadband: 1 } as const,
  onDelaySeconds: 0,
  offDelaySeconds: 0,
  latched: false,
  cause: 'a valve stands open',
  consequence: 'the tank runs dry',
  response: 'close the valve',
  severity: 'major' as const,
  timeToRespond: '3-to-10-min' as const,
  qualityCritical: false,
  suppressWhile: null,
})

export const workCalendar = {
  validFrom: '2026-01-05',
  timeZone: 'Europe/Berlin',
  shifts: [
    { name: 'day', days: [1, 2, 3, 4, 5, 6, 7], start: '06:00', end: '18:00', breaks: [] },
    { name: 'night', days: [1, 2, 3, 4, 5, 6, 7], start: '18:00', end: '06:00', breaks: [] },
  ],
  exceptions: [],
  reason,
}

export const stopReason = {
  kind: 'stop' as const,
  parentId: null,
  texts: { en: 'Jam' },
  category: 'down' as const,
  insidePlannedTime: true,
  machineCodes: [],
}

export const alarmRoster = {
  priority: 4,
  timeZone: 'Europe/Berlin',
  hours: [],
  // Nobody is really called: not within a day.
  steps: [{ emails: [], webhooks: ['https://north.example/alarms'], afterSeconds: 86_400 }],
  active: true,
  reason,
}

const northHand = { name: 'northerner', printedName: 'Somebody of the north', identityChecked: 'a hand of this test' }

/** Fills the north with a record of every kind that somebody in the south must not see. */
export async function fillNorth(platform: Platform): Promise<North> {
  const nodes = await platform.run(listNodes, system, {})
  const at = (path: string): NodeId => nodeAt(nodes, `acme/north${path}`)
  const unit = at('/utilities/p-01')
  const tag = (await platform.run(listTags, system, {})).tags[0]?.id as Id<'Tag'>
  const now = fromMs(Date.now())
  const opened = { nodeId: unit, kind: 'batch', label: 'B-1', from: now } as const
  return {
    ...{ site: at(''), unit, tag, interval: (await platform.run(openContext, system, opened)).id },
    ...(await fillPacking(platform, at)),
    ...(await defineAlarms(platform, at(''), unit, tag)),
    ...(await placeTools(platform, unit)),
    ...(await placeMaterial(platform, unit)),
    ...(await placeFindings(platform, unit)),
    ...(await placeOrders(platform, at(''))),
    ...(await placeEntries(platform, at('/utilities/packing'), at(''))),
    hand: (await platform.run(invitePerson, system, { ...northHand, grants: [{ role: 'operator', nodeId: at('') }] }))
      .person.id,
  }
}

/** A deviation, and what was measured on a lot. */
async function placeFindings(platform: Platform, nodeId: NodeId) {
  const said = { title: 'Leak', description: 'A pump leaks', severity: 'minor', about: 'the pump' } as const
  const at = fromMs(Date.now() - hourMs)
  const measured = { kind: 'final' as const, piece: lotCode, at, results: [characteristic] }
  return {
    deviation: (await platform.run(openDeviation, system, { ...said, at, nodeId })).id,
    inspection: (await platform.run(recordInspection, system, measured)).id,
  }
}

async function placeTools(platform: Platform, nodeId: NodeId) {
  await platform.run(setCleaningRule, system, { nodeId, cleanHoldSeconds: 3600, dirtyHoldSeconds: null, reason })
  const gauge = { code: 'TW-N', kind: 'gauge', type: 'torque-wrench', nodeId, needsCalibration: true } as const
  const equipmentQualification = newId<'EquipmentQualification'>()
  // Granted by signature, which no test of the platform's own gives: the row as it would stand.
  await platform.act('test', 'test.qualify', {}, async ({ trx, at }) => {
    await sql`
      insert into equipment.qualification (id, node_id, process, evidence, valid_from, granted_by, granted_at)
      values (${equipmentQualification}, ${nodeId}, 'BREWING', ${reason}, ${at}, 'test', ${at})`.execute(trx)
  })
  return {
    equipmentQualification,
    asset: (await platform.run(registerAsset, system, { ...gauge, intervalDays: 180 })).id,
  }
}

export function nodeAt(nodes: readonly EquipmentNode[], path: string): NodeId {
  const found = nodes.find((node) => node.path === path)
  if (found === undefined) throw new Error(`there is no ${path}`)
  return found.id
}

async function fillPacking(platform: Platform, at: (path: string) => NodeId) {
  const now = fromMs(Date.now())
  const [site, line] = [at(''), at('/utilities/packing')]
  const [machine, neighbour] = [at('/utilities/packing/b-01'), at('/utilities/packing/b-02')]
  const none = { reasonTag: null, orderTag: null, productTag: null, total: null, good: null, scrap: null, rework: null }
  await platform.run(setStateRule, system, {
    ...{ className: 'bench', signal: { kind: 'manual' }, ...none, reason },
    ...{ idealCycleSeconds: 10, minorStopSeconds: 60, silenceSeconds: 60 },
  })
  await waitFor(async () => (await platform.run(listCurrentStates, system, {})).length === 2, 'the machines')
  const standard = { className: 'bench', nodeId: machine, product: 'vial', idealCycleSeconds: 9, reason }
  await platform.run(setStandard, system, standard)
  await platform.run(setCalendar, system, { ...workCalendar, nodeId: site })
  const between = [
    { nodeId: machine, bufferSeconds: 0 },
    { nodeId: neighbour, bufferSeconds: 0 },
  ]
  await platform.run(setLine, system, { lineId: line, machines: between, keyNodeId: null, reason })
  const jam = await platform.run(setReason, system, { ...stopReason, nodeId: site, code: 'jam' })
  // Two stops, and work between them: the second still lasts.
  for (const [state, hours] of [
    ['running', 6],
    ['down', 5],
    ['running', 4],
    ['down', 3],
  ] as const) {
    const from = plusMs(now, -hours * hourMs)
    await platform.run(recordState, system, { nodeId: machine, state, from, to: null })
  }
  const window = { from: plusMs(now, -12 * hourMs), to: plusMs(now, 12 * hourMs) }
  const { stops } = await platform.run(listStops, system, { window })
  const stopId = stops[0]?.id as Id<'Stop'>
  const { comments } = await platform.run(commentStop, system, { stopId, text: 'seen in the north', photo: picture })
  const made = {
    nodeId: machine,
    kind: 'produced',
    quantity: 5,
    reasonId: null,
    madeAt: plusMs(now, -3.5 * hourMs),
    comment: '',
  } as const
  const call = await platform.run(callHelp, system, { nodeId: machine, kind: 'maintenance', text: 'the belt slips' })
  const pause = {
    nodeId: site,
    kind: 'meeting',
    label: 'northern meeting',
    from: plusMs(now, hourMs),
    to: plusMs(now, 2 * hourMs),
  } as const
  return {
    ...{ line, machine, neighbour, reason: jam.id, call: call.id },
    stops: stops.map(({ id }) => id),
    photo: comments.find(({ photo }) => photo !== null)?.photo ?? '',
    count: (await platform.run(recordCount, system, made)).id,
    plannedStop: (await platform.run(planStop, system, pause)).id,
  }
}

async function defineAlarms(platform: Platform, site: NodeId, unit: NodeId, tag: Id<'Tag'>) {
  const roster = await platform.run(setRoster, system, { ...alarmRoster, name: 'northern watch', nodeId: site })
  const content = { ...alarmContent(unit, tag, alarmLimit), name: 'p-01.Flow.high' }
  const { adopted } = await platform.run(adoptAlarmDefinitions, system, {
    definitions: [content],
    document: 'ALM-1',
    reason,
  })
  const drafted = { ...alarmContent(unit, tag, 60), name: 'p-01.Flow.high-high', changeReason: reason }
  const condition = { ...drafted.condition, side: 'high-high' as const }
  const draft = await platform.run(draftAlarmDefinition, system, { ...drafted, condition })
  await platform.idle()
  return { roster: roster.id, alarm: adopted[0]?.id as Id<'AlarmDefinition'>, draft: draft.id }
}

/** Settles once the alarm of the north has occurred, and somebody is to be called for it. */
export async function waitForAlarm(platform: Platform): Promise<void> {
  await waitFor(async () => (await platform.run(listAlarms, system, {})).total === 1, 'the alarm')
  await platform.idle()
}
