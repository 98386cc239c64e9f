import { createHash } from 'node:crypto'
import type { Sample, SampleValue } from '@throughline/model'
import { qualityOf } from '@throughline/model'
import { expect, vi } from 'vitest'
import type { AlarmReport, DocumentOutcome, DriverDocument, DriverListener } from '../driver.ts'

/** A listener that remembers all it was told and lets a test wait for a condition instead of a time. */
export class ListenerRecorder implements DriverListener {
  readonly #samples: Sample[] = []
  readonly lostReasons: string[] = []
  readonly faults: { cause: string; example: string }[] = []
  readonly alarmReports: AlarmReport[] = []
  /** What was said to be all that stand, each time. */
  readonly alarmPictures: (readonly string[])[] = []
  readonly documents: DriverDocument[] = []

  samples(samples: Sample[]): void {
    this.#samples.push(...samples)
  }

  lost(reason: string): void {
    this.lostReasons.push(reason)
  }

  fault(cause: string, example: string): void {
    this.faults.push({ cause, example })
  }

  alarms(reports: readonly AlarmReport[]): void {
    this.alarmReports.push(...reports)
  }

  alarmsComplete(conditions: readonly string[]): void {
    this.alarmPictures.push(conditions)
  }

  /** As a server would that takes everything at once. */
  document(document: DriverDocument): Promise<DocumentOutcome> {
    this.documents.push(document)
    const hash = createHash('sha256').update(document.bytes).digest('hex')
    return Promise.resolve({ hash, outcome: 'delivered', reason: null })
  }

  /** All samples of one tag, in the order of arrival. */
  samplesOf(tag: string): Sample[] {
    return this.#samples.filter((sample) => sample.tag === tag)
  }

  /** How much it was told up to now: unchanged means that it heard nothing. */
  get heard(): number {
    return (
      this.#samples.length +
      this.lostReasons.length +
      this.faults.length +
      this.documents.length +
      this.alarmReports.length
    )
  }

  forgetSamples(): void {
    this.#samples.length = 0
  }

  async untilValue(tag: string, value: SampleValue): Promise<Sample> {
    return await eventually(() => {
      const found = this.samplesOf(tag).findLast((sample) => sample.value === value && isGood(sample))
      expect(found, `a good sample of ${tag} with value ${value}; heard ${this.#describe(tag)}`).toBeDefined()
      return found as Sample
    })
  }

  async untilBad(tag: string): Promise<Sample> {
    return await eventually(() => {
      const found = this.samplesOf(tag).findLast((sample) => qualityOf(sample.status) === 'bad')
      expect(found, `a bad sample of ${tag}; heard ${this.#describe(tag)}`).toBeDefined()
      return found as Sample
    })
  }

  async untilLost(): Promise<void> {
    await eventually(() => expect(this.lostReasons, 'lost() was told').not.toHaveLength(0))
  }

  async untilFault(): Promise<void> {
    await eventually(() => expect(this.faults, 'a fault was told').not.toHaveLength(0))
  }

  #describe(tag: string): string {
    const last = this.samplesOf(tag).slice(-5)
    return last.length === 0 ? 'none' : last.map((s) => `${s.value}/0x${s.status.toString(16)}`).join(', ')
  }
}

/** Waits until the condition holds; its own words are the failure. */
export async function eventually<T>(condition: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(condition, { timeout: 15_000, interval: 20 })
}

const isGood = (sample: Sample): boolean => qualityOf(sample.status) === 'good'
