import { formatInstant } from './instant.ts'
import type { Reading } from './readings-line.ts'

interface Difference {
  kind: 'altered' | 'missing' | 'added'
  what: string
}

/** Who was given another file altogether needs no list of all of it. */
const mostDifferences = 50

/** Which readings are not as their marks say: altered, missing, or added; the first of them. */
export function differences(
  marks: Uint8Array,
  hashes: readonly Uint8Array[],
  readings: readonly Reading[],
): Difference[] {
  const sealed = keysOf(marks, marks.length / 4, (index) => index * 4)
  const here = hashes.map((hash) => keyAt(hash, 0))
  const found: Difference[] = []
  let i = 0
  let j = 0
  while ((i < sealed.length || j < here.length) && found.length < mostDifferences) {
    if (i < sealed.length && sealed[i] === here[j]) {
      i++
      j++
      continue
    }
    const [nextI, nextJ] = resume(sealed, here, i, j)
    const pairs = Math.min(nextI - i, nextJ - j)
    for (let k = 0; k < pairs; k++) found.push(altered(i + k, readings[j + k]))
    for (let k = i + pairs; k < nextI; k++) found.push(missing(k, readings[j - 1], readings[nextJ]))
    for (let k = j + pairs; k < nextJ; k++) found.push(added(readings[k]))
    i = nextI
    j = nextJ
  }
  return found.slice(0, mostDifferences)
}

/** The nearest places from which both go on alike; their ends if they nowhere do. */
function resume(sealed: readonly number[], here: readonly number[], i: number, j: number): [number, number] {
  const places = new Map<number, number>()
  for (let k = here.length - 1; k >= j; k--) places.set(here[k] as number, k)
  for (let k = i; k < sealed.length; k++) {
    const place = places.get(sealed[k] as number)
    if (place !== undefined) return [k, place]
  }
  return [sealed.length, here.length]
}

const altered = (index: number, reading: Reading | undefined): Difference => ({
  kind: 'altered',
  what: `reading ${index + 1} is not the one that was sealed: here it says ${said(reading)}`,
})

function missing(index: number, before: Reading | undefined, behind: Reading | undefined): Difference {
  const places = [
    ...(before === undefined ? [] : [`after ${formatInstant(before.at)}`]),
    ...(behind === undefined ? [] : [`before ${formatInstant(behind.at)}`]),
  ]
  return {
    kind: 'missing',
    what: `reading ${index + 1} is not here${places.length === 0 ? '' : `, ${places.join(' and ')}`}`,
  }
}

const added = (reading: Reading | undefined): Difference => ({
  kind: 'added',
  what: `a reading is here that was not sealed: ${said(reading)}`,
})

const said = (reading: Reading | undefined): string =>
  reading === undefined ? 'nothing' : `${JSON.stringify(reading.value)} at ${formatInstant(reading.at)}`

/** The four bytes of a mark as one number. */
const keyAt = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0)

const keysOf = (bytes: Uint8Array, count: number, placeOf: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => keyAt(bytes, placeOf(index)))
