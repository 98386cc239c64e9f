import type { Reading } from '../state/reading.ts'
import type { Machine } from '../state-rule/machines.ts'
import type { DerivedRows } from './derived-store.ts'
import { Deriver } from './deriver.ts'
import type { WatchedTags } from './samples.ts'
import { inOrder } from './samples.ts'
import type { Settled } from './settled.ts'
import { nothingSettled } from './settled.ts'

/** Readings of several tags of one machine need not come in the order of their time: so much is put right in memory. */
const toleranceUs = 10e6
/** The past waits until no late reading came for so many looks, but never longer than for the second number. */
const quietLooks = 3
const mostLooks = 20
/** For so many looks after a late reading the next of its stream is expected. */
const looksOfLateStream = 240
/** What is older than this when it comes is the past: it is worked in out of the historian, and told as a change of the past. */
const pastUs = 120e6

/** What a look found, and what of the agent it was judged by. */
interface Seen {
  readonly rows: DerivedRows
  readonly isSilent: boolean
  readonly urgency: 'states' | 'counts'
}

/** Readings that are settled, and those that may still be joined by a late one. */
interface Parted {
  readonly settled: Reading[]
  readonly tail: Reading[]
}

/**
 * Follows one machine in memory. Readings that come in their order cost a few operations; one that is late within the
 * tolerance is told again with its neighbours; a later one asks for the past to be derived anew, from `dirtyFrom` on.
 */
export class Follower {
  readonly machine: Machine
  readonly tags: WatchedTags
  readonly #compare: (a: Reading, b: Reading) => number
  /** What the past has to be derived anew from; null = nothing. */
  dirtyFrom: number | null = null
  /** The newest late reading of late; a late stream goes on behind it. */
  #lateTo: number | null = null
  #looksSinceLate = 0
  #looksSinceDirty = 0
  isSilent = false
  /** The past is being derived from here on: until that is done nothing is told; null = it is not. */
  derivesFrom: number | null = null
  /** What is stored is taken up. */
  isReady = false
  #base: Deriver
  #tail: Reading[] = []
  #fresh: Reading[] = []
  #told = ''
  #toldSteps = ''

  constructor(machine: Machine, tags: WatchedTags) {
    this.machine = machine
    this.tags = tags
    this.#compare = inOrder(tags)
    this.#base = new Deriver(machine.rules)
  }

  hear(reading: Reading, now: number): void {
    if (reading.at <= this.#base.at || reading.at < now - pastUs) this.#hearLate(reading.at)
    else this.#fresh.push(reading)
  }

  /** Derives anew from an instant on, at the latest. */
  redo(from: number): void {
    this.dirtyFrom = Math.min(this.dirtyFrom ?? from, from)
  }

  #hearLate(at: number): void {
    if (this.dirtyFrom === null) this.#looksSinceDirty = 0
    this.redo(at)
    this.#lateTo = Math.max(this.#lateTo ?? at, at)
    this.#looksSinceLate = 0
  }

  get isDeriving(): boolean {
    return this.derivesFrom !== null
  }

