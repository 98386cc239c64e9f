import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { qualityOf, statusCode } from '@throughline/model'
import type { ReadingFault, TagRules } from './rules.ts'
import { heartbeatUs, isWorthReporting, judge } from './rules.ts'

/** The readings of one tag on their way to the buffer: what was last reported, when it was last heard, and its gaps. */
export class TagStream {
  readonly tag: string
  #rules: TagRules
  #staleAfterUs: number
  #last: Sample | undefined
  /** The newest reading that came from the source itself. */
  #lastHeard: Sample | undefined
  #heardAt: Instant | undefined
  #askedAt: Instant | undefined
  /** Set while the newest sample is one that the agent made (a gap, or stale): the instant of that sample. */
  #interruptedAt: Instant | undefined
  #stale = false

  constructor(tag: string, rules: TagRules, staleAfterMs: number) {
    this.tag = tag
    this.#rules = rules
    this.#staleAfterUs = staleAfterMs * 1000
  }

  get isStale(): boolean {
    return this.#stale
  }

  configure(rules: TagRules, staleAfterMs: number): void {
    this.#rules = rules
    this.#staleAfterUs = staleAfterMs * 1000
  }

  /** From now on silence counts: called when the source was subscribed. */
  expect(now: Instant): void {
    this.#heardAt = now
    this.#askedAt = undefined
    this.#stale = false
    // Before the first reading nothing is known here, and what was recorded before a restart ended in a gap.
    if (this.#last === undefined) this.#interruptedAt ??= plusMs(now, -0.001)
  }

  /** Takes a reading; returns what of it is to be recorded: nothing, itself, or (after a gap) itself twice. */
  take(raw: Sample, now: Instant, onFault: (fault: ReadingFault) => void): Sample[] {
    const { sample, faults } = judge({ ...raw, tag: this.tag }, this.#rules, now)
    for (const fault of faults) onFault(fault)
    const heardBefore = this.#lastHeard
    this.#heardAt = now
    this.#askedAt = undefined
    this.#stale = false
    if (heardBefore === undefined || sample.at >= heardBefore.at) this.#lastHeard = sample
    if (this.#interruptedAt !== undefined) return this.#resume(sample, this.#interruptedAt, heardBefore, now)
    if (isSameReading(heardBefore, sample)) return this.#beat(sample)
    if (!isWorthReporting(this.#last, sample, this.#rules.deadband)) return []
    if (this.#last === undefined || sample.at >= this.#last.at) this.#last = sample
    return [sample]
  }

  /**
   * The first reading after a gap may carry an instant before it: the value has not changed since, or the source's clock
   * lags. The thread goes on only with an instant after the gap, so it is recorded once more as what holds now.
   */
  #resume(sample: Sample, interruptedAt: Instant, heardBefore: Sample | undefined, now: Instant): Sample[] {
    this.#interruptedAt = undefined
    if (sample.at > interruptedAt) {
      this.#last = sample
      return [sample]
    }
    const credible = sample.serverAt > interruptedAt ? sample.serverAt : now
    const current = { ...sample, at: Math.max(credible, interruptedAt + 1) as Instant }
    this.#last = current
    return isSameReading(heardBefore, sample) ? [current] : [sample, current]
  }

  /**
   * Takes the answer to a question that was asked because the source was silent. Undefined when it is nothing new: the
   * same answer as before, from memory.
   */
  confirm(raw: Sample, now: Instant, onFault: (fault: ReadingFault) => void): Sample[] | undefined {
    const before = this.#lastHeard
    if (before !== undefined && raw.serverAt <= before.serverAt) return undefined
    return this.take(raw, now, onFault)
  }

  /** The source tells the same reading again: no news, but once a minute it is recorded that it still holds. */
  #beat(sample: Sample): Sample[] {
    if (this.#last !== undefined && sample.serverAt - this.#last.at < heartbeatUs) return []
    const current = { ...sample, at: sample.serverAt }
    this.#last = current
    return [current]
  }

  /** True each time that silence has lasted half as long as it may: then the source should be asked. */
  shouldAsk(now: Instant): boolean {
    if (this.#heardAt === undefined) return false
    const since = Math.max(this.#heardAt, this.#askedAt ?? 0)
    if (now - since <= this.#staleAfterUs / 2) return false
    this.#askedAt = now
    return true
  }

  /** The sample that records that the source fell silent, once; undefined when it is not silent for long enough. */
  staleSample(now: Instant): Sample | undefined {
    if (this.#stale || this.#heardAt === undefined || now - this.#heardAt <= this.#staleAfterUs) return undefined
    this.#stale = true
    if (this.#last === undefined) return this.#interrupt(now, null, statusCode.badWaitingForInitialData)
    if (qualityOf(this.#last.status) === 'bad') return undefined
    return this.#interrupt(now, this.#last.value, statusCode.uncertainLastUsable)
  }

  /** The sample that records that nothing is known from now on; undefined while that is recorded already. */
  gapSample(now: Instant): Sample | undefined {
    this.#heardAt = undefined
    this.#stale = false
    const isOpen = this.#interruptedAt !== undefined && this.#last?.status === statusCode.badNoCommunication
    return isOpen ? undefined : this.#interrupt(now, null, statusCode.badNoCommunication)
  }

  #interrupt(now: Instant, value: Sample['value'], status: number): Sample {
    // A source whose clock runs ahead must not hide the gap behind its last reading.
    const at = Math.max(now, (this.#last?.at ?? 0) + 1) as Instant
    const sample: Sample = { tag: this.tag, at, serverAt: now, value, status }
    this.#last = sample
    this.#interruptedAt = at
    return sample
  }
}

function isSameReading(before: Sample | undefined, sample: Sample): boolean {
  return before?.at === sample.at && before.value === sample.value && before.status === sample.status
}
