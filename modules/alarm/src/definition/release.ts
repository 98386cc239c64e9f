import type { AlarmDefinition } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { AlarmRecord } from '../alarm/record.ts'
import type { AlarmBasis, StandingAlarm } from '../alarm/rules.ts'
import { deleteAlarm, insertAlarms, lockAlarmOf } from '../alarm/store.ts'
import { deleteMemory } from '../watch/store.ts'
import { endRelease, insertReleases, listDefinitions } from './store.ts'

/**
 * Puts versions in force, replacing what was released under their names. An alarm that stands is carried over with its
 * occurrence: its next reading is judged by the new version, and one that became more urgent alarms anew.
 */
export async function release(
  uow: UnitOfWork,
  definitions: readonly AlarmDefinition[],
  adoptedFrom: string | null = null,
): Promise<void> {
  const fresh: StandingAlarm[] = []
  const released = new Map(
    (await listDefinitions(uow.trx, { state: 'released' })).map((each) => [each.name.toLowerCase(), each]),
  )
  for (const definition of definitions) {
    const found = released.get(definition.name.toLowerCase())
    const before = found?.id === definition.id ? undefined : found
    const basis = basisOf(definition)
    // One released version of a name at a time: the one before ends first.
    if (before !== undefined) {
      await endRelease(uow.trx, before.id, 'superseded', uow.at, `version ${definition.version} was released`)
    }
    const stands = before && (await lockAlarmOf(uow.trx, before.name))
    if (before === undefined || stands === undefined) {
      fresh.push({ ...unheard, basis, since: uow.at })
      continue
    }
    await deleteMemory(uow.trx, before.id)
    await deleteAlarm(uow.trx, before.id)
    const carried: StandingAlarm = { ...stands, basis, known: false }
    await insertAlarms(uow.trx, [carried])
    if (carried.state !== 'acknowledged' || definition.priority >= before.priority) continue
    const record = new AlarmRecord(uow, new Map([[basis.id, carried]]))
    const comment = `version ${definition.version} made it more urgent`
    record.do(carried, { event: 're-alarm', at: uow.at, by: null, comment, detail: carried.detail, shelvedUntil: null })
    await record.write()
  }
  await insertAlarms(uow.trx, fresh)
  await insertReleases(uow.trx, definitions, uow.at, adoptedFrom)
  const definitionIds = definitions.map(({ id }) => id)
  if (definitionIds.length === 0) return
  uow.emit('alarm.definition-changed', { definitionIds })
  uow.emit('alarm.changed', { definitionIds })
}

/** Takes a released version out of force; what stood of it ends, in words. */
export async function endReleased(
  uow: UnitOfWork,
  definition: AlarmDefinition,
  state: 'superseded' | 'retired',
  reason: string,
): Promise<void> {
  const alarm = await lockAlarmOf(uow.trx, definition.name)
  if (alarm?.occurrenceId !== null && alarm !== undefined) {
    const record = new AlarmRecord(uow, new Map([[definition.id, alarm]]))
    const by = uow.actor.name
    const words = { at: uow.at, by, comment: `${state}: ${reason}`, detail: '', shelvedUntil: null }
    const end = (event: 'return' | 'acknowledge' | 'reset') => {
      record.do(record.find(definition.id) ?? alarm, { ...words, event })
    }
    // In this order the table leads from every state to normal; what does not apply is refused and leaves nothing.
    for (const event of ['return', 'acknowledge', 'reset'] as const) end(event)
    await record.write()
  }
  await endRelease(uow.trx, definition.id, state, uow.at, reason)
  await deleteMemory(uow.trx, definition.id)
  await deleteAlarm(uow.trx, definition.id)
  uow.emit('alarm.definition-changed', { definitionIds: [definition.id] })
  uow.emit('alarm.changed', { definitionIds: [definition.id] })
}

const unheard: Omit<StandingAlarm, 'basis' | 'since'> = {
  state: 'normal',
  abnormal: false,
  known: false,
  suppressionHolds: false,
  occurrenceId: null,
  occurredAt: null,
  detail: '',
  changedBy: null,
  comment: '',
  shelvedUntil: null,
}

const basisOf = ({
  id,
  name,
  nodeId,
  tagId,
  message,
  priority,
  latched,
  qualityCritical,
  response,
  timeToRespond,
}: AlarmDefinition): AlarmBasis => ({
  id,
  name,
  nodeId,
  tagId,
  message,
  priority,
  latched,
  qualityCritical,
  response,
  timeToRespond,
})
