import { newId } from '@throughline/kernel'
import {
  correctSample,
  getAggregate,
  getTimeInState,
  getTrend,
  listLastSamples,
  listSamples,
  listUnmappedSources,
  mapSource,
  statusCode,
} from '@throughline/model'
import { actorWith, waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf, reading } from './testing/batches.ts'
import type { StartedHistorian } from './testing/start-historian.ts'
import { startHistorian } from './testing/start-historian.ts'

const engineer = actorWith([
  'historian.sample.read',
  'historian.sample.correct',
  'equipment.model.read',
  'equipment.model.write',
])
let started: StartedHistorian
/** Noon of the day before the clock's: everything of it is in the past. */
const noon = Date.UTC(2026, 10, 21, 12) * 1000
const second = 1e6

beforeAll(async () => {
  started = await startHistorian()
})
afterAll(() => started.stop())

const window = (fromSecond: number, toSecond: number) => ({
  from: noon + fromSecond * second,
  to: noon + toSecond * second,
})

test('[A11-5!] a batch heard twice changes nothing', async () => {
  const tag = started.plant.add('twice', 'double')
  const batch = batchOf('agent-twice', 1, [reading(tag, noon, 1), reading(tag, noon + second, 2)])
  expect(await started.historian.append(batch)).toMatchObject({ accepted: 2, duplicate: 0, committedSequence: 1 })
  expect(await started.historian.append(batch)).toMatchObject({ accepted: 0, duplicate: 2, committedSequence: 1 })
  const { samples } = await started.platform.run(listSamples, engineer, { tagId: tag, window: window(0, 10) })
  expect(samples.map((sample) => sample.value)).toEqual([1, 2])
})

test('[A11-5!, SR-3.1!] a gap in the sequence is refused and says what is expected', async () => {
  const tag = started.plant.add('gap', 'double')
  await started.historian.append(batchOf('agent-gap', 1, [reading(tag, noon, 1)]))
  await expect(
    started.historian.append(batchOf('agent-gap', 3, [reading(tag, noon + second, 3)])),
  ).rejects.toMatchObject({
    kind: 'conflict',
    code: 'historian.sequence-gap',
    details: { expected: 2, committedSequence: 1 },
  })
  expect(started.historian.loadedSequence('agent-gap')).toBe(1)
  await started.historian.append(batchOf('agent-gap', 2, [reading(tag, noon + second, 2)]))
  expect(started.historian.last(tag)?.value).toBe(2)
})

test('every data type comes back as it went in, a 64-bit integer beyond 2^53 too, and survives a restart', async () => {
  const { plant } = started
  const tags = {
    double: plant.add('d', 'double'),
    int64: plant.add('i', 'int64'),
    boolean: plant.add('b', 'boolean'),
    string: plant.add('s', 'string'),
  }
  await started.historian.append(
    batchOf('agent-types', 1, [
      reading(tags.double, noon, -0.1, statusCode.uncertain),
      reading(tags.int64, noon, 9_223_372_036_854_775_807n),
      reading(tags.boolean, noon, true),
      reading(tags.string, noon, 'Execute — Ω'),
    ]),
  )
  await started.restart()
  const { samples } = await started.platform.run(listSamples, engineer, { tagId: tags.int64, window: window(0, 1) })
  expect(samples[0]?.value).toBe('9223372036854775807')
  expect(started.historian.last(tags.int64)?.value).toBe(9_223_372_036_854_775_807n)
  expect(started.historian.last(tags.double)).toMatchObject({ value: -0.1, status: statusCode.uncertain })
  expect(started.historian.last(tags.boolean)?.value).toBe(true)
  expect(started.historian.last(tags.string)?.value).toBe('Execute — Ω')
  expect(started.historian.loadedSequence('agent-types')).toBe(1)
  const text = await started.platform.run(listSamples, engineer, { tagId: tags.string, window: window(0, 1) })
  expect(text.samples[0]?.value).toBe('Execute — Ω')
})

test('[AL-O-1!, AL-Complete!] a value of the wrong type keeps its text, a NaN and an impossible time are counted, none is dropped silently', async () => {
  const tag = started.plant.add('misfit', 'double')
  const result = await started.historian.append(
    batchOf('agent-misfit', 1, [
      reading(tag, noon, 'on fire'),
      reading(tag, noon + second, Number.NaN),
      { ...reading(tag, noon + 2 * second, 7), at: Number.NaN as never },
      { ...reading(tag, 0, 7), at: -5 as never, serverAt: Number.NaN as never },
    ]),
  )
  expect(result).toMatchObject({ accepted: 3, misfit: 1, notANumber: 1, unreadable: 1 })
  const { samples } = await started.platform.run(listSamples, engineer, { tagId: tag, window: window(0, 10) })
  expect(samples.map(({ value, status }) => [value, status])).toEqual([
    [null, statusCode.badTypeMismatch],
    [null, statusCode.badOutOfRange],
    [7, statusCode.badInvalidTimestamp],
  ])
  expect(samples[0]?.original).toMatchObject({ value: 'on fire', status: 0 })
})

