import { handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { FaultLog } from './fault-log.ts'

test('[SR-6.2] faults are counted by source and cause, the newest first, and logged once per cause', () => {
  const clock = handClock()
  const lines: string[] = []
  const faults = new FaultLog(clock, pino({ level: 'warn' }, { write: (line) => void lines.push(line) }))
  const first = clock.now()
  faults.add('edge-1', 'batch-malformed', 'it has only 3 bytes')
  clock.advanceMs(1000)
  faults.add('broker', 'mqtt-malformed', 'x')
  clock.advanceMs(1000)
  faults.add('edge-1', 'batch-malformed', 'its header is cut off', 4)

  expect(faults.list()).toMatchObject([
    {
      source: 'edge-1',
      cause: 'batch-malformed',
      count: 5,
      firstAt: first,
      lastAt: clock.now(),
      example: 'its header is cut off',
    },
    { source: 'broker', count: 1 },
  ])
  expect(lines).toHaveLength(2)
})

test('[SR-7.2!] invented causes cannot fill the memory', () => {
  const faults = new FaultLog(handClock(), pino({ level: 'silent' }))
  for (let index = 0; index < 5000; index++) faults.add('edge-1', `cause-${index}`, 'x'.repeat(10_000))
  expect(faults.list().length).toBe(1000)
  expect(faults.list()[0]?.example.length).toBe(500)
  faults.add('edge-1', 'cause-4999', 'y'.repeat(10_000))
  expect(faults.list().every((fault) => fault.example.length === 500)).toBe(true)
})
