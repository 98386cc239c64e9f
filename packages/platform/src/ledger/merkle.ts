import { hash } from 'node:crypto'

/** Answers the root of the complete subtree of 2^level leaves that begins at place index × 2^level. */
export type NodeSource = (level: number, index: number) => Promise<Buffer>

/** The name of such a subtree. */
export interface Subtree {
  readonly level: number
  readonly index: number
}

/** The root of a tree without leaves. */
const emptyRoot: Buffer = hash('sha256', '', 'buffer')

const pair = Buffer.alloc(65, 1)

/** SHA-256(0x01 ‖ left ‖ right): the prefix keeps a node from being passed off as a leaf. */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(pair, 1)
  right.copy(pair, 33)
  return hash('sha256', pair, 'buffer')
}

/** The root over `hashes`, of which there is at least one; each may stand for a complete subtree of one and the same size. */
export function rootOver(hashes: readonly Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) {
    const above: Buffer[] = []
    // A last one without a neighbour moves up as it is: this gives the same tree as splitting at powers of two.
    for (let i = 0; i < row.length; i += 2) above.push(joined(row[i] as Buffer, row[i + 1]))
    row = above
  }
  return row[0] ?? emptyRoot
}

const joined = (left: Buffer, right: Buffer | undefined): Buffer => (right === undefined ? left : nodeHash(left, right))

/** MTH of RFC 6962: the root of the first `size` leaves. */
export async function treeRoot(source: NodeSource, size: number): Promise<Buffer> {
  return size === 0 ? emptyRoot : await rangeRoot(source, 0, size)
}

/** PATH of RFC 6962, from the leaf upwards: proves that the leaf at `place` is in the tree of `size` leaves. */
export async function inclusionProof(source: NodeSource, place: number, size: number): Promise<Buffer[]> {
  const proof: Buffer[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (place < middle) {
      proof.push(await rangeRoot(source, middle, to))
      to = middle
    } else {
      proof.push(await rangeRoot(source, from, middle))
      from = middle
    }
  }
  return proof.reverse()
}

/** PROOF of RFC 6962: proves that the tree of `older` leaves is the beginning of the tree of `newer`; empty when they are one. */
export async function consistencyProof(source: NodeSource, older: number, newer: number): Promise<Buffer[]> {
  const proof: Buffer[] = []
  let from = 0
  let to = newer
  // Whether [from, to) still begins with all of the older tree: then its root is known to the reader.
  let whole = true
  while (to !== older) {
    const middle = from + splitOf(to - from)
    if (older <= middle) {
      proof.push(await rangeRoot(source, middle, to))
      to = middle
    } else {
      proof.push(await rangeRoot(source, from, middle))
      from = middle
      whole = false
    }
  }
  if (!whole) proof.push(await rangeRoot(source, from, to))
  return proof.reverse()
}

/** The largest complete aligned subtrees that cover the places from `from` up to `to`, from left to right. */
export function* subtreesBetween(from: number, to: number): Generator<Subtree> {
  let place = from
  while (place < to) {
    let level = 0
    let width = 1
    while (place % (width * 2) === 0 && place + width * 2 <= to) {
      level += 1
      width *= 2
    }
    yield { level, index: place / width }
    place += width
  }
}

/** The root over the places from `from` up to `to`, of which `from` is a border of the tree above it. */
async function rangeRoot(source: NodeSource, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const { level, index } of subtreesBetween(from, to)) parts.push(await source(level, index))
  return parts.reduceRight((right, left) => nodeHash(left, right))
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
