import type { Instant } from '@throughline/kernel'

/** An alarm of another system that no definition speaks of. */
export interface UnmappedSource {
  readonly source: string
  readonly count: number
  readonly lastAt: Instant
}

const mostKept = 1000

/** Counts what is raised elsewhere and makes no alarm here: it is not dropped unseen. */
export class UnmappedSources {
  readonly #sources = new Map<string, UnmappedSource>()
  #beyond = 0

  count(source: string, at: Instant): void {
    const known = this.#sources.get(source)
    // Told once more, because the line to the machine was cut.
    if (known !== undefined && at <= known.lastAt) return
    if (known === undefined && this.#sources.size >= mostKept) this.#beyond += 1
    else this.#sources.set(source, { source, count: (known?.count ?? 0) + 1, lastAt: at })
  }

  /** The most frequent first; `beyond` = raised by sources that there was no room to name. */
  list(): { sources: readonly UnmappedSource[]; beyond: number } {
    return { sources: [...this.#sources.values()].sort((a, b) => b.count - a.count), beyond: this.#beyond }
  }
}
