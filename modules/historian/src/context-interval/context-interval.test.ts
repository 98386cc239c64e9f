import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { correctContext, listContexts, listSamplesInContext, openContext } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf, reading } from '../testing/batches.ts'
import type { StartedHistorian } from '../testing/start-historian.ts'
import { startHistorian } from '../testing/start-historian.ts'
import { beginContexts, endContexts } from './side-by-side.ts'

const permissions = ['historian.context.read', 'historian.context.write', 'historian.sample.read'] as const
const supervisor = actorWith(permissions)
let started: StartedHistorian
const noon = Date.UTC(2026, 10, 21, 12) * 1000
const minute = 60e6

beforeAll(async () => {
  started = await startHistorian()
})
afterAll(() => started.stop())

const open = (nodeId: Id<'EquipmentNode'>, label: string, from: number, to: number | null = null) =>
  started.platform.run(openContext, supervisor, { nodeId, kind: 'batch', label, from, to })
const list = (nodeId: Id<'EquipmentNode'>) =>
  started.platform.run(listContexts, supervisor, { nodeId, from: noon - 60 * minute, to: noon + 600 * minute })

test('several pieces are at one place at once, each with its own end; somebody who says what begins ends them all', async () => {
  const nodeId = newId<'EquipmentNode'>()
  const lots = (...labels: string[]) => labels.map((label) => ({ kind: 'lot' as const, label }))
  const act = (run: (uow: UnitOfWork) => Promise<void>) => started.platform.act('test', 'test.contexts', {}, run)
  const at = (minutes: number) => (noon + minutes * minute) as Instant
  await act((uow) => beginContexts(uow, nodeId, lots('S-1', 'S-2', 'S-3'), at(0)))
  // Told again, what is open goes on.
  await act((uow) => beginContexts(uow, nodeId, lots('S-1'), at(1)))
  await act((uow) => endContexts(uow, nodeId, lots('S-1', 'S-9'), at(2)))
  await act((uow) => endContexts(uow, nodeId, lots('S-3'), at(0)))
  const whole = { nodeId, from: at(-60), to: at(60) }
  const listed = async () =>
    (await started.platform.run(listContexts, systemActor('test'), whole))
      .map(({ label, from, to }) => [label, from, to])
      .sort()
  expect(await listed()).toEqual([
    ['S-1', at(0), at(2)],
    ['S-2', at(0), null],
    ['S-3', at(0), at(0) + 1],
  ])
  const said = { nodeId, kind: 'lot' as const, label: 'S-4', from: at(3) }
  await started.platform.run(openContext, systemActor('test'), said)
  expect((await listed()).slice(1)).toEqual([
    ['S-2', at(0), at(3)],
    ['S-3', at(0), at(0) + 1],
    ['S-4', at(3), null],
  ])
})

test('what begins on a node ends what was open of its kind', async () => {
  const node = started.plant.unit
  await open(node, 'B-1', noon)
  await started.platform.run(openContext, supervisor, { nodeId: node, kind: 'state', label: 'Idle', from: noon })
  await open(node, 'B-2', noon + 10 * minute)
  const found = (await list(node)).map(({ kind, label, from, to }) => [kind, label, from, to])
  expect(found).toEqual([
    ['batch', 'B-1', noon, noon + 10 * minute],
    ['state', 'Idle', noon, null],
    ['batch', 'B-2', noon + 10 * minute, null],
  ])
  await expect(open(node, 'B-0', noon + 5 * minute)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'historian.context-out-of-order',
  })
})

test('two that begin at once leave one open', async () => {
  const node = started.plant.module
  const both = await Promise.allSettled([open(node, 'B-3', noon), open(node, 'B-4', noon + minute)])
  expect(both.some((each) => each.status === 'fulfilled')).toBe(true)
  expect((await list(node)).filter((each) => each.to === null)).toHaveLength(1)
})

