import type { Reason } from '@throughline/model'
import { explainStop, listReasons, reclassifyStop, retireReason, setReason, suggestReasons } from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedStops } from '../stop/testing/start-stops.ts'
import { startStops } from '../stop/testing/start-stops.ts'

const may = [
  'performance.read',
  'performance.model.write',
  'performance.stop.explain',
  'performance.stop.reclassify',
] as const
let plant: StartedStops
beforeAll(async () => {
  plant = await startStops()
})
afterAll(() => plant.stop())

const filler = () => plant.node('north/fill/FIL-01')
const ines = () => plant.person('ines', may, plant.node('north'))
const codesAt = async (nodeId: Reason['nodeId'] | undefined, who = ines()) =>
  (await plant.platform.run(listReasons, who, nodeId === undefined ? {} : { nodeId, kind: 'stop' })).map(
    ({ code }) => code,
  )
const changeTo = (reason: Reason, more: Partial<Reason>, who = ines()) => {
  const { id, retired: _, ...draft } = reason
  return plant.platform.run(setReason, who, { ...draft, ...more, reasonId: id })
}

test('a reason is offered where its tree stands and below, with its translations; retired it is not', async () => {
  const site = await plant.reason('site-wide', { nodeId: plant.node('north') })
  const old = await plant.reason('old')
  await plant.platform.run(retireReason, ines(), { reasonId: old.id })
  await plant.reason('fill-only', { parentId: null })
  await plant.reason('south-only', { nodeId: plant.node('south') })
  expect(site.texts).toEqual({ en: 'site-wide', de: 'site-wide (de)' })
  expect(await codesAt(filler())).toEqual(['fill-only', 'site-wide'])
  expect(await codesAt(plant.node('north/pack/PAK-01'))).toEqual(['site-wide'])
  expect(await codesAt(undefined)).toEqual(['fill-only', 'old', 'site-wide'])
  expect(await codesAt(undefined, plant.person('fay', may, filler()))).toEqual(['fill-only', 'old', 'site-wide'])
})

test('a reason that changes what its stops count as restates them; a new text does not', async () => {
  const reason = await plant.reason('warm-up')
  const [stop] = await plant.states(filler(), [['down', -50, -40]])
  await plant.platform.run(explainStop, ines(), { stopId: stop?.id ?? '', version: 1, reasonId: reason.id })
  await plant.pastChanges()
  const renamed = await changeTo(reason, { texts: { en: 'Warming up', fr: 'Chauffe' } })
  expect(await plant.pastChanges()).toEqual([])
  expect(renamed.texts).toEqual({ en: 'Warming up', fr: 'Chauffe' })
  await changeTo(renamed, { category: 'setup' })
  expect(await plant.pastChanges()).toEqual([
    {
      nodeId: filler(),
      from: plant.at(-50),
      to: plant.at(-40),
      cause: 'The reason warm-up now counts as setup (ines)',
    },
  ])
})

test('two who move reasons below each other at the same moment make no circle', async () => {
  const [a, b] = [await plant.reason('a'), await plant.reason('b')]
  const both = await Promise.allSettled([changeTo(a, { parentId: b.id }), changeTo(b, { parentId: a.id })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test("what people gave on the machine itself is suggested first, then what they gave on machines like it; a machine's code is no choice", async () => {
  await plant.states(filler(), [], { from: plant.at(-600) })
  const other = plant.node('north/fill/FIL-02')
  const own = await plant.reason('own')
  const twin = await plant.reason('twin')
  const coded = await plant.reason('coded', { machineCodes: ['5'] })
  const gone = await plant.reason('gone')
  const states = [0, 1, 2, 3, 4, 5].map((index): ['down', number, number] => [
    'down',
    -99 + 10 * index,
    -92 + 10 * index,
  ])
  const explain = async (stopId: string | undefined, version: number, reason: Reason) =>
    await plant.platform.run(reclassifyStop, ines(), {
      stopId: stopId ?? '',
      version,
      reasonId: reason.id,
      why: 'as it was',
    })
  const [first, second] = await plant.states(filler(), states, {
    from: plant.at(-600),
    codes: [{ at: plant.at(-99), code: '5' }],
  })
  await explain(first?.id, 1, own)
  await explain(second?.id, 1, gone)
  for (const { id } of (await plant.states(other, states)).slice(0, 3)) await explain(id, 1, twin)
  await plant.platform.run(retireReason, ines(), { reasonId: gone.id })
  expect(await plant.platform.run(suggestReasons, ines(), { nodeId: filler() })).toEqual([
    { reasonId: own.id, count: 1 },
    { reasonId: twin.id, count: 3 },
  ])
  expect(await plant.platform.run(suggestReasons, ines(), { nodeId: other, limit: 1 })).toEqual([
    { reasonId: twin.id, count: 3 },
  ])
  // What others gave counts for those alone who may look at their machines.
  const nora = plant.person('nora', ['performance.read'], other)
  expect(await plant.platform.run(suggestReasons, nora, { nodeId: other })).toEqual([{ reasonId: twin.id, count: 3 }])
  expect(await plant.platform.run(suggestReasons, plant.system, { nodeId: plant.node('south/mill/CNC-01') })).toEqual(
    [],
  )
  expect(coded.machineCodes).toEqual(['5'])
})

test('[SR-2.1!, SR-2.1-RE2!] nobody changes the tree of another part of the plant, by whatever way', async () => {
  const theirs = await plant.reason('theirs', { nodeId: plant.node('south') })
  const refused = { kind: 'forbidden' }
  const nina = plant.person('nina', ['performance.read'])
  await expect(changeTo(theirs, { category: 'setup' })).rejects.toMatchObject(refused)
  await expect(changeTo(theirs, { nodeId: plant.node('north') })).rejects.toMatchObject({
    kind: 'invalid',
    code: 'performance.reason-identity-changed',
  })
  await expect(plant.platform.run(retireReason, ines(), { reasonId: theirs.id })).rejects.toMatchObject(refused)
  await expect(plant.platform.run(retireReason, nina, { reasonId: theirs.id })).rejects.toMatchObject(refused)
  await expect(changeTo(theirs, {}, nina)).rejects.toMatchObject(refused)
  await expect(codesAt(plant.node('south'))).rejects.toMatchObject(refused)
  await expect(
    plant.platform.run(suggestReasons, ines(), { nodeId: plant.node('south/mill/CNC-01') }),
  ).rejects.toMatchObject(refused)
  const nowhere = { ...theirs, nodeId: theirs.id as unknown as Reason['nodeId'] }
  await expect(changeTo(nowhere, {}, plant.system)).rejects.toMatchObject({ code: 'performance.node-unknown' })
})
