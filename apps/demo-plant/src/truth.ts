import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs'

/** One line of the truth; every record has a type, and instants in milliseconds of virtual time. */
export type TruthRecord = { readonly type: string } & Readonly<Record<string, unknown>>

export interface TruthLog {
  write(record: TruthRecord): void
}

/**
 * `truth.jsonl`: what really happened in the plant, for tests alone. Lines are kept in memory until `flush`, which the
 * plant calls just before it saves its state; `length` goes into that state. After a crash the lines behind the saved
 * state are cut off, because the plant, being deterministic, is about to write the same ones again.
 */
export class TruthFile implements TruthLog {
  readonly #path: string
  #lines: string[] = []
  #length: number

  constructor(path: string, savedLength: number) {
    this.#path = path
    this.#length = savedLength
    if (existsSync(path) && statSync(path).size > savedLength) truncateSync(path, savedLength)
  }

  get length(): number {
    return this.#length
  }

  write(record: TruthRecord): void {
    this.#lines.push(`${JSON.stringify(record)}\n`)
  }

  flush(): void {
    if (this.#lines.length === 0) return
    const bytes = Buffer.from(this.#lines.join(''))
    this.#lines = []
    appendFileSync(this.#path, bytes)
    this.#length += bytes.length
  }
}
