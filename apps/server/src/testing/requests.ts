import { fromMs, plusMs } from '@throughline/kernel'
import type { SignatureInput } from '@throughline/model'
import { password } from './callers.ts'
import type { North } from './north.ts'
import { alarmContent, alarmRoster, characteristic, stopReason, workCalendar } from './north.ts'
import { logbookContent, orderContent } from './north-execution.ts'
import { lotCode, receipt } from './north-material.ts'

const wholeDay = () => {
  const now = fromMs(Date.now())
  return { from: plusMs(now, -43_200_000), to: plusMs(now, 43_200_000) }
}
const soon = (hours: number) => plusMs(fromMs(Date.now()), hours * 3_600_000)
const before = (hours: number) => soon(-hours)
const why = 'nobody of this site'
const alarmFileHead = [
  ...['name', 'equipment', 'tag', 'message', 'condition', 'side', 'limit', 'deadband', 'fromTag', 'fromValue'],
  ...['seconds', 'within', 'values', 'source', 'onDelaySeconds', 'offDelaySeconds', 'latched', 'severity'],
  ...['timeToRespond', 'cause', 'consequence', 'response', 'qualityCritical', 'suppressTag', 'suppressValues'],
].join()

type Requests<Answer> = Readonly<Record<string, Answer>>

/** For each operation that acts at one node: a request that is right in every way but for the place. */
export const atNorth: Requests<(north: North) => unknown> = {
  'alarm.definition.draft': ({ unit, tag }) => ({
    ...alarmContent(unit, tag, 30),
    ...{ name: 'p-01.Flow.low', condition: { kind: 'limit', side: 'low', limit: 1, deadband: 0 }, changeReason: why },
  }),
  'alarm.roster.set': ({ site }) => ({ ...alarmRoster, name: 'southern watch', nodeId: site }),
  'equipment.cleaning.set-rule': ({ unit }) => ({
    ...{ nodeId: unit, cleanHoldSeconds: 60, dirtyHoldSeconds: null, reason: why },
  }),
  'equipment.node.create': ({ site }) => ({ parentId: site, level: 'area', name: 'annex' }),
  'equipment.outage.begin': ({ unit }) => ({ nodeId: unit, reason: why }),
  'equipment.outage.end': ({ unit }) => ({ nodeId: unit, reason: why }),
  'execution.logbook.set': ({ site }) => ({ ...logbookContent, nodeId: site, name: 'southern shift', reason: why }),
  'execution.order.create': ({ site }) => ({ ...orderContent, siteId: site }),
  'execution.run.list': ({ unit }) => ({ nodeId: unit }),
  'execution.run.start': ({ run, unit }) => ({ runId: run, nodeId: unit }),
  'historian.context.list': ({ unit }) => ({ nodeId: unit, ...wholeDay() }),
  'historian.context.open': ({ unit }) => ({ nodeId: unit, kind: 'lot', label: 'L-2', from: before(0) }),
  'material.container.make': ({ unit }) => ({ kind: 'box', nodeId: unit }),
  'material.container.move': ({ container, unit }) => ({ containerId: container, nodeId: unit }),
  'material.lot.move': ({ lots, unit }) => ({ lotId: lots[0], nodeId: unit }),
  'material.lot.receive': ({ unit }) => ({ ...receipt, nodeId: unit }),
  'performance.andon.call': ({ machine }) => ({ nodeId: machine, kind: 'quality' }),
  'performance.calendar.set': ({ site }) => ({ ...workCalendar, nodeId: site, validFrom: '2026-02-02' }),
  'performance.count.list': ({ site }) => ({ nodeId: site, window: wholeDay() }),
  'performance.count.record': ({ machine }) => ({
    ...{ nodeId: machine, kind: 'produced', quantity: 2, reasonId: null, madeAt: before(3.5), comment: '' },
  }),
  'performance.line.set': ({ line, machine, neighbour }) => ({
    lineId: line,
    machines: [neighbour, machine].map((nodeId) => ({ nodeId, bufferSeconds: 5 })),
    keyNodeId: null,
    reason: why,
  }),
  'performance.planned-stop.list': ({ site }) => ({ nodeId: site, window: wholeDay() }),
  'performance.planned-stop.plan': ({ site }) => ({
    ...{ nodeId: site, kind: 'trial', label: 'southern trial', from: soon(3), to: soon(4) },
  }),
  'performance.reason.set': ({ site }) => ({ ...stopReason, nodeId: site, code: 'leak' }),
  'performance.reason.suggest': ({ machine }) => ({ nodeId: machine }),
  'performance.report.get-shift': ({ site }) => ({ nodeId: site, window: wholeDay(), format: 'csv' }),
  'performance.shift-result.list': ({ site }) => ({ nodeId: site, window: wholeDay() }),
  'performance.shift.list': ({ site }) => ({ nodeId: site, window: wholeDay() }),
  'performance.state.record': ({ machine }) => ({ nodeId: machine, state: 'idle', from: before(1), to: null }),
}

