import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instant } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { decodeSampleBatch, sampleAt, statusCode } from '@throughline/model'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { FaultRegistry } from '../fault/fault-registry.ts'
import { SampleBuffer } from './sample-buffer.ts'

const clock = { now: () => 1_790_000_000_000_000 as Instant }
const faults = new FaultRegistry(clock, pino({ enabled: false }))
const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup()
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-buffer-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'buffer.sqlite')
}

function open(file: string, maxBytes?: number): SampleBuffer {
  const limit = maxBytes === undefined ? {} : { maxBytes }
  const buffer = new SampleBuffer({ file, agent: 'edge-1', clock, faults, ...limit })
  cleanups.push(() => buffer.close())
  return buffer
}

function sampleOf(value: number, tag = 't'): Sample {
  return { tag, at: (clock.now() + value) as Instant, serverAt: clock.now(), value, status: statusCode.good }
}

function contentOf(buffer: SampleBuffer): Sample[] {
  return buffer.batchesAfter(0, 1e6).flatMap(({ bytes }) => {
    const batch = decodeSampleBatch(bytes)
    return Array.from({ length: batch.count }, (_, row) => sampleAt(batch, row))
  })
}

test('samples are on disk soon after they were appended, without anybody asking', async () => {
  const buffer = open(newFile())
  const { promise, resolve } = Promise.withResolvers<void>()
  buffer.onCommit(resolve)
  buffer.append([sampleOf(1), sampleOf(2)])
  await promise
  expect(contentOf(buffer)).toEqual([sampleOf(1), sampleOf(2)])
})

test('[AL-Enduring, SR-5.2] whatever is appended and acknowledged, samples leave in order, once, and sequences count up without gaps', () => {
  const step = fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ acknowledge: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.constant({ reopen: true }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
      const file = newFile()
      let buffer = open(file)
      let appended = 0
      const left: number[] = []
      for (const one of steps) {
        if ('append' in one) {
          buffer.append(Array.from({ length: one.append }, () => sampleOf(++appended)))
          buffer.flush()
        } else if ('acknowledge' in one) {
          const batches = buffer.batchesAfter(0, 1e6)
          const taken = batches.slice(0, Math.ceil(batches.length * one.acknowledge))
          for (const { bytes } of taken) {
            const batch = decodeSampleBatch(bytes)
            for (let row = 0; row < batch.count; row++) left.push(Number(batch.doubles[row]))
          }
          const last = taken.at(-1)
          if (last !== undefined) buffer.acknowledge(last.sequence)
        } else {
          buffer.close()
          buffer = open(file)
        }
        const sequences = buffer.batchesAfter(0, 1e6).map((batch) => batch.sequence)
        expect(sequences).toEqual(sequences.map((_, i) => buffer.acknowledgedSequence + 1 + i))
        expect(buffer.lastSequence).toBe(sequences.at(-1) ?? buffer.acknowledgedSequence)
      }
      const rest = contentOf(buffer).map((sample) => Number(sample.value))
      expect([...left, ...rest]).toEqual(Array.from({ length: appended }, (_, i) => i + 1))
      expect(buffer.pendingSamples).toBe(rest.length)
      buffer.close()
    }),
    { numRuns: 20 },
  )
})

test('a sequence is not used again after everything was acknowledged and the agent restarted', () => {
  const file = newFile()
  const first = open(file)
  first.append([sampleOf(1)])
  first.flush()
  first.acknowledge(1)
  first.close()
  const second = open(file)
  second.append([sampleOf(2)])
  second.flush()
  expect(second.batchesAfter(0, 10).map((batch) => batch.sequence)).toEqual([2])
})

