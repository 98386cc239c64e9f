import type { Id, Instant } from '@throughline/kernel'
import type { AlarmTransition, MachineAnswer } from '@throughline/model'
import type { Platform, Tables, UnitOfWork } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { MachineMemory } from '../condition/memory.ts'

type Acknowledgement = Pick<
  AlarmTransition,
  'id' | 'definitionId' | 'occurrenceId' | 'by' | 'comment' | 'at' | 'recordedAt'
>

/** Has machines told that somebody acknowledged here what they raised; of alarms that no machine raised nothing is asked. */
export async function askMachines(uow: UnitOfWork, acknowledged: readonly Acknowledgement[]): Promise<void> {
  if (acknowledged.length === 0) return
  const machines = await findMachines(
    uow.trx,
    acknowledged.map(({ definitionId }) => definitionId),
  )
  for (const { id, definitionId, occurrenceId, by, comment, at, recordedAt } of acknowledged) {
    const machine = machines.get(definitionId)
    if (machine === undefined || machine.acknowledged || machine.handle === null || occurrenceId === null) continue
    const { connection, condition, handle } = machine
    await sql`
      insert into alarm.machine_answer (transition_id, definition_id, occurrence_id, state, at, reason)
      values (${id}, ${definitionId}, ${occurrenceId}, 'asked', ${recordedAt}, '')`.execute(uow.trx)
    uow.emit('alarm.machine-asked', { transitionId: id, connection, condition, handle, by: by ?? '', comment, at })
  }
}

/** The machine itself says of these occurrences that they are acknowledged there. */
export async function confirmAnswers(
  db: Kysely<Tables>,
  confirmed: readonly { readonly occurrenceId: Id<'AlarmOccurrence'>; readonly at: Instant }[],
): Promise<void> {
  for (const { occurrenceId, at } of confirmed) {
    await sql`
      update alarm.machine_answer set state = 'confirmed', at = ${at}, reason = ''
      where occurrence_id = ${occurrenceId} and state <> 'confirmed'`.execute(db)
  }
}

/** What machines made of the newest acknowledgement of each of these occurrences. */
export async function findAnswers(
  db: Kysely<Tables>,
  occurrenceIds: readonly Id<'AlarmOccurrence'>[],
): Promise<ReadonlyMap<Id<'AlarmOccurrence'>, MachineAnswer>> {
  if (occurrenceIds.length === 0) return new Map()
  const found = await sql<MachineAnswer & { id: Id<'AlarmOccurrence'> }>`
    select distinct on (answer.occurrence_id) answer.occurrence_id as id, answer.state, answer.at, answer.reason
    from alarm.machine_answer as answer join alarm.transition on transition.id = answer.transition_id
    where answer.occurrence_id = any(${occurrenceIds}::uuid[])
    order by answer.occurrence_id, transition.seq desc`.execute(db)
  return new Map(found.rows.map(({ id, ...answer }) => [id, answer]))
}

/** Hears what came of the commands that machines were told by. */
export function registerMachineAnswers(platform: Platform): void {
  platform.on('command.settled', 'alarm.machine', async (uow, { kind, cause, outcome, at, reason }) => {
    if (kind !== 'acknowledge-alarm') return
    const state: MachineAnswer['state'] = outcome === 'done' ? 'confirmed' : outcome
    // What the machine said itself in the meantime holds.
    const changed = await sql<{ definitionId: Id<'AlarmDefinition'> }>`
      update alarm.machine_answer set state = ${state}, at = ${at}, reason = ${reason}
      where transition_id = ${cause} and state <> 'confirmed' returning definition_id as "definitionId"`.execute(
      uow.trx,
    )
    const definitionIds = changed.rows.map(({ definitionId }) => definitionId)
    if (definitionIds.length > 0) uow.emit('alarm.changed', { definitionIds })
  })
}

async function findMachines(
  db: Kysely<Tables>,
  ids: readonly Id<'AlarmDefinition'>[],
): Promise<ReadonlyMap<Id<'AlarmDefinition'>, MachineMemory>> {
  const found = await sql<{ id: Id<'AlarmDefinition'>; machine: MachineMemory }>`
    select definition_id as id, memory->'machine' as machine from alarm.watch_memory
    where definition_id = any(${ids}::uuid[]) and jsonb_typeof(memory->'machine') = 'object'`.execute(db)
  return new Map(found.rows.map(({ id, machine }) => [id, machine]))
}
