import { sameBytes, toHex } from './bytes.ts'
import type { Crypto } from './crypto.ts'
import { Stop, unreadable } from './finding.ts'
import { formatInstant } from './instant.ts'
import { differences } from './reading-differences.ts'
import { contradiction } from './reading-figures.ts'
import type { Reading, ReadingsLine, SealLine } from './readings-line.ts'
import { parseReadingsLine } from './readings-line.ts'
import type { SealedReadings, SealedWindow } from './sealed-readings.ts'
import { readLines } from './text-lines.ts'

/** What is found about readings. `contradicted` = the readings are those that were sealed, and the figures are not theirs. */
export interface ReadingsFinding {
  kind: 'unreadable' | 'altered' | 'missing' | 'added' | 'contradicted'
  /** What they are readings of, as people know it; null = of the whole file. */
  window: string | null
  what: string
}

export interface ReadingsVerdict {
  verdict: 'valid' | ReadingsFinding['kind']
  /** Windows that are, to the byte, what was sealed, and earlier seals on them. */
  windows: number
  earlier: number
  samples: number
  findings: ReadingsFinding[]
}

/** So many are told one by one. */
const mostFindings = 50

/** Holds a file of readings against what a bundle, which was found valid, sealed of them. */
export async function verifyReadings(
  file: AsyncIterable<Uint8Array | string>,
  sealed: SealedReadings,
  ledger: string,
  crypto: Crypto,
): Promise<ReadingsVerdict> {
  const check = new ReadingsCheck(sealed, ledger, crypto)
  let number = 0
  try {
    for await (const { texts } of readLines(file)) {
      for (const text of texts) {
        number++
        check.take(parseReadingsLine(text))
      }
    }
    check.finish()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    check.report('unreadable', null, `line ${number}: ${error.finding.what}`)
  }
  return check.verdict()
}

interface OpenWindow {
  line: SealLine
  sealed: SealedWindow | undefined
  texts: string[]
  hashes: Uint8Array[]
  readings: Reading[]
}

class ReadingsCheck {
  readonly #sealed: SealedReadings
  readonly #ledger: string
  readonly #crypto: Crypto
  readonly #findings: ReadingsFinding[] = []
  readonly #seen = new Set<string>()
  readonly #encoder = new TextEncoder()
  #stage: 'start' | 'body' | 'end' = 'start'
  #open: OpenWindow | undefined
  #earlier: SealLine[] = []
  #counts = { windows: 0, earlier: 0, samples: 0, told: 0 }

  constructor(sealed: SealedReadings, ledger: string, crypto: Crypto) {
    this.#sealed = sealed
    this.#ledger = ledger
    this.#crypto = crypto
  }

  take(line: ReadingsLine): void {
    if (this.#stage === 'end') throw unreadable('something stands behind the "end" line')
    if ((this.#stage === 'start') !== (line.line === 'header')) throw unreadable('it does not begin with one header')
    this.#stage = 'body'
    switch (line.line) {
      case 'header':
        if (line.ledger !== this.#ledger) throw unreadable('it is of another ledger than the bundle')
        return
      case 'window':
        this.#close()
        this.#counts.told++
        this.#open = { line, sealed: this.#find(line), texts: [], hashes: [], readings: [] }
        return
      case 'earlier':
        if (this.#open === undefined) throw unreadable('an earlier seal stands before its window')
        this.#earlier.push(line)
        return
      case 'reading':
        if (this.#open === undefined || this.#earlier.length > 0)
          throw unreadable('a reading stands outside its window')
        this.#open.texts.push(line.text)
        this.#open.hashes.push(this.#crypto.sha256(this.#encoder.encode(line.text)))
        this.#open.readings.push(line.reading)
        this.#counts.samples++
        return
      case 'end':
        this.#close()
        this.#stage = 'end'
        if (line.windows !== this.#counts.told)
          this.report(
            'missing',
            null,
            `of ${line.windows} windows that its last line tells, ${this.#counts.told} are here`,
          )
    }
  }

  finish(): void {
    if (this.#stage !== 'end') throw unreadable('the file ends before its "end" line: it was cut off')
    for (const window of this.#sealed.windows.values()) {
      if (!this.#seen.has(window.id)) this.report('missing', nameOf(window), 'its readings are not in the file')
    }
  }

  report(kind: ReadingsFinding['kind'], window: string | null, what: string): void {
    this.#findings.push({ kind, window, what })
  }

  verdict(): ReadingsVerdict {
    const { windows, earlier, samples } = this.#counts
    const findings = this.#findings.slice(0, mostFindings)
    const unread = this.#findings.find(({ kind }) => kind === 'unreadable')
    return { verdict: (unread ?? findings[0])?.kind ?? 'valid', windows, earlier, samples, findings }
  }

  #find({ seal }: SealLine): SealedWindow | undefined {
    const found = this.#sealed.windows.get(seal)
    if (found === undefined || this.#seen.has(seal))
      this.report('added', null, `the bundle seals no ${this.#seen.has(seal) ? 'second ' : ''}window ${seal}`)
    this.#seen.add(seal)
    return found
  }

  #close(): void {
    const open = this.#open
    if (open?.sealed !== undefined) {
      if (this.#judge(open, open.sealed)) this.#counts.windows++
      for (const line of this.#earlier) {
        const sealed = this.#find(line)
        if (sealed !== undefined && this.#judgeEarlier(open, sealed, line)) this.#counts.earlier++
      }
    }
    this.#open = undefined
    this.#earlier = []
  }

  /** Whether the readings are, to the byte, those that were sealed, and give the figures that were sealed with them. */
  #judge({ line, texts, hashes, readings }: OpenWindow, sealed: SealedWindow): boolean {
    const name = nameOf(sealed)
    if (this.#hashOf(texts) === sealed.sha256) {
      const wrong = contradiction(readings, sealed)
      if (wrong !== undefined) this.report('contradicted', name, wrong)
      return wrong === undefined
    }
    if (toHex(this.#crypto.sha256(line.marks)) !== sealed.marksSha256) {
      const what = `its ${texts.length} readings are not the ${sealed.samples} that were sealed; nor are the marks by which one could see which`
      this.report('altered', name, what)
      return false
    }
    const found = differences(line.marks, hashes, readings)
    if (found.length === 0)
      this.report('altered', name, 'one of its readings was altered so that its mark stayed the same')
    for (const { kind, what } of found) this.report(kind, name, what)
    return false
  }

  /** An earlier seal is on those of the readings that were there then. */
  #judgeEarlier({ texts, hashes }: OpenWindow, sealed: SealedWindow, { marks }: SealLine): boolean {
    const then: string[] = []
    for (const [index, hash] of hashes.entries()) {
      const mark = marks.subarray(then.length * 4, then.length * 4 + 4)
      if (mark.length === 4 && sameBytes(mark, hash.subarray(0, 4))) then.push(texts[index] as string)
    }
    if (this.#hashOf(then) === sealed.sha256) return true
    const what = `the ${sealed.samples} readings that were sealed first, ${formatInstant(sealed.sealedAt)}, are not among those that are here`
    this.report('altered', nameOf(sealed), what)
    return false
  }

  #hashOf(texts: readonly string[]): string {
    const all = texts.length === 0 ? '' : `${texts.join('\n')}\n`
    return toHex(this.#crypto.sha256(this.#encoder.encode(all)))
  }
}

/** `Temperature (works/north/oven-1/temperature), 2026-… to 2026-…, version 2`. */
const nameOf = ({ name, tag, from, to, version }: SealedWindow): string =>
  `${name} (${tag}), ${formatInstant(from)} to ${formatInstant(to)}, version ${version}`
