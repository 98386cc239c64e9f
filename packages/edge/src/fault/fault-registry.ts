import type { Clock, Instant } from '@throughline/kernel'
import type { AgentStatus } from '@throughline/model'
import type { Logger } from 'pino'

type Fault = AgentStatus['faults'][number]

const maxExampleLength = 300
/** Causes are words of the code, but sources are configured: the register must not grow without end. */
const maxEntries = 2000
const registrySource = 'faults'

/** Counts what was wrong by source and cause, and logs each pair once: a broken sensor must not fill the log. */
export class FaultRegistry {
  readonly #faults = new Map<string, { -readonly [Key in keyof Fault]: Fault[Key] }>()
  readonly #clock: Clock
  readonly #logger: Pick<Logger, 'warn'>

  constructor(clock: Clock, logger: Pick<Logger, 'warn'>) {
    this.#clock = clock
    this.#logger = logger
  }

  count(source: string, cause: string, example: string, times = 1): void {
    const now: Instant = this.#clock.now()
    const key = `${source}\n${cause}`
    const known = this.#faults.get(key)
    if (known !== undefined) {
      known.count += times
      known.lastAt = now
      return
    }
    if (this.#faults.size >= maxEntries && source !== registrySource) {
      this.count(registrySource, 'too-many-kinds', key.replace('\n', ' '), times)
      return
    }
    const short = example.slice(0, maxExampleLength)
    this.#faults.set(key, { source, cause, count: times, firstAt: now, lastAt: now, example: short })
    this.#logger.warn({ source, cause }, `${source}: ${cause}, first met with ${short}; counted from now on`)
  }

  /** All faults met since start, in the order of their first appearance. */
  list(): Fault[] {
    return Array.from(this.#faults.values(), (fault) => ({ ...fault }))
  }
}