const signature = (meaning: SignatureInput['meaning']) => ({
  ...{ meaning, reason: why, shown: null },
  proof: { method: 'password', name: 'southerner', password },
})

/** What asks for the north, and what the south hears: nothing of it (200), or that it lies outside (403). */
interface Narrowed {
  readonly input: (north: North) => unknown
  readonly status: 200 | 403
}

/** For each operation whose handler narrows its answer. */
export const narrowed: Requests<Narrowed> = {
  'alarm.alarm.acknowledge': { input: ({ alarm }) => ({ definitionIds: [alarm] }), status: 403 },
  'alarm.alarm.list': { input: () => ({}), status: 200 },
  'alarm.alarm.reset': { input: ({ alarm }) => ({ definitionIds: [alarm] }), status: 403 },
  'alarm.alarm.return-to-service': { input: ({ alarm }) => ({ definitionId: alarm }), status: 403 },
  'alarm.alarm.shelve': { input: ({ alarm }) => ({ definitionId: alarm, forSeconds: 600, reason: why }), status: 403 },
  'alarm.alarm.take-out-of-service': { input: ({ alarm }) => ({ definitionId: alarm, reason: why }), status: 403 },
  'alarm.alarm.unshelve': { input: ({ alarm }) => ({ definitionId: alarm }), status: 403 },
  'alarm.call.list': { input: () => ({ window: { from: before(12), to: soon(36) } }), status: 200 },
  'alarm.definition.export': { input: () => ({}), status: 200 },
  'alarm.definition.import': {
    input: () => ({ text: `${alarmFileHead}\np-01.Flow.high${','.repeat(24)}`, changeReason: why, dryRun: true }),
    status: 403,
  },
  'alarm.definition.list': { input: () => ({}), status: 200 },
  'alarm.definition.retire': { input: ({ alarm }) => ({ definitionId: alarm, reason: why }), status: 403 },
  'alarm.history.list': { input: () => ({ window: wholeDay() }), status: 200 },
  'alarm.kpi.get': { input: () => ({ window: wholeDay() }), status: 200 },
  'alarm.philosophy.get-document': { input: () => ({}), status: 200 },
  'alarm.roster.list': { input: () => ({}), status: 200 },
  'equipment.asset.list': { input: () => ({}), status: 200 },
  'equipment.asset.set-state': {
    input: ({ asset }) => ({ assetId: asset, state: 'out-of-service', reason: why }),
    status: 403,
  },
  'equipment.calibration.list': { input: ({ asset }) => ({ assetId: asset }), status: 403 },
  'equipment.calibration.record': {
    input: ({ asset }) => ({
      ...{ assetId: asset, at: before(1), asFound: 'in-tolerance', asLeft: 'in-tolerance' },
      ...{ certificate: 'C-1', dueAt: null },
    }),
    status: 403,
  },
  'equipment.cleaning.list': { input: () => ({}), status: 200 },
  'equipment.connection.list': { input: () => ({}), status: 200 },
  'equipment.node.list': { input: () => ({}), status: 200 },
  'equipment.outage.list': { input: () => ({}), status: 200 },
  'equipment.qualification.grant': {
    input: ({ unit }) => ({
      ...{ nodeId: unit, process: 'CURING', validFrom: before(1), evidence: why },
      signature: signature('approved'),
    }),
    status: 403,
  },
  'equipment.qualification.list': { input: () => ({}), status: 200 },
  'equipment.qualification.revoke': {
    input: ({ equipmentQualification }) => ({ qualificationId: equipmentQualification, reason: why }),
    status: 403,
  },
  'equipment.tag.get': { input: ({ tag }) => ({ tagId: tag }), status: 403 },
  'equipment.tag.list': { input: () => ({}), status: 200 },
  'execution.device.list-refused': { input: () => ({}), status: 200 },
  'execution.gate.check': { input: ({ run }) => ({ runId: run }), status: 403 },
  'execution.gate.override': {
    input: ({ run }) => ({
      ...{ runId: run, kind: 'cleaning', subject: null, reason: why },
      signature: signature('approved'),
    }),
    status: 403,
  },
  'execution.logbook.close': {
    input: ({ logbook }) => ({ logbookId: logbook, version: 1, reason: why, signature: signature('approved') }),
    status: 403,
  },
  'execution.logbook.correct': {
    input: ({ logbookEntry }) => ({ entryId: logbookEntry, values: {}, text: '', reason: why }),
    status: 403,
  },
  'execution.logbook.list': { input: () => ({}), status: 200 },
  'execution.logbook.list-entries': { input: ({ logbook }) => ({ logbookId: logbook }), status: 403 },
  'execution.logbook.review': {
    input: ({ logbook }) => ({ logbookId: logbook, window: wholeDay(), signature: signature('reviewed') }),
    status: 403,
  },
  'execution.logbook.write': {
    input: ({ logbook }) => ({ logbookId: logbook, template: 'hand-over', values: {}, text: '', order: null }),
    status: 403,
  },
  'execution.media.find': { input: ({ media }) => ({ hash: media }), status: 403 },
  'execution.order.cancel': { input: ({ order }) => ({ orderId: order, version: 1, reason: why }), status: 403 },
  'execution.order.close': { input: ({ order }) => ({ orderId: order, version: 1 }), status: 403 },
  'execution.order.end-hold': {
    input: ({ order, hold }) => ({ orderId: order, holdId: hold, reason: why }),
    status: 403,
  },
  'execution.order.get': { input: ({ order }) => ({ orderId: order }), status: 403 },
  'execution.order.get-readiness': { input: ({ order }) => ({ orderId: order }), status: 403 },
  'execution.order.hold': { input: ({ order }) => ({ orderId: order, reason: why }), status: 403 },
  'execution.order.list': { input: () => ({}), status: 200 },
  'execution.order.release': { input: ({ order }) => ({ orderId: order, version: 1 }), status: 403 },
  'execution.order.set-priority': {
    input: ({ order }) => ({ orderId: order, version: 1, priority: 1, dueAt: null, reason: why }),
    status: 403,
  },
  'execution.order.split': {
    input: ({ order }) => ({ orderId: order, version: 1, quantity: '1', reason: why }),
    status: 403,
  },
  'execution.run.complete': { input: ({ run }) => ({ runId: run, version: 1 }), status: 403 },
  'execution.run.get': { input: ({ run }) => ({ runId: run }), status: 403 },
  'execution.run.join': { input: ({ run }) => ({ runId: run, join: true }), status: 403 },
  'execution.run.list-of-order': { input: ({ order }) => ({ orderId: order }), status: 403 },
  'execution.run.pause': { input: ({ run }) => ({ runId: run, version: 1, reason: why }), status: 403 },
  'execution.run.report': { input: ({ run }) => ({ runId: run, version: 1, good: '1', scrap: [] }), status: 403 },
  'execution.run.resume': { input: ({ run }) => ({ runId: run, version: 1 }), status: 403 },
  'execution.run.skip': { input: ({ run }) => ({ runId: run, version: 1, reason: why }), status: 403 },
  'execution.step.correct': {
    input: ({ stepEntry }) => ({ entryId: stepEntry, value: { type: 'check', done: true }, reason: why }),
    status: 403,
  },
  'execution.step.record': {
    input: ({ run }) => ({ runId: run, step: 'look', value: { type: 'check', done: true } }),
    status: 403,
  },
  'execution.step.sign': {
    input: ({ run }) => ({ runId: run, step: 'look', signature: signature('performed') }),
    status: 403,
  },
  'execution.step.verify': {
    input: ({ stepEntry }) => ({ entryId: stepEntry, signature: signature('verified') }),
    status: 403,
  },
  'historian.context.correct': {
    input: ({ interval }) => ({ intervalId: interval, label: 'B-9', from: 0, to: null, reason: 'the wrong label' }),
    status: 403,
  },
  'historian.sample.correct': {
    input: ({ tag }) => ({ tagId: tag, at: 1, value: 1, reason: 'the probe was wet' }),
    status: 403,
  },
  'historian.sample.export': { input: ({ tag }) => ({ tagIds: [tag], window: wholeDay() }), status: 403 },
  'historian.sample.list': { input: ({ tag }) => ({ tagId: tag, window: wholeDay() }), status: 403 },
  'historian.sample.list-in-context': {
    input: ({ tag }) => ({ tagId: tag, kind: 'batch', label: 'B-1' }),
    status: 403,
  },
  // Like a tag without any sample: left out.
  'historian.sample.list-last': { input: ({ tag }) => ({ tagIds: [tag] }), status: 200 },
  'historian.trend.get': { input: ({ tag }) => ({ tagIds: [tag], window: wholeDay() }), status: 403 },
  'historian.trend.get-aggregate': { input: ({ tag }) => ({ tagId: tag, window: wholeDay() }), status: 403 },
  'historian.trend.get-time-in-state': { input: ({ tag }) => ({ tagId: tag, window: wholeDay() }), status: 403 },
  'identity.qualification.list-people': { input: () => ({}), status: 200 },
  'material.container.close': {
    input: ({ container }) => ({ containerId: container, state: 'closed', reason: why }),
    status: 403,
  },
  'material.container.list': { input: () => ({}), status: 200 },
  'material.container.pack': { input: ({ container, lots }) => ({ containerId: container, putIn: lots }), status: 403 },
  'material.label.get': { input: ({ lots }) => ({ subject: { lotId: lots[0] } }), status: 403 },
  'material.lot.count': {
    input: ({ lots }) => ({ lotId: lots[0], version: 1, counted: '9', reason: why }),
    status: 403,
  },
  'material.lot.dispose': { input: ({ lots }) => ({ lotId: lots[0], quantity: '1', reason: why }), status: 403 },
  'material.lot.get': { input: ({ lots }) => ({ lotId: lots[0] }), status: 403 },
  'material.lot.list': { input: () => ({}), status: 200 },
  'material.lot.merge': { input: ({ lots }) => ({ lotIds: lots, reason: why }), status: 403 },
  'material.lot.reconcile': { input: ({ lots }) => ({ lotId: lots[0] }), status: 403 },
  'material.lot.set-status': {
    input: ({ lots }) => ({ lotId: lots[0], version: 1, status: 'blocked', reason: why }),
    status: 403,
  },
  'material.lot.split': { input: ({ lots }) => ({ lotId: lots[0], parts: [{ quantity: '1' }] }), status: 403 },
  'material.lot.transform': {
    input: ({ lots }) => ({ lotId: lots[0], quantity: '1', material: 'RESIN', made: '1', reason: why }),
    status: 403,
  },
  'material.movement.list': { input: () => ({}), status: 200 },
  'material.scan.resolve': { input: () => ({ scanned: lotCode }), status: 200 },
  'material.weighing.confirm': { input: ({ weighing }) => ({ weighingId: weighing }), status: 403 },
  'material.weighing.list': { input: () => ({}), status: 200 },
  'material.weighing.weigh': {
    input: ({ lots }) => ({
      ...{ lotId: lots[0], scale: 'SC-N', source: 'scale', target: '1', below: '0', above: '0', tare: '0', gross: '1' },
    }),
    status: 403,
  },
  'performance.andon.acknowledge': { input: ({ call }) => ({ callId: call }), status: 403 },
  'performance.andon.list': { input: () => ({ window: wholeDay() }), status: 200 },
  'performance.andon.resolve': { input: ({ call }) => ({ callId: call, resolution: why }), status: 403 },
  'performance.calendar.list': { input: () => ({}), status: 200 },
  'performance.count.correct': {
    input: ({ count }) => ({ entryId: count, quantity: 1, reasonId: null, why }),
    status: 403,
  },
  'performance.kpi.compare': { input: ({ line }) => ({ nodeIds: [line], window: wholeDay() }), status: 403 },
  'performance.kpi.get': { input: () => ({ window: wholeDay(), by: 'machine' }), status: 200 },
  'performance.line.list': { input: () => ({}), status: 200 },
  'performance.loss.get': { input: () => ({ window: wholeDay() }), status: 200 },
  'performance.photo.find': { input: ({ photo }) => ({ hash: photo }), status: 403 },
  'performance.planned-stop.cancel': {
    input: ({ plannedStop }) => ({ plannedStopId: plannedStop, reason: why }),
    status: 403,
  },
  'performance.reason.list': { input: () => ({}), status: 200 },
  'performance.reason.retire': { input: ({ reason }) => ({ reasonId: reason }), status: 403 },
  'performance.standard.list': { input: () => ({}), status: 200 },
  'performance.state.list': { input: ({ machine }) => ({ nodeIds: [machine], window: wholeDay() }), status: 403 },
  'performance.state.list-current': { input: () => ({}), status: 200 },
  'performance.stop.comment': { input: ({ stops }) => ({ stopId: stops[0], text: 'from afar' }), status: 403 },
  'performance.stop.explain': {
    input: ({ stops, reason }) => ({ stopId: stops[0], version: 1, reasonId: reason }),
    status: 403,
  },
  'performance.stop.get': { input: ({ stops }) => ({ stopId: stops[0] }), status: 403 },
  'performance.stop.list': { input: () => ({ window: wholeDay() }), status: 200 },
  'performance.stop.merge': {
    input: ({ stops }) => ({ stops: stops.map((stopId) => ({ stopId, version: 1 })), why }),
    status: 403,
  },
  'performance.stop.reclassify': {
    input: ({ stops, reason }) => ({ stopId: stops[0], version: 1, reasonId: reason, why }),
    status: 403,
  },
  'performance.stop.split': {
    input: ({ stops }) => ({ stopId: stops[1], version: 1, at: before(4.5), why }),
    status: 403,
  },
  'quality.deviation.close': {
    input: ({ deviation }) => ({
      ...{ deviationId: deviation, version: 1, conclusion: 'nothing was harmed', disposition: 'use-as-is' },
      signature: signature('approved'),
    }),
    status: 403,
  },
  'quality.deviation.get': { input: ({ deviation }) => ({ deviationId: deviation }), status: 403 },
  'quality.deviation.list': { input: () => ({}), status: 200 },
  'quality.deviation.note': {
    input: ({ deviation }) => ({ deviationId: deviation, version: 1, text: 'from afar' }),
    status: 403,
  },
  'quality.deviation.open': {
    input: ({ unit }) => ({
      ...{ title: 'Leak', description: '', severity: 'minor', about: 'a pump', at: before(1), nodeId: unit },
    }),
    status: 403,
  },
  'quality.deviation.void': {
    input: ({ deviation }) => ({
      ...{ deviationId: deviation, version: 1, reason: 'opened by mistake' },
      signature: signature('approved'),
    }),
    status: 403,
  },
  'quality.inspection.list': { input: () => ({}), status: 200 },
  'quality.inspection.record': {
    input: () => ({ kind: 'final', piece: lotCode, at: before(1), results: [characteristic] }),
    status: 403,
  },
  'traceability.as-built.export': {
    input: ({ lots }) => ({ lotId: lots[0] ?? '', format: 'json' }),
    status: 403,
  },
  'traceability.as-built.get': { input: ({ lots }) => ({ lotId: lots[0] }), status: 403 },
  'traceability.conformity.draft': { input: ({ order }) => ({ orderId: order }), status: 403 },
  'traceability.conformity.export': {
    input: ({ order }) => ({ orderId: order, number: 'COC-00001' }),
    status: 403,
  },
  'traceability.conformity.list': { input: ({ order }) => ({ orderId: order }), status: 403 },
  'traceability.conformity.release': {
    input: ({ order }) => ({ orderId: order, signature: signature('released') }),
    status: 403,
  },
  'traceability.genealogy.export': {
    input: ({ lots }) => ({ from: { kind: 'lot', id: lots[0] }, direction: 'forward', format: 'csv' }),
    status: 403,
  },
  'traceability.genealogy.trace': {
    input: ({ lots }) => ({ from: { kind: 'lot', id: lots[0] }, direction: 'forward' }),
    status: 403,
  },
}

/** Knowledge of the whole plant, the same for everybody who may read at all. */
export const placeless = [
  'alarm.philosophy.get',
  'equipment.class.list',
  // A device belongs to whoever is signed in there, and each entry of it asks the operation that it is.
  'execution.device.register-key',
  'execution.device.submit',
  'execution.instruction.get',
  'execution.instruction.list',
  'execution.media.store',
  'execution.work-definition.list',
  'historian.retention.get',
  // Who may do what is asked wherever work is planned.
  'identity.qualification.list',
  // Kinds of material are the same in the whole plant.
  'material.bom.list',
  'material.definition.list',
  'performance.kpi.list',
  // Of classes, and set by whoever answers for the whole plant.
  'performance.state-rule.list',
]
