import type { Instant } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { expect, test } from 'vitest'
import { TagStream } from './tag-stream.ts'

const start = 1_790_000_000_000_000
const after = (seconds: number): Instant => (start + seconds * 1e6) as Instant
const rules = { dataType: 'double', scale: 1, offset: 0, rangeLow: null, rangeHigh: null, deadband: 0 } as const
const noFault = (): void => {}

function newStream(): TagStream {
  const stream = new TagStream('t', rules, 5000)
  stream.expect(after(0))
  return stream
}

function heard(value: SampleValue | null, at: Instant, serverAt = at, status: number = statusCode.good): Sample {
  return { tag: 'as the driver calls it', at, serverAt, value, status }
}

test('readings come out under the tag’s own name', () => {
  expect(newStream().take(heard(1, after(1)), after(1), noFault)).toMatchObject([{ tag: 't', value: 1 }])
})

test('silence beyond its time is one sample with the last value and an uncertain status', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  expect(stream.staleSample(after(6))).toBeUndefined()
  expect(stream.staleSample(after(6.1))).toMatchObject({
    at: after(6.1),
    value: 7,
    status: statusCode.uncertainLastUsable,
  })
  expect(stream.isStale).toBe(true)
  expect(stream.staleSample(after(20))).toBeUndefined()
})

test('a tag that was never heard says so when it is silent', () => {
  expect(newStream().staleSample(after(6))).toMatchObject({ value: null, status: statusCode.badWaitingForInitialData })
})

test('a source that speaks again after silence is good again, also when its value is older than the silence', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  stream.staleSample(after(7))
  const resumed = stream.take(heard(8, after(6), after(8)), after(8), noFault)
  expect(resumed).toMatchObject([
    { at: after(6), value: 8, status: statusCode.good },
    { at: after(8), value: 8, status: statusCode.good },
  ])
  expect(stream.isStale).toBe(false)
})

test('a gap is recorded once, and a value that did not change since is recorded again after it', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  expect(stream.gapSample(after(2))).toMatchObject({ at: after(2), value: null, status: statusCode.badNoCommunication })
  expect(stream.gapSample(after(3))).toBeUndefined()
  stream.expect(after(4))
  expect(stream.take(heard(7, after(1), after(4)), after(4), noFault)).toMatchObject([{ at: after(4), value: 7 }])
})

test('a gap comes after the last reading even when the source’s clock runs ahead', () => {
  const stream = newStream()
  stream.take(heard(7, after(30)), after(1), noFault)
  expect(stream.gapSample(after(2))?.at).toBe(after(30) + 1)
})

test('late data is passed on and does not become what the deadband is measured from', () => {
  const stream = newStream()
  stream.take(heard(7, after(3)), after(3), noFault)
  expect(stream.take(heard(1, after(2)), after(3), noFault)).toHaveLength(1)
  expect(stream.take(heard(7, after(4)), after(4), noFault)).toEqual([])
})

test('a resting value is asked for at half its time; an answer keeps it good, an old answer does not', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  expect(stream.shouldAsk(after(3))).toBe(false)
  expect(stream.shouldAsk(after(3.6))).toBe(true)
  expect(stream.shouldAsk(after(3.7))).toBe(false)
  expect(stream.confirm(heard(7, after(1), after(3.6)), after(3.6), noFault)).toEqual([])
  expect(stream.staleSample(after(8))).toBeUndefined()
  expect(stream.confirm(heard(7, after(1), after(3.6)), after(8), noFault)).toBeUndefined()
  expect(stream.staleSample(after(9))).toBeDefined()
  expect(stream.shouldAsk(after(12))).toBe(true)
})

test('a resting value is recorded at least once a minute', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  expect(stream.confirm(heard(7, after(1), after(62)), after(62), noFault)).toMatchObject([{ at: after(62), value: 7 }])
})

test('what is wrong with a reading is told', () => {
  const causes: string[] = []
  newStream().take(heard('hot', after(1)), after(1), (fault) => causes.push(fault.cause))
  expect(causes).toEqual(['type-mismatch'])
})

test('a source that tells the same reading again and again is recorded once a minute, after a gap too', () => {
  const stream = newStream()
  stream.take(heard(7, after(1)), after(1), noFault)
  stream.gapSample(after(2))
  const told: number[] = []
  for (let second = 3; second <= 130; second++) {
    for (const sample of stream.take(heard(7, after(1), after(second)), after(second), noFault)) told.push(sample.at)
  }
  expect(told).toEqual([after(3), after(63), after(123)])
})

test('a value that rests since before the agent started is recorded as it was and as what holds now', () => {
  const stream = newStream()
  expect(stream.take(heard(7, after(-3600), after(1)), after(1), noFault)).toMatchObject([
    { at: after(-3600), value: 7 },
    { at: after(1), value: 7 },
  ])
})
