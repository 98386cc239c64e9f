import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { consistencyProof, inclusionProof, nodeHash, rootOver, subtreesBetween, treeRoot } from './merkle.ts'

// The definition of RFC 6962 section 2.1, as it stands there: slow, and easy to compare with the text.
const sha256 = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const leafOf = (data: Buffer): Buffer => sha256(Buffer.of(0), data)
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0] as Buffer
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)))
}
const sourceOf = (leaves: readonly Buffer[]) => async (level: number, index: number) => {
  const part = leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)
  expect(part).toHaveLength(2 ** level)
  return naiveRoot(part)
}
const treeOf = (size: number): Buffer[] => Array.from({ length: size }, (_, i) => leafOf(Buffer.from(`leaf ${i}`)))

/** RFC 9162 section 2.1.3.2. */
function rootFromInclusion(leaf: Buffer, place: number, size: number, proof: readonly Buffer[]): Buffer {
  let [fn, sn, root] = [place, size - 1, leaf]
  for (const hash of proof) {
    if (sn === 0) throw new Error('the proof is too long')
    if (fn % 2 === 1 || fn === sn) {
      root = sha256(Buffer.of(1), hash, root)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    } else {
      root = sha256(Buffer.of(1), root, hash)
    }
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  if (sn !== 0) throw new Error('the proof is too short')
  return root
}

/** RFC 9162 section 2.1.4.2; answers both roots that the proof stands for. */
function rootsFromConsistency(older: number, newer: number, olderRoot: Buffer, proof: readonly Buffer[]): Buffer[] {
  const path = Number.isInteger(Math.log2(older)) ? [olderRoot, ...proof] : [...proof]
  let [fn, sn] = [older - 1, newer - 1]
  while (fn % 2 === 1) [fn, sn] = [fn >> 1, sn >> 1]
  let [fr, sr] = [path[0] as Buffer, path[0] as Buffer]
  for (const hash of path.slice(1)) {
    if (sn === 0) throw new Error('the proof is too long')
    if (fn % 2 === 1 || fn === sn) {
      fr = sha256(Buffer.of(1), hash, fr)
      sr = sha256(Buffer.of(1), hash, sr)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    } else {
      sr = sha256(Buffer.of(1), sr, hash)
    }
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  if (sn !== 0) throw new Error('the proof is too short')
  return [fr, sr]
}

describe('the eight leaves that Certificate Transparency logs are tested with', () => {
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((data) => leafOf(Buffer.from(data, 'hex')))
  const source = sourceOf(leaves)
  const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'))

  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('the root of the first %i', async (size, root) => {
    expect((await treeRoot(source, size)).toString('hex')).toBe(root)
    expect(rootOver(leaves.slice(0, size)).toString('hex')).toBe(root)
  })

  test('the proof of the first leaf', async () => {
    expect(hex(await inclusionProof(source, 0, 8))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
  })

  test('the proof that the tree of six is the beginning of the tree of eight', async () => {
    expect(hex(await consistencyProof(source, 6, 8))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })
})

const sizes = fc.integer({ min: 1, max: 300 })

test('every root is the one of the definition', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async (size) => {
      const leaves = treeOf(size)
      expect(await treeRoot(sourceOf(leaves), size)).toEqual(naiveRoot(leaves))
      expect(rootOver(leaves)).toEqual(naiveRoot(leaves))
    }),
  )
})

test('every leaf can be proven, and no other leaf, place or size with its proof', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, any) => {
      const leaves = treeOf(size)
      const place = any % size
      const proof = await inclusionProof(sourceOf(leaves), place, size)
      const root = naiveRoot(leaves)
      expect(rootFromInclusion(leaves[place] as Buffer, place, size, proof)).toEqual(root)
      expect(rootFromInclusion(leafOf(Buffer.from('another')), place, size, proof)).not.toEqual(root)
    }),
  )
})

test('every older tree can be proven to be the beginning, and a rewritten one cannot', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), async (newer, some, other) => {
      const leaves = treeOf(newer)
      const older = 1 + (some % (newer - 1))
      const proof = await consistencyProof(sourceOf(leaves), older, newer)
      const roots = [naiveRoot(leaves.slice(0, older)), naiveRoot(leaves)]
      expect(rootsFromConsistency(older, newer, roots[0] as Buffer, proof)).toEqual(roots)
      const rewritten = leaves.with(other % older, leafOf(Buffer.from('rewritten')))
      const forged = await consistencyProof(sourceOf(rewritten), older, newer)
      expect(rootsFromConsistency(older, newer, roots[0] as Buffer, forged)).not.toEqual([
        roots[0],
        naiveRoot(rewritten),
      ])
    }),
  )
})

test('shown leaves and the subtrees of the gaps between them give the root', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.array(fc.nat(), { maxLength: 8 }), async (size, some) => {
      const leaves = treeOf(size)
      const source = sourceOf(leaves)
      const shown = [...new Set(some.map((each) => each % size))].sort((a, b) => a - b)
      const stack: { level: number; hash: Buffer }[] = []
      const push = (level: number, hash: Buffer): void => {
        const left = stack.at(-1)
        // Two of one height are neighbours under one node, as every part is aligned.
        if (left?.level !== level) stack.push({ level, hash })
        else {
          stack.pop()
          push(level + 1, nodeHash(left.hash, hash))
        }
      }
      let from = 0
      for (const place of [...shown, size]) {
        for (const { level, index } of subtreesBetween(from, place)) push(level, await source(level, index))
        if (place < size) push(0, leaves[place] as Buffer)
        from = place + 1
      }
      const root = stack.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right))
      expect(root).toEqual(naiveRoot(leaves))
    }),
  )
})

test('a tree is the beginning of itself without any proof', async () => {
  expect(await consistencyProof(sourceOf(treeOf(5)), 5, 5)).toEqual([])
})

test('a gap is covered from left to right by the largest subtrees that are aligned and fit', () => {
  const covered = [...subtreesBetween(3, 21)].map(({ level, index }) => [index * 2 ** level, 2 ** level])
  expect(covered).toEqual([
    [3, 1],
    [4, 4],
    [8, 8],
    [16, 4],
    [20, 1],
  ])
  expect([...subtreesBetween(7, 7)]).toEqual([])
  expect([...subtreesBetween(0, 2 ** 40)]).toEqual([{ level: 40, index: 0 }])
})
