import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from './frame.ts'
import {
  checkWriteAnswer,
  decodeReadAnswer,
  encodeFrame,
  encodeRead,
  encodeWrite,
  FrameReader,
  ModbusException,
  packBits,
  packWords,
} from './frame.ts'

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
const frame: fc.Arbitrary<Frame> = fc.record({
  transaction: fc.integer({ min: 0, max: 0xffff }),
  unit: fc.integer({ min: 0, max: 255 }),
  pdu: bytes(1, 253),
})

test('frames come out as they went in, however the network cuts them', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 40 })), (frames, cuts) => {
      const stream = Uint8Array.from(frames.flatMap((one) => [...encodeFrame(one)]))
      const reader = new FrameReader()
      const got: Frame[] = []
      let start = 0
      for (const cut of [...cuts, stream.length]) {
        got.push(...reader.push(stream.subarray(start, start + cut)))
        start += cut
      }
      expect(got).toEqual(frames)
    }),
  )
})

test('[SR-3.5!] any bytes are frames, an unfinished rest, or refused with a reason: never a crash, never more than was sent', () => {
  fc.assert(
    fc.property(fc.array(bytes(0, 60), { maxLength: 6 }), (chunks) => {
      const reader = new FrameReader()
      let received = 0
      let told = 0
      try {
        for (const chunk of chunks) {
          received += chunk.length
          for (const one of reader.push(chunk)) told += one.pdu.length + 7
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'DomainError', code: 'modbus.frame-malformed' })
      }
      expect(told).toBeLessThanOrEqual(received)
    }),
    { numRuns: 500 },
  )
})

test('any answer to a read is the words asked for, an exception, or refused: a short or long one never passes', () => {
  const request = fc.tuple(fc.constantFrom('holding', 'coil'), fc.integer({ min: 1, max: 20 }))
  const answer = fc.oneof(
    bytes(0, 60),
    fc.tuple(fc.constantFrom(1, 3, 0x81, 0x83), bytes(0, 45)).map(([code, rest]) => Uint8Array.of(code, ...rest)),
    bytes(0, 45).map((data) => Uint8Array.of(3, data.length, ...data)),
  )
  fc.assert(
    fc.property(request, answer, ([table, count], pdu) => {
      const asked = encodeRead(table as 'holding' | 'coil', 0, count)
      try {
        expect(decodeReadAnswer(asked, pdu)).toHaveLength(count)
        expect(pdu[0]).toBe(asked[0])
      } catch (error) {
        if (error instanceof ModbusException)
          expect(pdu).toEqual(Uint8Array.of((asked[0] ?? 0) | 0x80, error.exceptionCode))
        else expect(error).toMatchObject({ code: 'modbus.frame-malformed' })
      }
    }),
    { numRuns: 1000 },
  )
})

test('registers and bits come back in their order', () => {
  const words = [1, 0xffff, 0x1234]
  const registers = Uint8Array.of(4, 6, ...packWords(words))
  expect(decodeReadAnswer(encodeRead('input', 7, 3), registers)).toEqual(words)
  const bits = [1, 0, 0, 1, 1, 0, 0, 0, 0, 1]
  expect(decodeReadAnswer(encodeRead('discrete', 0, 10), Uint8Array.of(2, 2, ...packBits(bits)))).toEqual(bits)
})

test.each([
  ['coil', [1], false, '05 0003 ff00'],
  ['coil', [1], true, '0f 0003 0001 01 01'],
  ['holding', [0x0102], false, '06 0003 0102'],
  ['holding', [0x0102], true, '10 0003 0001 02 0102'],
  ['holding', [1, 2], false, '10 0003 0002 04 0001 0002'],
] as const)('writing %s %j (multiple: %s) is %s on the wire', (table, words, multiple, hex) => {
  const pdu = encodeWrite(table, 3, words, multiple)
  expect(Buffer.from(pdu).toString('hex')).toBe(hex.replaceAll(' ', ''))
})

test('a write counts only when the very same write is confirmed', () => {
  const request = encodeWrite('holding', 3, [7], false)
  checkWriteAnswer(request, request)
  expect(() => checkWriteAnswer(request, encodeWrite('holding', 4, [7], false))).toThrow(/another write/)
  expect(() => checkWriteAnswer(request, Uint8Array.of(0x86, 3))).toThrow(ModbusException)
})
