import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeOriginal } from './original.ts'
import { isDetected, Yard } from './tamper.ts'
import type { TableWay } from './way.ts'
import { pickEntry } from './way.ts'
import { allWays } from './ways.ts'

const seed = 2026
// Few requests, but more leaves than a tile of the tree holds.
const requestsABurst = 30
let folder: string
let yard: Yard
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-tamper-'))
  yard = await Yard.open(await makeOriginal(folder, seed, requestsABurst))
}, 120_000)
afterAll(async () => {
  await yard.close()
  await rm(folder, { recursive: true, force: true })
})

test.each([
  'text of an entry edited, its hash made anew',
  'end cut off with its checkpoints, and gone on with',
  'leaf rewritten with everything above it, the keys and their files replaced',
  'byte of an entry edited in the files',
  'row of a record edited past the door',
])(
  '[P11-10a!, SR-3.9!] %s: found and named, by the product and, where a bundle holds it, by a stranger',
  async (name) => {
    const way = allWays.find((each) => each.name === name)
    if (way === undefined) throw new Error('there is no such way')
    const outcome = await yard.try(way, seed)
    expect(outcome.instead).toEqual([])
    expect(isDetected(outcome)).toBe(true)
  },
  60_000,
)

test('what nobody did is not found, by either of them', async () => {
  const nothing: TableWay = {
    name: 'nothing',
    times: 1,
    async tamper(forger, draw) {
      const sought = { kinds: ['altered'], places: [pickEntry(forger.original, draw).place] }
      return { target: 'nothing', product: sought, bundle: sought }
    },
  }
  expect(await yard.try(nothing, seed)).toMatchObject({ product: null, bundle: null, instead: ['bundle: valid: '] })
})

test('a finding that names another leaf than the one that was altered does not count', async () => {
  const beside: TableWay = {
    name: 'beside',
    times: 1,
    async tamper(forger, draw) {
      const leaf = pickEntry(forger.original, draw)
      await forger.setText(leaf, '{}', false)
      const sought = { kinds: ['altered'], places: [leaf.place + 1] }
      return { target: 'the leaf before the one that is sought', product: sought, bundle: sought }
    },
  }
  expect(isDetected(await yard.try(beside, seed))).toBe(false)
})

test('an error that is none of the product’s own is told and does not count', async () => {
  const broken: TableWay = {
    name: 'broken',
    times: 1,
    async tamper() {
      throw new TypeError('no words')
    },
  }
  const outcome = await yard.try(broken, seed)
  expect(isDetected(outcome)).toBe(false)
  expect(outcome.instead).toEqual(['an error: no words'])
})
