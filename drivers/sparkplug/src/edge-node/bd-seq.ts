import { readFileSync, writeFileSync } from 'node:fs'

/** Counts the connects, 0 to 255 and round again: ties an NDEATH to the NBIRTH of the same session. */
export class BdSeqCounter {
  readonly #file: string | null
  #next: number

  /** With a file the count goes on after a restart, so that a late NDEATH of the time before is told apart. */
  constructor(file: string | null) {
    this.#file = file
    this.#next = file === null ? 0 : readNext(file)
  }

  take(): number {
    const taken = this.#next
    this.#next = (taken + 1) % 256
    if (this.#file !== null) writeFileSync(this.#file, `${this.#next}\n`)
    return taken
  }
}

function readNext(file: string): number {
  try {
    const next = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return Number.isInteger(next) && next >= 0 && next <= 255 ? next : 0
  } catch {
    return 0
  }
}
