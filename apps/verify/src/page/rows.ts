import type { ChangeLeaf, EntryLeaf } from '../leaf.ts'
import type { SeenLeaf } from '../leaves.ts'

/** What a reader sees as one thing: an entry with its changes, or what stands alone. */
export interface Row {
  /** Of the entry, or of the first change where the entry is not here. */
  place: number
  entry: EntryLeaf | undefined
  changes: { place: number; leaf: ChangeLeaf; fits: boolean }[]
  /** A text that is no leaf any more. */
  unread: string | undefined
  /** Whether everything in it is as it was sealed. */
  fits: boolean
  /** Whether the entry itself is. */
  entryFits: boolean
  /** Everything it says, for looking through. */
  search: string
}

/** More are checked but not listed: a page has not the memory for all. */
export const mostRows = 20_000

/** Puts changes and entries together as they come. */
export class Rows {
  readonly rows: Row[] = []
  /** How many there are, listed or not. */
  count = 0
  readonly #open = new Map<string, Row>()

  take({ place, leaf, text, fits }: SeenLeaf): void {
    if (leaf?.type === 'change') {
      const row = this.#open.get(leaf.entry) ?? this.#add(place)
      this.#open.set(leaf.entry, row)
      row.changes.push({ place, leaf, fits })
      row.fits &&= fits
      row.search += text.toLowerCase()
      return
    }
    const open = leaf === undefined ? undefined : this.#open.get(leaf.id)
    const row = open ?? this.#add(place)
    row.place = place
    row.entry = leaf
    row.fits &&= fits
    row.entryFits = fits
    row.search += text.toLowerCase()
    if (leaf === undefined) row.unread = text
    else this.#open.delete(leaf.id)
  }

  /** The row in which the leaf of this place stands. */
  at(place: number): Row | undefined {
    return this.rows.find((row) => row.place === place || row.changes.some((change) => change.place === place))
  }

  /** Rows that say all these words, letters large or small. */
  find(words: string): Row[] {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
    return this.rows.filter((row) => wanted.every((word) => row.search.includes(word)))
  }

  #add(place: number): Row {
    const row: Row = {
      place,
      entry: undefined,
      changes: [],
      unread: undefined,
      fits: true,
      entryFits: true,
      search: '',
    }
    this.count++
    if (this.rows.length < mostRows) this.rows.push(row)
    return row
  }
}
