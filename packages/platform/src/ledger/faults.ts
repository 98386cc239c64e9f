import type { Clock, Instant } from '@throughline/kernel'

/** Something that does not work at the moment, for people to look after; it goes by itself when it works again. */
export interface LedgerFault {
  /** What is concerned: `sealing`, `held-back`, `witness`, or an anchor as `<kind> <target>`. */
  readonly what: string
  readonly message: string
  readonly since: Instant
}

/** The faults of the moment, one for each thing concerned. */
export class FaultList {
  readonly #clock: Clock
  readonly #faults = new Map<string, LedgerFault>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Answers whether it is new: a fault that goes on is told to the log once. */
  raise(what: string, message: string): boolean {
    const known = this.#faults.get(what)
    this.#faults.set(what, { what, message, since: known?.since ?? this.#clock.now() })
    return known === undefined
  }

  clear(what: string): void {
    this.#faults.delete(what)
  }

  list(): LedgerFault[] {
    return [...this.#faults.values()]
  }
}