test('[AL-Complete!, AL-O-1!] a correction is a new row with its reason; the old one is current no more and is not corrected again', async () => {
  const node = started.plant.bioUnit
  const wrong = await open(node, 'B-5', noon, noon + 20 * minute)
  const correction = { label: 'B-6', from: noon + minute, to: noon + 20 * minute, reason: 'wrong batch picked' }
  const right = await started.platform.run(correctContext, supervisor, { intervalId: wrong.id, ...correction })
  expect(right).toMatchObject({ corrects: wrong.id, label: 'B-6', reason: 'wrong batch picked', recordedBy: 'ada' })
  expect((await list(node)).map((each) => each.label)).toEqual(['B-6'])
  await expect(
    started.platform.run(correctContext, supervisor, { intervalId: wrong.id, ...correction }),
  ).rejects.toMatchObject({ code: 'historian.context-superseded' })
  await expect(
    started.platform.run(correctContext, supervisor, { intervalId: newId<'ContextInterval'>(), ...correction }),
  ).rejects.toMatchObject({ kind: 'not-found', code: 'historian.context-unknown' })
  await expect(
    started.platform.run(correctContext, supervisor, { intervalId: right.id, ...correction, to: noon }),
  ).rejects.toMatchObject({ kind: 'invalid', code: 'historian.context-bounds-invalid' })
})

test('a corrected interval cannot become a second open one of its kind', async () => {
  const node = started.plant.aero
  const ended = await open(node, 'B-7', noon, noon + minute)
  await open(node, 'B-8', noon + 2 * minute)
  await expect(
    started.platform.run(correctContext, supervisor, {
      intervalId: ended.id,
      label: 'B-7',
      from: noon,
      to: null,
      reason: 'still running',
    }),
  ).rejects.toMatchObject({ kind: 'conflict', code: 'historian.context-open-already' })
  expect((await list(node)).map((each) => each.label)).toEqual(['B-7', 'B-8'])
})

test('the samples of a tag during a batch are those of its unit, whichever module it sits on', async () => {
  const { plant } = started
  const tag = plant.add('in-context', 'double', plant.module)
  const samples = Array.from({ length: 30 }, (_, index) => reading(tag, noon + index * minute, index))
  await started.historian.append(batchOf('agent-context', 1, samples))
  const asked = { tagId: tag, kind: 'batch', label: 'B-1' } as const
  const answer = await started.platform.run(listSamplesInContext, supervisor, asked)
  expect(answer.samples.map((sample) => sample.value)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(answer.truncated).toBe(false)
  const short = await started.platform.run(listSamplesInContext, supervisor, { ...asked, limit: 3 })
  expect(short).toMatchObject({ truncated: true })
  expect(short.samples).toHaveLength(3)
})

test('[SR-2.1!, SR-2.1-RE2!] who lacks the permission, or holds it elsewhere, records and sees nothing', async () => {
  const { plant, platform } = started
  const stranger = actorWith(permissions, plant.bio)
  const input = { nodeId: plant.unit, kind: 'batch', label: 'B-9', from: noon + 60 * minute } as const
  await expect(platform.run(openContext, stranger, input)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(platform.run(openContext, actorWith([]), input)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(platform.run(openContext, supervisor, { ...input, label: '' })).rejects.toMatchObject({
    kind: 'invalid',
  })
  await expect(
    platform.run(listContexts, stranger, { nodeId: plant.unit, from: noon, to: noon + minute }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
  const [first] = await list(plant.unit)
  const correction = { intervalId: first?.id ?? '', label: 'B-9', from: noon, to: noon + minute, reason: 'mischief' }
  await expect(platform.run(correctContext, stranger, correction)).rejects.toMatchObject({ kind: 'forbidden' })
})

test('[D-12.2!] a correction without a reason is refused, and leaves the interval as it was', async () => {
  const node = started.plant.bio
  const { id } = await open(node, 'B-9', noon, noon + minute)
  const correction = { intervalId: id, label: 'B-10', from: noon, to: noon + minute }
  for (const given of [{}, { reason: '' }, { reason: 'no' }, { reason: null }]) {
    const asked = started.platform.runByName(correctContext.name, supervisor, { ...correction, ...given })
    await expect(asked).rejects.toMatchObject({
      kind: 'invalid',
      details: { fields: [expect.objectContaining({ path: 'reason' })] },
    })
  }
  expect((await list(node)).map(({ label }) => label)).toEqual(['B-9'])
})
