import type { ModelValue } from './model/tag-definition.ts'
import { plantTags } from './plant/assets.ts'
import type { ValueSink } from './simulator.ts'

/** A tag that changed: its new value and the instant. */
export interface LiveChange {
  readonly tag: number
  readonly atMs: number
  readonly value: ModelValue
}

/** The values that the protocol servers show, and what has changed since they were last told. */
export class LiveValues {
  readonly #values: ModelValue[]
  readonly #atMs: number[]
  /** Changes told since live operation began, by tag. */
  readonly #told: number[]
  #changes: LiveChange[] = []

  constructor(values: readonly ModelValue[], atMs: number, told: Readonly<Record<string, number>>) {
    this.#values = [...values]
    this.#atMs = values.map(() => atMs)
    this.#told = plantTags.map((tag) => told[tag.path] ?? 0)
  }

  /** What the simulator tells its values to. */
  readonly sink: ValueSink = (tag, atMs, value) => {
    if (this.#values[tag] === value) return
    this.#values[tag] = value
    this.#atMs[tag] = atMs
    this.#changes.push({ tag, atMs, value })
  }

  /** The changes since the last call, in the order in which they happened per tag; they count as told. */
  take(): readonly LiveChange[] {
    return this.#tell(this.#changes)
  }

  /** The newest change of each tag since the last call: what is left of a long stretch. */
  takeNewest(): readonly LiveChange[] {
    return this.#tell([...new Map(this.#changes.map((change) => [change.tag, change])).values()])
  }

  present(tag: number): LiveChange {
    return { tag, atMs: this.#atMs[tag] ?? 0, value: this.#values[tag] ?? false }
  }

  /** Changes told since live operation began, by tag path. */
  published(): Record<string, number> {
    return Object.fromEntries(plantTags.map((tag) => [tag.path, this.#told[tag.index] ?? 0]))
  }

  #tell(changes: readonly LiveChange[]): readonly LiveChange[] {
    this.#changes = []
    for (const { tag } of changes) this.#told[tag] = (this.#told[tag] ?? 0) + 1
    return changes
  }
}