test('[AL-Enduring!, SR-7.4!] a killed process loses nothing that it had reported as committed, and leaves where it was last alive', async () => {
  const file = newFile()
  const writer = `
    import { SampleBuffer } from '${new URL('./sample-buffer.ts', import.meta.url)}'
    const clock = { now: () => 1790000000000000 }
    const buffer = new SampleBuffer({ file: ${JSON.stringify(file)}, agent: 'edge-1', clock, faults: { count() {} } })
    let value = 0
    buffer.onCommit(() => process.stdout.write(buffer.lastSequence + '\\n'))
    setInterval(() => buffer.append([{ tag: 't', at: 1790000000000000 + ++value, serverAt: 1790000000000000, value, status: 0 }]), 1)
  `
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', writer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  let told = ''
  for await (const chunk of child.stdout) {
    told += String(chunk)
    if (told.split('\n').length > 5) break
  }
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  const committed = Number(told.trimEnd().split('\n').at(-1))
  const buffer = open(file)
  expect(committed).toBeGreaterThanOrEqual(4)
  expect(buffer.lastSequence).toBeGreaterThanOrEqual(committed)
  const values = contentOf(buffer).map((sample) => Number(sample.value))
  expect(values).toEqual(values.map((_, i) => i + 1))
  expect(buffer.crashedAfter).toBe(clock.now())
})

test('after a clean stop no crash is remembered', () => {
  const file = newFile()
  const first = open(file)
  expect(first.crashedAfter).toBeUndefined()
  first.heartbeat()
  first.close()
  expect(open(file).crashedAfter).toBeUndefined()
})

test('[AL-Complete!, SR-7.2!] a full buffer keeps the oldest, counts what it refuses, and records the gap once there is room', () => {
  const buffer = open(newFile(), 1)
  buffer.append([sampleOf(1)])
  buffer.flush()
  expect(buffer.isFull).toBe(true)
  buffer.append([sampleOf(2), sampleOf(3)])
  buffer.flush()
  buffer.append([sampleOf(4)])
  buffer.flush()
  expect(contentOf(buffer)).toEqual([sampleOf(1)])
  expect(faults.list().find((fault) => fault.cause === 'buffer-full')?.count).toBe(3)
  buffer.acknowledge(1)
  buffer.flush()
  expect(contentOf(buffer)).toEqual([
    { ...sampleOf(2), value: null, status: statusCode.badNoCommunication },
    sampleOf(4),
  ])
})

const sendersOf = (buffer: SampleBuffer) =>
  buffer.batchesAfter(0, 1e6).map(({ bytes }) => decodeSampleBatch(bytes).agent)

test('a buffer is one sender for ever, a new file is another', () => {
  const file = newFile()
  for (let i = 1; i <= 2; i++) {
    const buffer = open(file)
    buffer.append([sampleOf(i)])
    buffer.close()
  }
  const other = open(newFile())
  other.append([sampleOf(1)])
  other.flush()
  const [first, second] = sendersOf(open(file))
  expect(first).toMatch(/^edge-1\/[0-9a-z]+$/)
  expect(second).toBe(first)
  expect(sendersOf(other)).not.toContain(first)
})

test.each([
  ['more', 900],
  ['less', 0],
])('a server that remembers %s than the buffer: what waits is sent afresh by a new sender', (_title, sequence) => {
  const buffer = open(newFile())
  for (let i = 1; i <= 3; i++) {
    buffer.append([sampleOf(i)])
    buffer.flush()
  }
  buffer.acknowledge(1)
  const before = sendersOf(buffer)
  expect(buffer.acknowledge(sequence)).toBe(true)
  expect(sendersOf(buffer)).toHaveLength(2)
  expect(sendersOf(buffer)).not.toContain(before[0])
  expect(contentOf(buffer)).toEqual([sampleOf(2), sampleOf(3)])
  // The other answers to what the old sender sent change nothing any more.
  expect(buffer.acknowledge(sequence)).toBe(false)
  buffer.acknowledge(3)
  expect(buffer.pendingSamples).toBe(0)
})

test('a second agent is kept out of the file', () => {
  const file = newFile()
  open(file)
  expect(() => new SampleBuffer({ file, agent: 'edge-1', clock, faults })).toThrow(/no other agent uses it/)
})

test('an acknowledgement heard twice changes nothing', () => {
  const buffer = open(newFile())
  for (let i = 1; i <= 3; i++) {
    buffer.append([sampleOf(i)])
    buffer.flush()
  }
  buffer.acknowledge(2)
  expect(buffer.acknowledge(2)).toBe(false)
  expect(contentOf(buffer)).toEqual([sampleOf(3)])
  expect(buffer.acknowledgedSequence).toBe(2)
})

test('a file that cannot be used is named', () => {
  expect(() => new SampleBuffer({ file: '/dev/null/x', agent: 'a', clock, faults })).toThrow(
    /\/dev\/null\/x cannot be used/,
  )
})
