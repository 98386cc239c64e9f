import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import type { NewOccurrence, OccurrenceEnd, WrittenTransition } from '../history/store.ts'
import { insertOccurrences, insertTransitions, updateOccurrences } from '../history/store.ts'
import { askMachines, confirmAnswers } from './machine.ts'
import type { Deed, StandingAlarm, Step } from './rules.ts'
import { stepOf } from './rules.ts'
import { updateAlarms } from './store.ts'
import { isHidden } from './transitions.ts'

/** What the equipment was busy with. */
export interface Busy {
  readonly order: string | null
  readonly batch: string | null
  /** The step of the recipe. */
  readonly step?: string | null
}

/** What equipment was busy with at a moment; what is not known of people's deeds is taken from the occurrence. */
export type BusyAt = (nodeId: Id<'EquipmentNode'>, at: Instant) => Busy

const unasked: BusyAt = () => ({ order: null, batch: null })

/**
 * Gathers what one transaction does to alarms and writes it at once: transitions, occurrences, where each alarm stands,
 * and the events that tell of it. The alarms must be locked.
 */
export class AlarmRecord {
  readonly #uow: UnitOfWork
  readonly #alarms: Map<Id<'AlarmDefinition'>, StandingAlarm>
  readonly #changed = new Set<Id<'AlarmDefinition'>>()
  readonly #steps: Step[] = []
  readonly #confirmed: { readonly occurrenceId: Id<'AlarmOccurrence'>; readonly at: Instant }[] = []

  constructor(uow: UnitOfWork, locked: Map<Id<'AlarmDefinition'>, StandingAlarm>) {
    this.#uow = uow
    this.#alarms = locked
  }

  find(id: Id<'AlarmDefinition'>): StandingAlarm | undefined {
    return this.#alarms.get(id)
  }

  /** Does one thing to one alarm; answers why it was refused, or null. */
  do(alarm: StandingAlarm, deed: Deed): string | null {
    const step = stepOf(alarm, deed, () => newId<'AlarmOccurrence'>(this.#uow.at))
    if ('refused' in step) return step.refused
    this.#steps.push(step)
    this.put(step.alarm)
    // What came off its shelf or back into service while the design suppresses it is suppressed at once.
    if (step.alarm.suppressionHolds && isHidden(alarm.state) && !isHidden(step.alarm.state)) {
      this.do(step.alarm, { ...deed, event: 'suppress', by: null, comment: '' })
    }
    return null
  }

  /** Where an alarm stands, beside its transitions. */
  put(alarm: StandingAlarm): void {
    this.#alarms.set(alarm.basis.id, alarm)
    this.#changed.add(alarm.basis.id)
  }

  /** The machine that raised this occurrence knows that somebody acknowledged it. */
  confirmedByMachine({ occurrenceId }: StandingAlarm, at: Instant): void {
    if (occurrenceId !== null) this.#confirmed.push({ occurrenceId, at })
  }

  /** How many transitions there are to write. */
  get count(): number {
    return this.#steps.length
  }

  async write(busyAt: BusyAt = unasked): Promise<void> {
    const { trx } = this.#uow
    if (this.#changed.size === 0) return
    const begun = this.#steps.filter((step) => step.annunciated === 'new')
    await insertOccurrences(
      trx,
      begun.map((step) => occurrenceOf(step, busyAt)),
    )
    const transitions = this.#steps.map((step) => this.#transitionOf(step, busyAt))
    await insertTransitions(trx, transitions)
    await askMachines(
      this.#uow,
      transitions.filter(({ event }, index) => event === 'acknowledge' && this.#steps[index]?.deed.isMachine !== true),
    )
    await confirmAnswers(trx, this.#confirmed)
    await updateOccurrences(trx, this.#steps.flatMap(endOf))
    await updateAlarms(
      trx,
      [...this.#changed].flatMap((id) => this.#alarms.get(id) ?? []),
    )
    this.#tell()
  }

  #transitionOf({ alarm, before, event, deed, occurrenceId }: Step, busyAt: BusyAt): WrittenTransition {
    const { id, name, nodeId, tagId, message, priority } = alarm.basis
    return {
      id: newId<'AlarmTransition'>(this.#uow.at),
      definitionId: id,
      occurrenceId,
      name,
      nodeId,
      tagId,
      message,
      priority,
      event,
      from: before.state,
      to: alarm.state,
      at: deed.at,
      recordedAt: this.#uow.at,
      by: deed.by,
      comment: deed.comment,
      detail: deed.detail,
      shelvedUntil: alarm.shelvedUntil,
      step: null,
      machine: null,
      deviationId: deed.deviationId ?? null,
      ...busyAt(nodeId, deed.at),
    }
  }

  #tell(): void {
    for (const { alarm, deed, annunciated, answered, occurrenceId } of this.#steps) {
      if (occurrenceId === null) continue
      const { id: definitionId, nodeId, name, message, priority, qualityCritical } = alarm.basis
      if (annunciated !== null) {
        const hidden = isHidden(alarm.state)
        const { detail } = alarm
        const at = alarm.occurredAt ?? deed.at
        const body = {
          occurrenceId,
          definitionId,
          nodeId,
          name,
          message,
          detail,
          priority,
          qualityCritical,
          hidden,
          at,
        }
        this.#uow.emit('alarm.occurred', body)
      }
      if (answered) this.#uow.emit('alarm.answered', { occurrenceId, definitionId, by: deed.by, at: deed.at })
    }
    this.#uow.emit('alarm.changed', { definitionIds: [...this.#changed] })
  }
}

function occurrenceOf({ alarm, deed, occurrenceId }: Step, busyAt: BusyAt): NewOccurrence {
  const { id, name, message, priority, nodeId } = alarm.basis
  return {
    id: occurrenceId as Id<'AlarmOccurrence'>,
    definitionId: id,
    name,
    message,
    priority,
    nodeId,
    at: deed.at,
    acknowledgedAt: null,
    returnedAt: null,
    hidden: isHidden(alarm.state),
    ...busyAt(nodeId, deed.at),
  }
}

function endOf({ event, deed, occurrenceId }: Step): OccurrenceEnd[] {
  if (occurrenceId === null) return []
  if (event === 'acknowledge') return [{ id: occurrenceId, acknowledgedAt: deed.at, returnedAt: null }]
  return event === 'return' ? [{ id: occurrenceId, acknowledgedAt: null, returnedAt: deed.at }] : []
}
