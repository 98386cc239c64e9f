import { createHash } from 'node:crypto'

/** The definitions of RFC 6962, section 2.1, taken literally: slow, and another way than the checker goes. */
export function merkleRoot(hashes: readonly Buffer[], from = 0, to = hashes.length): Buffer {
  if (to - from === 0) return createHash('sha256').digest()
  if (to - from === 1) return hashes[from] as Buffer
  const middle = from + split(to - from)
  return node(merkleRoot(hashes, from, middle), merkleRoot(hashes, middle, to))
}

/** PROOF(first, D[second]). */
export function consistencyProof(hashes: readonly Buffer[], first: number, second: number): Buffer[] {
  if (first === 0 || first === second) return []
  return subProof(hashes, first, 0, second, true)
}

/** Roots of what lies between the places shown, as the format has it. */
export function gapProof(hashes: readonly Buffer[], shown: readonly number[], size: number): Buffer[] {
  const proof: Buffer[] = []
  let at = 0
  for (const place of [...shown, size]) {
    while (at < place) {
      let length = 1
      while (at % (length * 2) === 0 && at + length * 2 <= place) length *= 2
      proof.push(merkleRoot(hashes, at, at + length))
      at += length
    }
    at = place + 1
  }
  return proof
}

function subProof(hashes: readonly Buffer[], first: number, from: number, to: number, whole: boolean): Buffer[] {
  const size = to - from
  if (first === size) return whole ? [] : [merkleRoot(hashes, from, to)]
  const k = split(size)
  if (first <= k) return [...subProof(hashes, first, from, from + k, whole), merkleRoot(hashes, from + k, to)]
  return [...subProof(hashes, first - k, from + k, to, false), merkleRoot(hashes, from, from + k)]
}

/** The largest power of two below `size`. */
function split(size: number): number {
  let k = 1
  while (k * 2 < size) k *= 2
  return k
}

function node(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}
