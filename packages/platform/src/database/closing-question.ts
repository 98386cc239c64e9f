import type { Statement } from './statement.ts'

/** Begins the text of the question that a transaction asks when its work is done. It changes nothing, so it may be asked in vain. */
export const closingQuestion = '/* closing question */'

type Ask = (text: string, values: readonly unknown[]) => Promise<unknown>

/** How often the question came behind a statement, less how often it did not, from which on it is asked in advance. */
const likely = 2
const certain = 4

/**
 * Sends the closing question of a transaction together with the statement before it, where that statement was the last one
 * before: it saves a way to the server. The answer is used only if nothing was sent behind it; else it is asked again.
 */
export class ClosingQuestion {
  readonly #ask: Ask
  readonly #foreseen = new WeakMap<Statement, number>()
  #known: { readonly text: string; readonly values: readonly unknown[] } | undefined
  #isOpen = false
  #sent = 0
  /** Behind which nothing was sent up to now. */
  #latest: Statement | undefined
  #early: Promise<unknown> | undefined

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** A transaction begins. */
  open(): void {
    this.#forget()
    this.#isOpen = true
  }

  /** The transaction ends. */
  close(): void {
    this.#forget()
    this.#isOpen = false
  }

  /** Something that is no kept statement goes out. */
  interrupt(): void {
    if (this.#latest !== undefined) this.#weigh(this.#latest, -2)
    this.#forget()
  }

  /** A statement goes out; what comes at the same moment goes out with it, and the question behind all of it. */
  follow(statement: Statement): void {
    this.interrupt()
    if (!this.#isOpen || statement.name === undefined) return
    const nth = this.#sent
    process.nextTick(() => {
      if (nth !== this.#sent) return
      this.#latest = statement
      if ((this.#foreseen.get(statement) ?? 0) >= likely) this.#askEarly()
    })
  }

  /** The answer to the question, which may be on its way already. */
  ask(text: string, values: readonly unknown[]): Promise<unknown> {
    if (this.#latest !== undefined) this.#weigh(this.#latest, 1)
    const early = this.#isKnown(text, values) ? this.#early : undefined
    this.#known = { text, values }
    this.#forget()
    return early ?? this.#ask(text, values)
  }

  #askEarly(): void {
    if (this.#known === undefined) return
    this.#early = this.#ask(this.#known.text, this.#known.values)
    // When the statement before it fails, so does the question, and nobody may come for its answer.
    this.#early.catch(() => {})
  }

  #isKnown(text: string, values: readonly unknown[]): boolean {
    const known = this.#known
    return known?.text === text && known.values.every((value, index) => value === values[index])
  }

  #weigh(statement: Statement, by: number): void {
    this.#foreseen.set(statement, Math.min(certain, Math.max(0, (this.#foreseen.get(statement) ?? 0) + by)))
  }

  #forget(): void {
    this.#sent += 1
    this.#latest = undefined
    this.#early = undefined
  }
}