  /** Counts the looks, and says whether the past is to be derived now: late readings seldom come alone. */
  isDue(): boolean {
    this.#looksSinceLate++
    this.#looksSinceDirty++
    if (this.dirtyFrom === null) {
      if (this.#looksSinceLate > looksOfLateStream) this.#lateTo = null
      return false
    }
    return this.#looksSinceLate > quietLooks || this.#looksSinceDirty > mostLooks
  }

  /** From where on late readings are not worked in; null = all are, as far as it is known. */
  get owedFrom(): number | null {
    const all = [this.dirtyFrom, this.#lateTo].filter((each) => each !== null && each > 0) as number[]
    return all.length === 0 ? null : Math.min(...all)
  }

  /** What is stored up to here is final, and a start derives anew from here; null = it has heard nothing yet. */
  get resumeAt(): number | null {
    return this.resumeAfter(this.#base.at)
  }

  /** The same, once all up to `at` is stored: what is owed to late readings comes first. */
  resumeAfter(at: number): number | null {
    const all = [at, this.dirtyFrom, this.#lateTo].filter((each) => each !== null && each > 0)
    return all.length === 0 ? null : Math.min(...(all as number[]))
  }

  /** Of the newest good reading, whether or not it is worked in. */
  get heardAt(): number | null {
    let heardAt = this.#base.heardAt
    for (const readings of [this.#tail, this.#fresh]) {
      for (const { at, value } of readings) if (value !== null && at > (heardAt ?? 0)) heardAt = at
    }
    return heardAt
  }

  /** What changed since it was last told: `states` at once, `counts` when there is time; undefined = nothing. */
  look(now: number): Seen | undefined {
    if (!this.isReady || this.isDeriving) return undefined
    this.#takeFresh()
    if (this.#tail.length === 0 && this.#base.heardAt === null) return undefined
    const { isSilent } = this
    const rows = Follower.tailOf(this.#base, this.#tail, now, isSilent)
    const told = JSON.stringify([rows.spells.rows, rows.works.rows])
    if (told !== this.#told) return { rows, isSilent, urgency: 'states' }
    const isTold = JSON.stringify([rows.steps, rows.gaps, rows.codes]) === this.#toldSteps
    return isTold ? undefined : { rows, isSilent, urgency: 'counts' }
  }

  /**
   * What a look at `now` gave is stored: what lies behind the tolerance need not be kept. Whether the agent is silent may
   * have changed while it was written: what counts is what was written.
   */
  stored(now: number, isSilent: boolean): void {
    this.#settleTo(settledTo(this.#tail, now))
    this.#remember(now, isSilent)
  }

  /**
   * Goes on from a past that was derived anew and stored: `read` is what it was derived from since `base` began, its tail
   * what came after it; `isSilent` what was stored with it.
   */
  goOn(base: Deriver, read: Parted, now: number, isSilent: boolean): void {
    this.isReady = true
    this.#base = base
    this.#tail = read.tail
    this.#remember(now, isSilent)
    // What came while the past was read may stand in it already.
    const behind = this.#fresh.filter((reading) => reading.at <= base.at)
    this.#fresh = this.#fresh.filter((reading) => reading.at > base.at)
    if (behind.length === 0) return
    const known = new Set(read.settled.map(({ tag, at }) => `${at} ${tag}`))
    for (const { tag, at } of behind) if (!known.has(`${at} ${tag}`)) this.redo(at)
  }

  /** Forgets what is not told yet: it is durable, and about to be read. */
  dropFresh(): void {
    this.#fresh = []
  }

  /** Settles what lies before `now`, and answers what is to be stored of the rest. */
  static tailOf(base: Deriver, tail: readonly Reading[], now: number, isSilent: boolean): DerivedRows {
    const { spells, works, steps, told } = base.openFrom
    const deriver = base.copy()
    const settled: Settled = nothingSettled()
    for (const reading of tail) deriver.hear(reading, settled)
    if (now > deriver.at) deriver.passTo(now, settled)
    if (isSilent) deriver.fallSilent(settled)
    const open = deriver.open()
    return {
      spells: { from: spells, to: null, rows: [...settled.spells, ...open.spells] },
      works: { from: works, to: null, rows: [...settled.works, ...open.works] },
      steps: { from: steps, to: null, rows: [...settled.steps, ...open.steps] },
      gaps: { from: told + 1, to: null, rows: settled.gaps },
      notes: { from: told + 1, to: null, rows: settled.notes },
      codes: { from: told + 1, to: null, rows: settled.codes },
    }
  }

  /** Parts readings into those that are settled and those that may still be joined by a late one. */
  static part(readings: readonly Reading[], now: number): Parted {
    const end = settledTo(readings, now)
    const at = readings.findIndex((reading) => reading.at > end)
    return at === -1
      ? { settled: [...readings], tail: [] }
      : { settled: readings.slice(0, at), tail: readings.slice(at) }
  }

  #remember(now: number, isSilent: boolean): void {
    const rows = Follower.tailOf(this.#base, this.#tail, now, isSilent)
    this.#told = JSON.stringify([rows.spells.rows, rows.works.rows])
    this.#toldSteps = JSON.stringify([rows.steps, rows.gaps, rows.codes])
  }

  #takeFresh(): void {
    if (this.#fresh.length === 0) return
    for (const reading of this.#fresh) {
      // Mostly it is the newest, and stays where it is put.
      let place = this.#tail.length
      while (place > 0 && this.#compare(this.#tail[place - 1] as Reading, reading) > 0) place--
      const before = this.#tail[place - 1]
      // Of one tag and instant the historian keeps what came first.
      if (before !== undefined && this.#compare(before, reading) === 0) continue
      if (place === this.#tail.length) this.#tail.push(reading)
      else this.#tail.splice(place, 0, reading)
    }
    this.#fresh = []
  }

  #settleTo(at: number): void {
    const end = this.#tail.findIndex((reading) => reading.at > at)
    const scratch = nothingSettled()
    for (const reading of this.#tail.splice(0, end === -1 ? this.#tail.length : end)) this.#base.hear(reading, scratch)
  }
}

/** Behind the tolerance; a clock that is fast does not take it away from the others. */
const settledTo = (readings: readonly Reading[], now: number): number =>
  Math.min(readings.at(-1)?.at ?? 0, now) - toleranceUs
