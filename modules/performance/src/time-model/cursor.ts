import type { Instant } from '@throughline/kernel'
import type { Span } from './facts.ts'

const never = Number.MAX_SAFE_INTEGER as Instant

/** Walks along spans in order of time, forward only: what is on at an instant, and until when that stays so. */
export class Cursor<Item extends Span> {
  readonly #items: readonly Item[]
  #index = 0
  item: Item | null = null
  /** The next instant at which `item` changes. */
  until: Instant = never

  constructor(items: readonly Item[]) {
    this.#items = items
  }

  moveTo(at: Instant): void {
    let next = this.#items[this.#index]
    while (next !== undefined && next.to !== null && next.to <= at) {
      this.#index += 1
      next = this.#items[this.#index]
    }
    const isOn = next !== undefined && next.from <= at
    this.item = isOn ? (next as Item) : null
    this.until = next === undefined ? never : isOn ? (next.to ?? never) : next.from
  }
}

/** Overlapping or touching spans as one. */
export function merged(
  spans: readonly { readonly from: Instant; readonly to: Instant }[],
): { readonly from: Instant; readonly to: Instant }[] {
  const result: { from: Instant; to: Instant }[] = []
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last === undefined || from > last.to) result.push({ from, to })
    else if (to > last.to) last.to = to
  }
  return result
}
