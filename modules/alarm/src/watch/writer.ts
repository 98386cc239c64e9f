import type { Id, Instant } from '@throughline/kernel'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { Logger } from 'pino'
import type { Busy } from '../alarm/record.ts'
import { AlarmRecord } from '../alarm/record.ts'
import type { StandingAlarm } from '../alarm/rules.ts'
import { lockAlarms } from '../alarm/store.ts'
import type { Crossing } from '../condition/evaluation.ts'
import type { ConditionMemory } from '../condition/memory.ts'
import { countTold, saveMemories } from './store.ts'

type DefinitionId = Id<'AlarmDefinition'>

/** One crossing on its way to the records, with what is known of the condition after it. */
export interface Told {
  readonly definitionId: DefinitionId
  readonly nodeId: Id<'EquipmentNode'>
  readonly crossing: Crossing
  /** Counts the crossings of this definition. */
  readonly number: number
  readonly memory: ConditionMemory
}

/** Asks what equipment was busy with, answered in the same order. */
export type BusyWith = (asked: readonly { nodeId: Id<'EquipmentNode'>; at: Instant }[]) => Promise<readonly Busy[]>

const batchSize = 500
/** Four batches a second: alarms are told within that time, and a flood costs few transactions. */
const paceMs = 250
const retryMs = 1000

/**
 * Writes crossings in the order in which they were told, each once: a batch is one transaction with its transitions, its
 * ledger entry, its events and how far each condition was heard.
 */
export class CrossingWriter {
  readonly #queue: Told[] = []
  readonly #waiting = new Map<DefinitionId, number>()
  readonly #platform: Platform
  readonly #busyWith: BusyWith
  readonly #log: Logger
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #isClosed = false

  constructor(platform: Platform, busyWith: BusyWith, log: Logger) {
    this.#platform = platform
    this.#busyWith = busyWith
    this.#log = log
  }

  add(told: Told): void {
    this.#queue.push(told)
    this.#count(told.definitionId, 1)
    this.#later(0)
  }

  /** Whether a crossing of this definition waits to be written. */
  waitsFor(definitionId: DefinitionId): boolean {
    return (this.#waiting.get(definitionId) ?? 0) > 0
  }

  /** Settles once all that was told is written. */
  async idle(): Promise<void> {
    while (this.#queue.length > 0 && !this.#isClosed) {
      this.#later(0)
      await this.#writing
      if (this.#timer !== undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await this.#writing
  }

  /** Finishes the batch under way; what waits is heard again after the next start. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#writing
  }

  #later(ms: number): void {
    if (this.#isClosed || this.#writing !== undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#writeBatch().then((nextMs) => {
        this.#writing = undefined
        if (this.#queue.length > 0) this.#later(nextMs)
      })
    }, ms)
  }

  #count(definitionId: DefinitionId, by: number): void {
    this.#waiting.set(definitionId, (this.#waiting.get(definitionId) ?? 0) + by)
  }

  /** Answers how long the next batch waits. */
  async #writeBatch(): Promise<number> {
    const batch = this.#queue.slice(0, batchSize)
    try {
      await writeCrossings(this.#platform, batch, this.#busyWith)
      for (const { definitionId } of this.#queue.splice(0, batch.length)) this.#count(definitionId, -1)
      return paceMs
    } catch (error) {
      this.#log.error({ error, waiting: this.#queue.length }, 'alarms could not be recorded and will be tried again')
      return retryMs
    }
  }
}

async function writeCrossings(platform: Platform, batch: readonly Told[], busyWith: BusyWith): Promise<void> {
  const asked = batch.map(({ nodeId, crossing }) => ({ nodeId, at: crossing.at }))
  const answers = await busyWith(asked)
  const busy = new Map(asked.map(({ nodeId, at }, row) => [`${nodeId} ${at}`, answers[row]]))
  const ids = [...new Set(batch.map(({ definitionId }) => definitionId))]
  const [first, last] = [batch[0]?.crossing.at, batch.at(-1)?.crossing.at]
  const input = { crossings: batch.length, alarms: ids.length, first, last }
  await platform.act('alarm', 'alarm.alarm.record', input, async (uow: UnitOfWork) => {
    const record = new AlarmRecord(uow, await lockAlarms(uow.trx, ids))
    const written = await countTold(uow.trx, ids)
    // A commit whose answer was lost was a commit all the same: what it wrote is not written again.
    const news = batch.filter(({ definitionId, number }) => number > (written.get(definitionId) ?? 0))
    for (const told of news) {
      // A version that was replaced meanwhile tells nothing more: the new one judges the same readings.
      const alarm = record.find(told.definitionId)
      if (alarm !== undefined) put(record, alarm, told)
    }
    await record.write((nodeId, at) => busy.get(`${nodeId} ${at}`) ?? { order: null, batch: null })
    const newest = new Map(news.map((told) => [told.definitionId, told]))
    await saveMemories(
      uow.trx,
      [...newest.values()].map(({ definitionId, number, memory }) => ({ definitionId, told: number, memory })),
    )
  })
}

function put(record: AlarmRecord, before: StandingAlarm, { crossing, memory }: Told): void {
  const { kind, at, detail, deviationId = null } = crossing
  const suppressionHolds = memory.suppressing
  const alarm = { ...before, suppressionHolds, known: memory.active !== null }
  record.put(alarm)
  if (kind === 'known') return
  if (kind === 'acknowledge' || kind === 'unacknowledge') {
    const by = `machine (${memory.machine?.connection ?? 'unknown'})`
    const comment = crossing.comment ?? ''
    record.do(alarm, { event: kind, at, by, isMachine: true, comment, detail, shelvedUntil: null })
    // Refused or not: the machine says that it knows of the acknowledgement.
    if (kind === 'acknowledge') record.confirmedByMachine(alarm, at)
    return
  }
  const deed = { at, by: null, comment: '', detail, deviationId, shelvedUntil: null }
  if (kind === 'unsuppress' && alarm.state !== 'suppressed-by-design') return
  if (kind === 'suppress' && (alarm.state === 'shelved' || alarm.state === 'out-of-service')) return
  const refused = record.do(alarm, { ...deed, event: kind })
  // Nobody has seen the alarm yet: it tells of the newest event.
  if (refused !== null && kind === 're-alarm') record.put({ ...alarm, detail })
  // An alarm carried over from another version may stand already, or have gone: then only the process is noted.
  if (refused !== null && (kind === 'occur' || kind === 'return')) record.put({ ...alarm, abnormal: kind === 'occur' })
}
