import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sample } from './sample.ts'
import { decodeSampleBatch, encodeSampleBatch, sampleAt } from './sample-batch.ts'

const instant = fc.integer({ min: 0, max: 4_102_444_800_000_000 }).map((at) => at as Instant)
const sample: fc.Arbitrary<Sample> = fc.record({
  tag: fc.string({ minLength: 1, maxLength: 40 }),
  at: instant,
  serverAt: instant,
  value: fc.oneof(
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.boolean(),
    fc.string(),
    fc.constant(null),
  ),
  status: fc.integer({ min: 0, max: 0xffff_ffff }),
})

test('what is encoded comes back exactly: every value type, every status bit, wherever the bytes lie', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 50 }), fc.integer({ min: 0, max: 9 }), (samples, offset) => {
      const encoded = encodeSampleBatch('edge-1', 7, samples)
      // A socket hands out slices at any offset.
      const socketBuffer = Buffer.alloc(encoded.length + offset)
      socketBuffer.set(encoded, offset)
      const batch = decodeSampleBatch(Buffer.from(socketBuffer.buffer, offset))
      expect(batch).toMatchObject({ agent: 'edge-1', sequence: 7, count: samples.length })
      expect(samples.map((_, row) => sampleAt(batch, row))).toEqual(samples)
    }),
  )
})

test('a 64-bit integer beyond the reach of a double stays exact', () => {
  const counter = 2n ** 53n + 1n
  const one: Sample = { tag: 't', at: 1 as Instant, serverAt: 1 as Instant, value: counter, status: 0 }
  expect(sampleAt(decodeSampleBatch(encodeSampleBatch('edge-1', 1, [one])), 0).value).toBe(counter)
})

test('[A11-5!, SR-3.1!, SR-3.5!] broken bytes are refused with a reason and never read beyond', () => {
  const good = encodeSampleBatch('edge-1', 1, [
    { tag: 'a', at: 1 as Instant, serverAt: 1 as Instant, value: 'text', status: 0 },
    { tag: 'b', at: 2 as Instant, serverAt: 2 as Instant, value: 4.5, status: 0 },
  ])
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      fc.nat(good.length),
      (edits, length) => {
        const broken = good.slice()
        for (const [position, byte] of edits) broken[position] = byte
        try {
          const batch = decodeSampleBatch(broken.subarray(0, length))
          for (let row = 0; row < batch.count; row++) expect(sampleAt(batch, row).tag).not.toBe('')
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError)
          expect((error as DomainError).code).toBe('model.sample-batch-malformed')
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test.each([
  ['nothing', new Uint8Array(0), 'only 0 bytes'],
  ['text', new TextEncoder().encode('hello, world'), 'does not start with TLB1'],
])('%s is no batch', (_what, bytes, reason) => {
  expect(() => decodeSampleBatch(bytes)).toThrow(reason)
})