test('[P11-10h!] an unknown source is parked and listed, and becomes the history of the tag it is given to', async () => {
  const source = 'edge-9/press/ns=2;s=Force'
  await started.historian.append(
    batchOf('agent-park', 1, [
      reading(source, noon, 1.5),
      reading(source, noon + second, 2.5),
      reading(source, noon, 9),
    ]),
  )
  const [parked] = await started.platform.run(listUnmappedSources, engineer, {})
  expect(parked).toEqual({ source, count: 2, firstAt: noon, lastAt: noon + second, lastValue: 2.5 })
  const tag = started.plant.add('force', 'double')
  expect(await started.platform.run(mapSource, engineer, { source, tagId: tag })).toEqual({ moved: 2 })
  await waitFor(() => started.historian.last(tag)?.value === 2.5, 'the parked samples moved')
  const next = batchOf('agent-park', 2, [reading(source, noon + 2 * second, 3.5)])
  // Whoever follows the tag live hears it from now on.
  expect(started.historian.namedByTag(next)).toEqual({ ...next, tags: [tag] })
  await started.historian.append(next)
  await started.restart()
  await started.historian.append(batchOf('agent-park', 3, [reading(source, noon + 3 * second, 4.5)]))
  const { samples } = await started.platform.run(listSamples, engineer, { tagId: tag, window: window(0, 10) })
  expect(samples.map((sample) => sample.value)).toEqual([1.5, 2.5, 3.5, 4.5])
  expect(await started.platform.run(listUnmappedSources, engineer, {})).toEqual([])
  const other = started.plant.add('other', 'double')
  await expect(started.platform.run(mapSource, engineer, { source, tagId: other })).rejects.toMatchObject({
    code: 'historian.source-unknown',
  })
})

test('[AL-O-1] a correction shows the new value with the original, in numbers and after a restart', async () => {
  const tag = started.plant.add('corrected', 'double')
  await started.historian.append(
    batchOf('agent-correct', 1, [
      reading(tag, noon, 10),
      reading(tag, noon + 10 * second, 1000),
      reading(tag, noon + 20 * second, 10),
    ]),
  )
  const before = await started.platform.run(getAggregate, engineer, { tagId: tag, window: window(0, 30) })
  expect(before.max).toBe(1000)
  const at = noon + 10 * second
  await started.platform.run(correctSample, engineer, { tagId: tag, at, value: 11, reason: 'probe touched' })
  const shown = async () =>
    (await started.platform.run(listSamples, engineer, { tagId: tag, window: window(5, 15) })).samples[0]
  await waitFor(async () => (await shown())?.value === 11, 'the corrected value')
  expect(await shown()).toMatchObject({
    status: statusCode.goodLocalOverride,
    original: { value: 1000, status: 0, reason: 'probe touched', by: 'ada' },
  })
  await started.platform.run(correctSample, engineer, { tagId: tag, at, value: 12, reason: 'typing error' })
  await waitFor(async () => (await shown())?.value === 12, 'the second correction')
  expect((await shown())?.original).toMatchObject({ value: 1000, reason: 'typing error' })
  await started.restart()
  expect((await shown())?.value).toBe(12)
  const after = await started.platform.run(getAggregate, engineer, { tagId: tag, window: window(0, 30) })
  expect(after).toMatchObject({ max: 12, min: 10, count: 3 })
})

test('[SR-3.5!] a correction of the wrong type, or of a sample that is not there, is refused', async () => {
  const tag = started.plant.add('no-correction', 'double')
  await started.historian.append(batchOf('agent-none', 1, [reading(tag, noon, 10)]))
  const input = { tagId: tag, at: noon, reason: 'because' }
  await expect(started.platform.run(correctSample, engineer, { ...input, value: 'eleven' })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'historian.value-misfit',
  })
  await expect(
    started.platform.run(correctSample, engineer, { ...input, at: noon + 1, value: 11 }),
  ).rejects.toMatchObject({ kind: 'not-found', code: 'historian.sample-unknown' })
  await expect(
    started.platform.run(correctSample, engineer, { ...input, tagId: newId<'Tag'>(), value: 11 }),
  ).rejects.toMatchObject({ kind: 'not-found', code: 'historian.tag-unknown' })
})

