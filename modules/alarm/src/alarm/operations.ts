import type { Id, Instant } from '@throughline/kernel'
import { DomainError, plusMs } from '@throughline/kernel'
import type { Alarm, AlarmEvent } from '@throughline/model'
import {
  acknowledgeAlarms,
  listAlarms,
  resetAlarms,
  returnAlarmToService,
  shelveAlarm,
  takeAlarmOutOfService,
  unshelveAlarm,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { countOccurrences, countSince } from '../history/store.ts'
import { listNodesWithAlarms } from '../kpi/store.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { readPhilosophy } from '../philosophy/store.ts'
import { findAnswers } from './machine.ts'
import { AlarmRecord } from './record.ts'
import type { StandingAlarm } from './rules.ts'
import { assertShelvable } from './rules.ts'
import { listAlarmsOn, lockAlarms } from './store.ts'
import { acknowledgedOccurrences, alarmOf, floodSince, inOrder, isShown, summaryOf } from './summary.ts'

type DefinitionId = Id<'AlarmDefinition'>

/** @param onShelved hears until when an alarm is shelved, so that it comes back on time */
export function registerAlarm(platform: Platform, nodes: NodeFinder, onShelved: (until: Instant) => void): void {
  platform.handle(listAlarms, async (uow, { nodeId, show, limit }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const tops = nodeId === undefined ? uow.scopes : [nodeId]
    const within = (await listNodesWithAlarms(uow.trx)).filter((each) => isWithin(nodes, each, tops))
    const alarms = await listAlarmsOn(uow.trx, within)
    const lastHour = await countOccurrences(uow.trx, plusMs(uow.at, -3_600_000))
    const found = inOrder(alarms.filter((alarm) => isShown(alarm, show)))
    const told = found.slice(0, limit)
    const answers = await findAnswers(uow.trx, acknowledgedOccurrences(told))
    return {
      alarms: told.map((alarm) => alarmOf(alarm, lastHour.get(alarm.basis.name) ?? 0, answers)),
      total: found.length,
      summary: summaryOf(alarms, await countSince(uow.trx, within, floodSince(uow.at))),
    }
  })

  platform.handle(acknowledgeAlarms, (uow, { definitionIds, comment }) =>
    doEach(uow, definitionIds, 'acknowledge', comment),
  )

  platform.handle(resetAlarms, (uow, { definitionIds, comment }) => doEach(uow, definitionIds, 'reset', comment))

  platform.handle(shelveAlarm, async (uow, { definitionId, forSeconds, reason }) => {
    const philosophy = await readPhilosophy(uow.trx)
    const shelvedUntil = plusMs(uow.at, forSeconds * 1000)
    const alarm = await doOne(uow, definitionId, 'shelve', reason, shelvedUntil, (before) =>
      assertShelvable(before, forSeconds, philosophy),
    )
    onShelved(shelvedUntil)
    return alarm
  })

  platform.handle(unshelveAlarm, (uow, { definitionId, comment }) => doOne(uow, definitionId, 'unshelve', comment))

  platform.handle(takeAlarmOutOfService, (uow, { definitionId, reason }) =>
    doOne(uow, definitionId, 'take-out-of-service', reason),
  )

  platform.handle(returnAlarmToService, (uow, { definitionId, comment }) =>
    doOne(uow, definitionId, 'return-to-service', comment),
  )
}

/** Each alarm on its own: what is refused is said, the others are done. */
async function doEach(uow: UnitOfWork, asked: readonly DefinitionId[], event: AlarmEvent, comment: string) {
  const ids = [...new Set(asked)]
  const record = new AlarmRecord(uow, await lockAlarms(uow.trx, ids))
  const alarms = ids.map((id) => record.find(id) ?? unknown(id))
  for (const { basis } of alarms) await uow.assertWithin(basis.nodeId)
  const refusals = alarms.map((alarm) => record.do(alarm, byPerson(uow, event, comment)))
  await record.write()
  return alarms.map(({ basis, state }, index) => ({
    definitionId: basis.id,
    state: record.find(basis.id)?.state ?? state,
    refused: refusals[index] ?? null,
  }))
}

async function doOne(
  uow: UnitOfWork,
  id: DefinitionId,
  event: AlarmEvent,
  comment: string,
  shelvedUntil: Instant | null = null,
  check: (before: StandingAlarm) => void = () => {},
): Promise<Alarm> {
  const record = new AlarmRecord(uow, await lockAlarms(uow.trx, [id]))
  const before = record.find(id) ?? unknown(id)
  await uow.assertWithin(before.basis.nodeId)
  check(before)
  const refused = record.do(before, { ...byPerson(uow, event, comment), shelvedUntil })
  if (refused !== null) {
    throw new DomainError('conflict', 'alarm.transition-refused', refused, { state: before.state, event })
  }
  await record.write()
  const lastHour = await countOccurrences(uow.trx, plusMs(uow.at, -3_600_000))
  const after = record.find(id) ?? before
  const answers = await findAnswers(uow.trx, acknowledgedOccurrences([after]))
  return alarmOf(after, lastHour.get(before.basis.name) ?? 0, answers)
}

const byPerson = (uow: UnitOfWork, event: AlarmEvent, comment: string) => ({
  event,
  at: uow.at,
  by: uow.actor.name,
  comment,
  detail: '',
  shelvedUntil: null,
})

function unknown(definitionId: DefinitionId): never {
  throw new DomainError(
    'not-found',
    'alarm.alarm-unknown',
    `There is no alarm of the definition ${definitionId} in force: look it up with alarm.alarm.list`,
    { definitionId },
  )
}
