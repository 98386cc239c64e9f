import type { AppendResult, Historian } from '@throughline/historian'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { SampleBatch } from '@throughline/model'
import { decodeSampleBatch } from '@throughline/model'
import type { FaultLog } from '../diagnostics/fault-log.ts'
import type { TagTable } from '../live/tag-table.ts'

/** Where batches go. */
type SampleSink = Pick<Historian, 'append' | 'namedByTag'>

/** Hears every batch once it is durable, those of one agent in their order; a batch that is repeated is heard again. */
export interface SampleWatch {
  hear(batch: SampleBatch): void
}

/** Totals since start, for the diagnostics page. */
export interface IngestCounts {
  accepted: number
  duplicate: number
  late: number
  parked: number
}

const rateWindowMs = 10_000

/** The one way in for readings: tag table at once, historian next, acknowledgement only after its commit. */
export class Ingest {
  readonly counts: IngestCounts = { accepted: 0, duplicate: 0, late: 0, parked: 0 }
  readonly #sink: SampleSink
  readonly #table: TagTable
  readonly #faults: FaultLog
  readonly #clock: Clock
  readonly #acknowledge: (agent: string, sequence: number) => void
  readonly #watches: readonly SampleWatch[]
  readonly #arrivals: { at: Instant; count: number }[] = []

  constructor(
    sink: SampleSink,
    table: TagTable,
    faults: FaultLog,
    clock: Clock,
    acknowledge: (agent: string, sequence: number) => void,
    watches: readonly SampleWatch[] = [],
  ) {
    this.#sink = sink
    this.#table = table
    this.#faults = faults
    this.#clock = clock
    this.#acknowledge = acknowledge
    this.#watches = watches
  }

  /** One message of an agent; `agent` is what the broker let it publish as, so the batch may name no other. */
  async hear(agent: string, message: Uint8Array): Promise<void> {
    let batch: SampleBatch
    try {
      batch = decodeSampleBatch(message)
    } catch (error) {
      this.#faults.add(agent, 'batch-malformed', messageOf(error))
      return
    }
    if (senderOf(batch) !== agent) {
      this.#faults.add(agent, 'batch-of-another-agent', `${agent} sent a batch of ${batch.agent}`)
      return
    }
    this.#table.update(this.#sink.namedByTag(batch))
    await this.#store(agent, batch)
  }

  /** Samples accepted a second, over the last ten. */
  perSecond(): number {
    this.#forgetOldArrivals()
    return this.#arrivals.reduce((sum, arrival) => sum + arrival.count, 0) / (rateWindowMs / 1000)
  }

  async #store(agent: string, batch: SampleBatch): Promise<void> {
    try {
      const result = await this.#sink.append(batch)
      this.counts.accepted += result.accepted
      this.counts.duplicate += result.duplicate
      this.counts.late += result.late
      this.counts.parked += result.parked
      this.#arrivals.push({ at: this.#clock.now(), count: result.accepted })
      this.#forgetOldArrivals()
      for (const [cause, count] of faultsOf(result)) {
        if (count > 0) this.#faults.add(agent, cause, `batch ${batch.sequence} of ${batch.agent}`, count)
      }
      this.#acknowledge(agent, result.committedSequence)
      this.#tellWatches(agent, this.#sink.namedByTag(batch))
    } catch (error) {
      // Not acknowledged: the agent keeps the batch and sends it again.
      const cause = error instanceof DomainError ? (error.code.split('.').pop() ?? error.code) : 'append-failed'
      this.#faults.add(agent, cause, messageOf(error))
      const committed = error instanceof DomainError ? error.details['committedSequence'] : undefined
      if (typeof committed === 'number') this.#acknowledge(agent, committed)
    }
  }

  #tellWatches(agent: string, batch: SampleBatch): void {
    for (const watch of this.#watches) {
      try {
        watch.hear(batch)
      } catch (error) {
        // The readings are safe: what was to be made of them is a defect of the watch, and to be seen.
        this.#faults.add(agent, 'watch-failed', messageOf(error))
      }
    }
  }

  #forgetOldArrivals(): void {
    const oldest = this.#clock.now() - rateWindowMs * 1000
    while (this.#arrivals[0] !== undefined && this.#arrivals[0].at < oldest) this.#arrivals.shift()
  }
}

/** What a batch held that a person should hear of; none of it is a reason to refuse the batch. */
const faultsOf = (result: AppendResult): [cause: string, count: number][] => [
  ['sample-duplicate', result.duplicate],
  ['sample-older-than-retention', result.expired],
  ['sample-without-instant', result.unreadable],
  ['value-of-wrong-type', result.misfit],
  ['not-a-number', result.notANumber],
]

/** A sender is `<agent>/<id of its buffer>`: a new buffer counts from 1 again and is not taken for a repetition. */
export const senderOf = (batch: SampleBatch): string => batch.agent.split('/')[0] ?? ''
