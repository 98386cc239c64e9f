import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressed, planBlocks, splitBlock } from './blocks.ts'
import { readLimit } from './frame.ts'

const tagsAt = (addresses: readonly string[]) =>
  addressed(addresses.map((address, i) => ({ tag: `t${i}`, address, dataType: 'double' as const, sampleMs: 1000 })))

const shapeOf = (addresses: string[], maxGap: number) =>
  planBlocks(tagsAt(addresses), maxGap).map(({ table, start, count }) => `${table} ${start}+${count}`)

test('neighbours share a request, small gaps are read along, tables never mix', () => {
  const addresses = [
    'holding/4/int16',
    'holding/0/float32',
    'input/0/int16',
    'holding/2/int32',
    'holding/20/int16',
    'coil/1',
    'coil/0',
  ]
  expect(shapeOf(addresses, 4)).toEqual(['coil 0+2', 'holding 0+5', 'holding 20+1', 'input 0+1'])
  expect(shapeOf(addresses, 15)).toEqual(['coil 0+2', 'holding 0+21', 'input 0+1'])
})

const address = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('holding', 'input'),
      fc.integer({ min: 0, max: 900 }),
      fc.constantFrom('int16', 'int64', 'string250'),
    )
    .map((parts) => parts.join('/')),
  fc.integer({ min: 0, max: 5000 }).map((start) => `coil/${start}`),
)

test('every tag is in exactly one block that holds all its registers and fits one request', () => {
  fc.assert(
    fc.property(fc.array(address, { maxLength: 60 }), fc.integer({ min: 0, max: 50 }), (addresses, maxGap) => {
      const tags = tagsAt(addresses)
      const blocks = planBlocks(tags, maxGap)
      expect(blocks.flatMap((block) => block.members.map((member) => member.tag.tag)).toSorted()).toEqual(
        tags.map(({ tag }) => tag.tag).toSorted(),
      )
      for (const { table, start, count, members } of blocks) {
        expect(count).toBeLessThanOrEqual(readLimit(table))
        for (const { address: one } of members) {
          expect(one.table).toBe(table)
          expect(one.start).toBeGreaterThanOrEqual(start)
          expect(one.start + one.count).toBeLessThanOrEqual(start + count)
        }
      }
    }),
  )
})

test('halving a block loses no tag and ends at single tags', () => {
  const [block] = planBlocks(tagsAt(['holding/0/int16', 'holding/1/int16', 'holding/2/int16']), 0)
  if (block === undefined) throw new Error('no block was planned')
  const [left, right] = splitBlock(block)
  expect([left, right].map(({ start, count }) => [start, count])).toEqual([
    [0, 1],
    [1, 2],
  ])
})
