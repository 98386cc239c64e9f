import type { Clock, Instant } from '@throughline/kernel'
import type { Fault } from '@throughline/model'
import type { Logger } from 'pino'

/** Beyond this many kinds the oldest are forgotten: a hostile sender cannot fill the memory with invented causes. */
const mostKinds = 1000
const longestExample = 500

/** Counts trouble by source and cause, and logs the first of each kind: once per cause, not once per sample. */
export class FaultLog {
  readonly #faults = new Map<string, Fault>()
  readonly #clock: Clock
  readonly #log: Logger

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock
    this.#log = log
  }

  /** @param cause kebab-case, without the particulars: those go into `example` */
  add(source: string, cause: string, example: string, count = 1): void {
    const now: Instant = this.#clock.now()
    const key = `${source} ${cause}`
    const short = example.slice(0, longestExample)
    const known = this.#faults.get(key)
    if (known !== undefined) {
      this.#faults.set(key, { ...known, count: known.count + count, lastAt: now, example: short })
      return
    }
    this.#log.warn({ source, cause, example }, 'fault (counted from now on, not logged again)')
    this.#faults.set(key, { source, cause, count, firstAt: now, lastAt: now, example: short })
    if (this.#faults.size > mostKinds) {
      const oldest = this.#faults.keys().next().value
      if (oldest !== undefined) this.#faults.delete(oldest)
    }
  }

  /** Newest first. */
  list(): Fault[] {
    return [...this.#faults.values()].sort((a, b) => b.lastAt - a.lastAt)
  }
}
