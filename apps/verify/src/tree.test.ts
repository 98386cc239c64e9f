import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeCrypto } from './node-crypto.ts'
import { consistencyProof, gapProof, merkleRoot } from './testing/reference-tree.ts'
import { GrowingTree, isConsistent, subtreesOf } from './tree.ts'

const hashes = Array.from({ length: 70 }, () => randomBytes(32))
const sizes = fc.integer({ min: 0, max: hashes.length })

test('a tree that grows leaf by leaf has at each size the root of RFC 6962', () => {
  const tree = new GrowingTree(nodeCrypto)
  for (const [index, hash] of hashes.entries()) {
    expect(tree.root()).toEqual(merkleRoot(hashes, 0, index))
    tree.append(hash)
  }
  expect(tree.root()).toEqual(merkleRoot(hashes))
})

test('leaves and the roots of the gaps between them give the root of the whole', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(hashes.length - 1)), (shown) => {
      const places = shown.sort((a, b) => a - b)
      const proof = gapProof(hashes, places, hashes.length)
      const tree = new GrowingTree(nodeCrypto)
      for (const place of [...places, hashes.length]) {
        for (const size of subtreesOf(tree.size, place - tree.size)) tree.append(proof.shift() as Buffer, size)
        if (place < hashes.length) tree.append(hashes[place] as Buffer)
      }
      expect(proof).toEqual([])
      expect(tree.root()).toEqual(merkleRoot(hashes))
    }),
  )
})

test('gaps of trees larger than 32 bits are covered too', () => {
  expect(subtreesOf(0, 2 ** 40 + 3)).toEqual([2 ** 40, 2, 1])
  expect(subtreesOf(2 ** 40 - 1, 2)).toEqual([1, 1])
})

test('a proof of consistency holds for every pair of sizes, and for no other root', () => {
  fc.assert(
    fc.property(sizes, sizes, fc.nat(31), (a, b, byte) => {
      const [first, second] = a < b ? [a, b] : [b, a]
      const proof = consistencyProof(hashes, first, second)
      const heads = [first, second].map((size) => ({ size, root: merkleRoot(hashes, 0, size) }))
      const [older, newer] = heads as [(typeof heads)[0], (typeof heads)[0]]
      expect(isConsistent(nodeCrypto, older, newer, proof)).toBe(true)
      if (first === 0) return
      const wrong = Uint8Array.from(older.root, (value, index) => (index === byte ? value ^ 1 : value))
      expect(isConsistent(nodeCrypto, { size: first, root: wrong }, newer, proof)).toBe(false)
      if (first === second) return
      expect(isConsistent(nodeCrypto, older, { size: second, root: wrong }, proof)).toBe(false)
      expect(isConsistent(nodeCrypto, older, newer, proof.slice(1))).toBe(false)
      expect(isConsistent(nodeCrypto, older, newer, [...proof, randomBytes(32)])).toBe(false)
    }),
  )
})