test('[D-12.2!] a correction without a reason is refused, and the sample stays as it was recorded', async () => {
  const tag = started.plant.add('no-reason', 'double')
  await started.historian.append(batchOf('agent-no-reason', 1, [reading(tag, noon, 10)]))
  for (const given of [{}, { reason: '' }, { reason: 'no' }, { reason: null }]) {
    const asked = started.platform.runByName(correctSample.name, engineer, {
      tagId: tag,
      at: noon,
      value: 11,
      ...given,
    })
    await expect(asked).rejects.toMatchObject({
      kind: 'invalid',
      details: { fields: [expect.objectContaining({ path: 'reason' })] },
    })
  }
  await started.platform.idle()
  const { samples } = await started.platform.run(listSamples, engineer, { tagId: tag, window: window(-1, 1) })
  expect(samples).toMatchObject([{ value: 10, original: null }])
})

test('[AL-Ac-1] the trend weighs by time, keeps bad quality out and tells the gaps', async () => {
  const tag = started.plant.add('trend', 'double')
  await started.historian.append(
    batchOf('agent-trend', 1, [
      reading(tag, noon, 10),
      reading(tag, noon + 60 * second, 20),
      reading(tag, noon + 120 * second, null, statusCode.badNoCommunication),
      reading(tag, noon + 180 * second, 40),
    ]),
  )
  const [series] = await started.platform.run(getTrend, engineer, {
    tagIds: [tag],
    window: window(-60, 240),
    points: 10,
  })
  expect(series).toMatchObject({ kind: 'raw', min: [10, 20, 40, 40], count: [1, 1, 1, 0] })
  expect(series?.gaps).toEqual([window(-60, 0), window(120, 180)])
  const aggregate = await started.platform.run(getAggregate, engineer, { tagId: tag, window: window(0, 240) })
  expect(aggregate).toMatchObject({ min: 10, max: 40, first: 10, last: 40, count: 3, coverage: 0.75 })
  expect(aggregate.average).toBeCloseTo(70 / 3, 9)
  expect(aggregate.timeWeightedAverage).toBeCloseTo((10 * 60 + 20 * 60 + 40 * 60) / 180, 9)
})

test('the value held from before the window counts in it', async () => {
  const tag = started.plant.add('held', 'string')
  await started.historian.append(
    batchOf('agent-held', 1, [
      reading(tag, noon - 3600 * second, 'Idle'),
      reading(tag, noon + 30 * second, 'Execute'),
      reading(tag, noon + 40 * second, 'Idle'),
      reading(tag, noon + 50 * second, null, statusCode.bad),
    ]),
  )
  expect(await started.platform.run(getTimeInState, engineer, { tagId: tag, window: window(0, 60) })).toEqual({
    states: [
      { value: 'Idle', ms: 40_000, occurrences: 2 },
      { value: 'Execute', ms: 10_000, occurrences: 1 },
    ],
    unknownMs: 10_000,
  })
})

test('[SR-2.1!, SR-4.1!] who may not read a node reads none of its tags', async () => {
  const tag = started.plant.add('secret', 'double', started.plant.bioUnit)
  await started.historian.append(batchOf('agent-secret', 1, [reading(tag, noon, 1)]))
  const stranger = actorWith(['historian.sample.read', 'historian.sample.correct'], started.plant.aero)
  const refused = { kind: 'forbidden' }
  const asked = { tagId: tag, window: window(0, 10) }
  await expect(started.platform.run(listSamples, stranger, asked)).rejects.toMatchObject(refused)
  await expect(started.platform.run(getAggregate, stranger, asked)).rejects.toMatchObject(refused)
  await expect(started.platform.run(getTimeInState, stranger, asked)).rejects.toMatchObject(refused)
  await expect(started.platform.run(getTrend, stranger, { tagIds: [tag], window: asked.window })).rejects.toMatchObject(
    refused,
  )
  await expect(
    started.platform.run(correctSample, stranger, { tagId: tag, at: noon, value: 2, reason: 'mischief' }),
  ).rejects.toMatchObject(refused)
  expect(await started.platform.run(listLastSamples, stranger, { tagIds: [tag] })).toEqual([])
  expect(await started.platform.run(listLastSamples, engineer, { tagIds: [tag, newId<'Tag'>()] })).toMatchObject([
    { tagId: tag, value: 1 },
  ])
})

test('[SR-2.1!, SR-3.5!] without the permission, or with a broken input, nothing is answered', async () => {
  const tag = started.plant.add('closed', 'double')
  const asked = { tagId: tag, window: window(0, 10) }
  const nobody = actorWith([])
  for (const { name } of [listSamples, getAggregate, getTimeInState]) {
    await expect(started.platform.runByName(name, nobody, asked)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(
      started.platform.runByName(name, engineer, { tagId: tag, window: window(10, 0) }),
    ).rejects.toMatchObject({ kind: 'invalid' })
  }
  await expect(started.platform.run(mapSource, nobody, { source: 'x', tagId: tag })).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await expect(
    started.platform.run(correctSample, engineer, { tagId: tag, at: noon, value: 1, reason: '' }),
  ).rejects.toMatchObject({ kind: 'invalid' })
})
