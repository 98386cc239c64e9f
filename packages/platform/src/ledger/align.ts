/** A place of the tree, and the leaf that belongs there, as far as one can be told. */
export interface Aligned<Row> {
  /** Null for a leaf that was never sealed. */
  readonly place: number | null
  /** The hash that was sealed; undefined where that part of the tree is lost. */
  readonly sealed: Buffer | undefined
  /** Undefined where the leaf is gone. */
  readonly row: Row | undefined
  /** Where the leaf stands now, if not at its place. */
  readonly standsAt?: number
}

/** So far apart a leaf and its place are looked for. */
const lookahead = 1024

/**
 * Lays leaves, in the order in which they stand now, against the hashes that were sealed at the places from `from` up to
 * `to`, so that one that was taken out, put in, moved or rewritten is told as just that, and not all that follow it.
 */
export async function* align<Row extends { readonly hash: Buffer }>(
  rows: AsyncIterable<Row>,
  sealedAt: (place: number) => Promise<Buffer | undefined>,
  from: number,
  to: number,
): AsyncGenerator<Aligned<Row>> {
  const queue = new Queue(rows)
  const filled = new Set<number>()
  const places = new Places(sealedAt, to, filled)
  for (let place = from; place < to; ) {
    if (filled.delete(place)) {
      place += 1
      continue
    }
    const [sealed, row] = [await sealedAt(place), await queue.peek(0)]
    if (row === undefined) {
      yield { place, sealed, row }
      place += 1
      continue
    }
    if (sealed === undefined || row.hash.equals(sealed)) {
      yield { place, sealed, row: queue.take(0) }
      place += 1
      continue
    }
    const ahead = await queue.find(sealed)
    const belongs = await places.find(row.hash, place + 1, place + lookahead)
    if (ahead === undefined && belongs === undefined) {
      const gapEnd = await places.endOfGap(queue, place)
      if (gapEnd === undefined) {
        yield { place, sealed, row: queue.take(0) }
        place += 1
      }
      for (; gapEnd !== undefined && place < gapEnd; place += 1) {
        yield { place, sealed: await sealedAt(place), row: undefined }
      }
    } else if (belongs === undefined) {
      yield { place: null, sealed: undefined, row: queue.take(0) }
    } else if (ahead === undefined) {
      yield { place, sealed, row: undefined }
      place += 1
    } else {
      // The one that is farther from its place is the one that was moved; when it is both, they changed places.
      if (ahead >= belongs - place) {
        yield { place, sealed, row: queue.take(ahead), standsAt: place + ahead }
      }
      if (ahead <= belongs - place) {
        yield { place: belongs, sealed: row.hash, row: queue.take(0), standsAt: place }
        filled.add(belongs)
      }
      if (ahead >= belongs - place) place += 1
    }
  }
  for (let row = await queue.peek(0); row !== undefined; row = await queue.peek(0)) {
    yield { place: null, sealed: undefined, row: queue.take(0) }
  }
}

/** Leaves that were read, but not placed yet. */
class Queue<Row extends { readonly hash: Buffer }> {
  readonly #rows: AsyncIterator<Row>
  readonly #read: Row[] = []
  #isEnded = false

  constructor(rows: AsyncIterable<Row>) {
    this.#rows = rows[Symbol.asyncIterator]()
  }

  async peek(index: number): Promise<Row | undefined> {
    while (this.#read.length <= index && !this.#isEnded) {
      const next = await this.#rows.next()
      if (next.done === true) this.#isEnded = true
      else this.#read.push(next.value)
    }
    return this.#read[index]
  }

  take(index: number): Row | undefined {
    return this.#read.splice(index, 1)[0]
  }

  async find(hash: Buffer): Promise<number | undefined> {
    await this.peek(lookahead)
    const index = this.#read.findIndex((row) => row.hash.equals(hash))
    return index < 0 ? undefined : index
  }
}

/** The sealed hashes, looked through. */
class Places {
  readonly #sealedAt: (place: number) => Promise<Buffer | undefined>
  readonly #to: number
  readonly #filled: ReadonlySet<number>
  /** Everything from here on was searched in vain: not again for each leaf of a ledger that was rewritten as a whole. */
  #searched = Number.POSITIVE_INFINITY

  constructor(sealedAt: (place: number) => Promise<Buffer | undefined>, to: number, filled: ReadonlySet<number>) {
    this.#sealedAt = sealedAt
    this.#to = to
    this.#filled = filled
  }

  async find(hash: Buffer, from: number, to: number): Promise<number | undefined> {
    for (let place = from; place < Math.min(to, this.#to); place += 1) {
      if (!this.#filled.has(place) && (await this.#sealedAt(place))?.equals(hash) === true) return place
    }
    return undefined
  }

  /** Where the leaves in the queue go on fitting after a gap; undefined when the first of them was rewritten in its place. */
  async endOfGap<Row extends { readonly hash: Buffer }>(queue: Queue<Row>, place: number): Promise<number | undefined> {
    for (let next = 1; next < lookahead; next += 1) {
      const row = await queue.peek(next)
      if (row === undefined) break
      if ((await this.#sealedAt(place + next))?.equals(row.hash) === true) return undefined
    }
    if (this.#searched <= place) return undefined
    for (let next = 0; next < 4; next += 1) {
      const row = await queue.peek(next)
      const found = row && (await this.find(row.hash, place + lookahead, this.#to))
      if (found !== undefined) return found - next
    }
    this.#searched = place
    return undefined
  }
}
