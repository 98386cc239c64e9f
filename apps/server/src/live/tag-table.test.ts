import type { Instant } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { decodeSampleBatch, encodeSampleBatch, qualityOf, statusCode } from '@throughline/model'
import { expect, test } from 'vitest'
import { TagTable } from './tag-table.ts'

const sample = (tag: string, at: number, value: Sample['value'], status = 0): Sample => ({
  tag,
  at: at as Instant,
  serverAt: at as Instant,
  value,
  status,
})
const batch = (...samples: Sample[]) => decodeSampleBatch(encodeSampleBatch('edge-1', 1, samples))

test('the newest reading is shown; a late one changes nothing', () => {
  const table = new TagTable()
  table.update(batch(sample('a', 20, 2)))
  table.update(batch(sample('a', 10, 1)))
  expect(table.get('a')).toEqual({ at: 20, value: 2, status: 0 })
})

test('listeners hear each tag that changed, until they stop', () => {
  const table = new TagTable()
  const heard: string[] = []
  const stop = table.onChange((tagId) => heard.push(tagId))
  table.update(batch(sample('a', 1, 1), sample('b', 1, 1)))
  stop()
  table.update(batch(sample('a', 2, 2)))
  expect(heard).toEqual(['a', 'b'])
})

test('a silent agent makes its good readings uncertain, leaves bad ones bad, and gives them back when it speaks', () => {
  const table = new TagTable()
  table.assign(
    new Map([
      ['a', 'edge-1'],
      ['b', 'edge-1'],
      ['c', 'edge-2'],
    ]),
  )
  table.update(batch(sample('a', 1, 1), sample('b', 1, null, statusCode.badNoCommunication), sample('c', 1, 1)))
  const heard: string[] = []
  table.onChange((tagId) => heard.push(tagId))

  table.setAgentSilent('edge-1', true)
  expect(['a', 'b', 'c'].map((tag) => qualityOf(table.get(tag)?.status ?? 0))).toEqual(['uncertain', 'bad', 'good'])
  expect(heard).toEqual(['a', 'b'])

  table.setAgentSilent('edge-1', false)
  expect(table.get('a')?.status).toBe(statusCode.good)
})
