import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Frontier } from './frontier.ts'
import { rootOver } from './merkle.ts'

const leaves = Array.from({ length: 70_000 }, (_, i) => createHash('sha256').update(String(i)).digest())

test('its root is that of all leaves, at every size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1500 }), (size) => {
      const frontier = new Frontier()
      for (const leaf of leaves.slice(0, size)) frontier.append(leaf)
      expect(frontier.root()).toEqual(rootOver(leaves.slice(0, size)))
    }),
  )
})

test('it fills tiles of 256 hashes from left to right, and those of the level above with their roots', () => {
  const frontier = new Frontier()
  const tiles = leaves.flatMap((leaf) => frontier.append(leaf))
  expect(tiles.filter(({ level }) => level === 0).map(({ number }) => number)).toEqual(
    Array.from({ length: 273 }, (_, i) => i),
  )
  expect(tiles.filter(({ level }) => level > 0)).toHaveLength(1)
  const above = tiles.find(({ level }) => level === 1)
  expect(above?.number).toBe(0)
  expect(above?.hashes.subarray(32, 64)).toEqual(rootOver(leaves.slice(256, 512)))
  expect(tiles[5]?.hashes).toEqual(Buffer.concat(leaves.slice(5 * 256, 6 * 256)))
  expect(frontier.root()).toEqual(rootOver(leaves))
})

test('its tail is what no tile holds yet, from the place that is asked for', () => {
  const frontier = new Frontier()
  for (const leaf of leaves.slice(0, 300)) frontier.append(leaf)
  expect(frontier.tail(0)).toEqual(Buffer.concat(leaves.slice(256, 300)))
  expect(frontier.tail(290)).toEqual(Buffer.concat(leaves.slice(290, 300)))
  expect(frontier.tail(300)).toEqual(Buffer.alloc(0))
})
