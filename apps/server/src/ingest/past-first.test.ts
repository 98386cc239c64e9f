import type { Instant } from '@throughline/kernel'
import type { SampleBatch } from '@throughline/model'
import { decodeSampleBatch, encodeSampleBatch } from '@throughline/model'
import { expect, test } from 'vitest'
import { PastFirst } from './past-first.ts'

const batchOf = (agent: string, sequence: number): SampleBatch => {
  const at = sequence as Instant
  return decodeSampleBatch(encodeSampleBatch(agent, sequence, [{ tag: 't', at, serverAt: at, value: 1, status: 0 }]))
}

test('what is live waits until the past is told, and nothing waits afterwards', () => {
  const heard: string[] = []
  const watch = new PastFirst({ hear: ({ agent, sequence }) => heard.push(`${agent} ${sequence}`) }, 'history')
  watch.hear(batchOf('edge-1/a', 7))
  watch.hear(batchOf('history/b', 1))
  watch.hear(batchOf('edge-1/a', 8))
  watch.hear(batchOf('history/b', 2))
  expect(heard).toEqual(['history/b 1', 'history/b 2'])
  watch.end()
  watch.hear(batchOf('edge-1/a', 9))
  watch.end()
  expect(heard.slice(2)).toEqual(['edge-1/a 7', 'edge-1/a 8', 'edge-1/a 9'])
})
