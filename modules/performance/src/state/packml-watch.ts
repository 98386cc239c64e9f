import type { StateSignal } from '@throughline/model'
import { modeFault, stateFault } from './packml-table.ts'
import type { Reading } from './reading.ts'
import { textOf } from './reading.ts'

type PackmlSignal = Extract<StateSignal, { kind: 'packml' }>

/** What a machine did that PackML does not permit. */
export interface PackmlFault {
  readonly cause: 'packml-state-illegal' | 'packml-mode-illegal'
  readonly words: string
}

/**
 * Holds what a machine tells live against the state model. It looks at one reading after the other and keeps no past: what comes
 * late, after a bad reading or after a start is not judged, because nobody knows what was before it.
 */
export class PackmlWatch {
  readonly signal: PackmlSignal
  #at = Number.NEGATIVE_INFINITY
  #state: string | null = null
  /** Where it was before: a mode may change in the instant in which the state does. */
  #stateBefore: string | null = null
  #mode: string | null = null

  constructor(signal: PackmlSignal) {
    this.signal = signal
  }

  hear({ tag, at, value }: Reading): PackmlFault | undefined {
    if (tag !== this.signal.tag && tag !== this.signal.mode) return undefined
    if (at < this.#at) {
      this.forget()
      return undefined
    }
    this.#at = at
    const told = value === null || typeof value === 'boolean' ? null : textOf(value)
    return tag === this.signal.tag ? this.#hearState(told) : this.#hearMode(told)
  }

  /** What was before is not known. */
  forget(): void {
    this.#state = null
    this.#stateBefore = null
    this.#mode = null
  }

  #hearState(told: string | null): PackmlFault | undefined {
    const before = this.#state
    if (told === before) return undefined
    this.#stateBefore = before
    this.#state = told
    const words = before === null || told === null ? null : stateFault(before, told)
    return words === null ? undefined : { cause: 'packml-state-illegal', words }
  }

  #hearMode(told: string | null): PackmlFault | undefined {
    const before = this.#mode
    this.#mode = told
    if (before === null || told === null || this.#state === null) return undefined
    const words = modeFault(before, told, this.#state)
    if (words === null || (this.#stateBefore !== null && modeFault(before, told, this.#stateBefore) === null)) {
      return undefined
    }
    return { cause: 'packml-mode-illegal', words }
  }
}
