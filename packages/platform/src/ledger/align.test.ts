import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Aligned } from './align.ts'
import { align } from './align.ts'

interface Row {
  readonly name: string
  readonly hash: Buffer
}

const hashOf = (name: string): Buffer => createHash('sha256').update(name).digest()
const rowOf = (name: string): Row => ({ name, hash: hashOf(name) })
const namesOf = (size: number): string[] => Array.from({ length: size }, (_, i) => `leaf ${i}`)

/** What is not as it was sealed, in words. */
async function told(names: readonly string[], sealed: readonly string[]): Promise<string[]> {
  async function* rows(): AsyncGenerator<Row> {
    yield* names.map(rowOf)
  }
  const found: Aligned<Row>[] = []
  const sealedAt = async (place: number) => (sealed[place] === undefined ? undefined : hashOf(sealed[place]))
  for await (const each of align(rows(), sealedAt, 0, sealed.length)) found.push(each)
  // Whatever was done, every place and every row is told of exactly once.
  expect(found.flatMap(({ place }) => place ?? []).sort((a, b) => a - b)).toEqual(sealed.map((_, place) => place))
  expect(found.flatMap(({ row }) => row?.name ?? []).sort()).toEqual([...names].sort())
  return found.flatMap(({ place, row, standsAt }) => {
    if (row === undefined) return [`${place} is gone`]
    if (place === null) return [`${row.name} was put in`]
    if (standsAt !== undefined) return [`${place} stands at ${standsAt}`]
    return row.name === sealed[place] ? [] : [`${place} was rewritten`]
  })
}

const sizes = fc.integer({ min: 3, max: 60 })

test('leaves as they were sealed are told as nothing', async () => {
  expect(await told(namesOf(3000), namesOf(3000))).toEqual([])
  expect(await told([], [])).toEqual([])
})

test('one leaf that was taken out is gone, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, any) => {
      const sealed = namesOf(size)
      expect(await told(sealed.toSpliced(any % size, 1), sealed)).toEqual([`${any % size} is gone`])
    }),
  )
})

test('one leaf that was rewritten is told at its place, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, any) => {
      const sealed = namesOf(size)
      expect(await told(sealed.with(any % size, 'forged'), sealed)).toEqual([`${any % size} was rewritten`])
    }),
  )
})

test('one leaf that was put in is told by itself', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), async (size, any) => {
      const sealed = namesOf(size)
      expect(await told(sealed.toSpliced(any % (size + 1), 0, 'forged'), sealed)).toEqual(['forged was put in'])
    }),
  )
})

test('two leaves that changed places are told, and none between them', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, some, other) => {
      const [a, b] = [some % size, other % size].sort((x, y) => x - y) as [number, number]
      fc.pre(a !== b)
      const sealed = namesOf(size)
      const swapped = sealed.with(a, sealed[b] as string).with(b, sealed[a] as string)
      expect((await told(swapped, sealed)).sort()).toEqual([`${a} stands at ${b}`, `${b} stands at ${a}`].sort())
    }),
  )
})

test('one leaf that was moved farther is told as the one that was moved', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, some, other) => {
      const [from, to] = [some % size, other % size]
      fc.pre(Math.abs(from - to) > 1)
      const sealed = namesOf(size)
      const moved = sealed.toSpliced(from, 1).toSpliced(to, 0, sealed[from] as string)
      expect(await told(moved, sealed)).toEqual([`${from} stands at ${to}`])
    }),
  )
})

test('a block longer than the lookahead that was taken out is gone, and what follows is in its place', async () => {
  const sealed = namesOf(6000)
  const gone = await told(sealed.toSpliced(700, 3500), sealed)
  expect(gone).toEqual(Array.from({ length: 3500 }, (_, i) => `${700 + i} is gone`))
})

test('an end that was cut off, and one that was added, are told as such', async () => {
  const sealed = namesOf(5)
  expect(await told(sealed.slice(0, 3), sealed)).toEqual(['3 is gone', '4 is gone'])
  expect(await told([...sealed, 'more'], sealed)).toEqual(['more was put in'])
})

test('whatever was done, every place and every row is told of once, and nothing is told only if nothing was done', async () => {
  const edits = fc.array(fc.tuple(fc.constantFrom('out', 'in', 'rewrite', 'move'), fc.nat(), fc.nat()), {
    maxLength: 6,
  })
  await fc.assert(
    fc.asyncProperty(sizes, edits, async (size, done) => {
      const sealed = namesOf(size)
      let names = sealed
      for (const [what, some, other] of done) {
        const [from, to] = [some % Math.max(1, names.length), other % Math.max(1, names.length)]
        if (what === 'in') names = names.toSpliced(from, 0, `forged ${other}`)
        else if (what === 'out') names = names.toSpliced(from, 1)
        else if (what === 'rewrite' && names.length > 0) names = names.with(from, `forged ${other}`)
        else if (names.length > 0) names = names.toSpliced(from, 1).toSpliced(to, 0, names[from] as string)
      }
      const isAsSealed = names.length === size && names.every((name, i) => name === sealed[i])
      expect((await told(names, sealed)).length === 0).toBe(isAsSealed)
    }),
  )
})
