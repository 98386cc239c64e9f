import { DomainError } from '@throughline/kernel'
import type { Permission, Reason, Stop } from '@throughline/model'
import {
  explainStop,
  getStop,
  listRecordChanges,
  listStops,
  mergeStops,
  reclassifyStop,
  retireReason,
  splitStop,
} from '@throughline/model'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listStops as readStops } from './store.ts'
import type { StartedStops } from './testing/start-stops.ts'
import { startStops } from './testing/start-stops.ts'

const operating = ['performance.read', 'performance.stop.explain'] as const satisfies readonly Permission[]
const supervising = [...operating, 'performance.stop.reclassify'] as const satisfies readonly Permission[]

let plant: StartedStops
let reasons: Record<'jam' | 'setup' | 'lunch' | 'mill', Reason>

beforeAll(async () => {
  plant = await startStops()
  reasons = {
    jam: await plant.reason('jam', { machineCodes: ['17'] }),
    setup: await plant.reason('setup', { category: 'setup' }),
    lunch: await plant.reason('lunch', { category: 'planned', insidePlannedTime: false }),
    mill: await plant.reason('mill', { nodeId: plant.node('south/mill') }),
  }
})
afterAll(() => plant.stop())
// Each test has the plant to itself: what stood before stands no more.
beforeEach(async () => {
  for (const name of ['north/fill/FIL-01', 'north/fill/FIL-02', 'south/mill/CNC-01']) {
    await plant.states(plant.node(name), [], { from: plant.at(-10_000) })
  }
  await plant.pastChanges()
})

const filler = () => plant.node('north/fill/FIL-01')
const olive = () => plant.person('olive', operating, plant.node('north'))
const sam = () => plant.person('sam', supervising, plant.node('north'))
const list = (show: 'all' | 'open' | 'unexplained' | 'minor' = 'all', nodeId = filler()) =>
  plant.platform.run(listStops, olive(), { nodeId, window: { from: plant.at(-600), to: plant.at(600) }, show })
const newest = async (): Promise<Stop> => {
  const { stops } = await plant.platform.run(listStops, olive(), {
    nodeId: filler(),
    window: { from: plant.at(-600), to: plant.at(600) },
    includeMinor: true,
  })
  const [stop] = stops
  if (stop === undefined) throw new DomainError('not-found', 'test.no-stop', 'There is no stop')
  return stop
}
const explain = (stop: Stop, reason: Reason, who = olive(), comment = '') =>
  plant.platform.run(explainStop, who, { stopId: stop.id, version: stop.version, reasonId: reason.id, comment })
const reclassify = (stop: Stop, reason: Reason, who = sam()) =>
  plant.platform.run(reclassifyStop, who, {
    stopId: stop.id,
    version: stop.version,
    reasonId: reason.id,
    why: 'the infeed was empty',
  })
const split = (stop: Stop, minutes: number) =>
  plant.platform.run(splitStop, sam(), {
    stopId: stop.id,
    version: stop.version,
    at: plant.at(minutes),
    why: 'two causes',
  })
const merge = (stops: readonly Stop[]) =>
  plant.platform.run(mergeStops, sam(), {
    stops: stops.map(({ id, version }) => ({ stopId: id, version })),
    why: 'one and the same',
  })
const boundsOf = (stops: readonly Pick<Stop, 'from' | 'to'>[]) => {
  const minutes = (each: number) => (each - plant.at(0)) / 60e6
  return stops.map(({ from, to }) => [minutes(from), to === null ? null : minutes(to)])
}
const versionsOf = async (stopId: string) =>
  (
    await plant.platform.run(listRecordChanges, plant.system, { record: { kind: 'performance.stop', id: stopId } })
  ).reverse()

describe('stops follow the states', () => {
  test('each standstill is a stop, the newest first; running, planned stops and silence are none', async () => {
    await plant.states(filler(), [
      ['running', -60, -50],
      ['down', -50, -40, 'Held'],
      ['changeover', -40, -30],
      ['planned-stop', -30, -20],
      ['no-data', -20, -10],
      ['idle', -10, null],
    ])
    const { stops, total } = await list()
    expect(boundsOf(stops)).toEqual([
      [-10, null],
      [-40, -30],
      [-50, -40],
    ])
    expect(total).toBe(3)
    expect(stops[2]).toMatchObject({ state: 'down', label: 'Held', minor: false, reasonId: null, version: 1 })
    expect(boundsOf((await list('open')).stops)).toEqual([[-10, null]])
  })

  test('a short one is minor and needs no reason; one that stands is seen at once, and a stop once it outlasts the threshold', async () => {
    const begun = plant.at(0)
    const now = (plant.clock.advanceMs(60_000) - begun) / 60e6
    await plant.states(filler(), [
      ['down', now - 20, now - 18.5],
      ['running', now - 18.5, now - 1],
      ['down', now - 1, null],
    ])
    expect(boundsOf((await list('minor')).stops)).toHaveLength(2)
    expect(await list('unexplained')).toMatchObject({ stops: [], total: 0, unexplainedUs: 0 })
    expect(boundsOf((await list('open')).stops)).toEqual([[now - 1, null]])
    plant.clock.advanceMs(60_000)
    expect(await list('unexplained')).toMatchObject({ total: 1, unexplainedUs: 120e6 })
    expect((await list()).stops).toHaveLength(1)
  })

  test('unexplained is the time within the window of stops that need a reason and have none', async () => {
    const codes = [
      { at: plant.at(-60), code: '17' },
      { at: plant.at(-40), code: null },
    ]
    const states = [
      ['down', -60, -45],
      ['running', -45, -40],
      ['down', -40, -20],
      ['running', -20, -19],
      ['down', -19, -18],
      ['running', -18, -10],
      ['idle', -10, null],
    ] as const
    await plant.states(filler(), states, { codes })
    const now = (plant.clock.now() - plant.at(0)) / 60e6
    const within = (from: number, to: number, limit = 500) =>
      plant.platform.run(listStops, olive(), {
        nodeId: filler(),
        window: { from: plant.at(from), to: plant.at(to) },
        show: 'unexplained',
        limit,
      })
    expect(await within(-600, 600)).toMatchObject({ total: 2, unexplainedUs: (20 + 10 + now) * 60e6 })
    expect(await within(-30, -5)).toMatchObject({ total: 2, unexplainedUs: 15 * 60e6 })
    const first = await within(-600, 600, 1)
    expect(boundsOf(first.stops)).toEqual([[-10, null]])
    expect(first.total).toBe(2)
  })

  test("the machine's code explains a stop where a reason knows it, else nobody has", async () => {
    const codes = [
      { at: plant.at(-50), code: '17' },
      { at: plant.at(-30), code: '4711' },
    ]
    await plant.states(
      filler(),
      [
        ['down', -50, -40],
        ['running', -40, -30],
        ['down', -30, -20],
      ],
      { codes },
    )
    expect((await list()).stops.map(({ reasonId, reasonBy, category }) => [reasonId, reasonBy, category])).toEqual([
      [null, null, null],
      [reasons.jam.id, 'machine', 'down'],
    ])
  })

  test('a stop belongs to the order and product that the machine was busy with when it began', async () => {
    const runs = [
      { order: 'O-1', product: 'P-1', from: plant.at(-60), to: plant.at(-45) },
      { order: 'O-2', product: 'P-2', from: plant.at(-45), to: null },
    ]
    await plant.states(filler(), [['down', -50, -40]], { runs })
    expect(await newest()).toMatchObject({ order: 'O-1', product: 'P-1' })
  })

  test('[AL-Complete!] states that are told anew leave what people said where it overlaps most; what vanished is replaced, not deleted', async () => {
    await plant.states(filler(), [
      ['down', -50, -40],
      ['running', -40, -35],
      ['down', -35, -30],
      ['running', -30, null],
    ])
    const [second, first] = (await list()).stops as [Stop, Stop]
    await explain(first, reasons.jam, olive(), 'paper in the infeed')
    plant.clock.advanceMs(1000)
    await explain(second, reasons.setup, olive(), 'knife changed')
    await plant.states(filler(), [
      ['down', -52, -33],
      ['running', -33, null],
    ])
    const stop = await newest()
    expect(stop).toMatchObject({ id: first.id, reasonId: reasons.jam.id, cameFrom: [second.id] })
    expect(boundsOf([stop])).toEqual([[-52, -33]])
    expect(stop.comments.map((comment) => comment.text)).toEqual(['paper in the infeed', 'knife changed'])
    const gone = await plant.platform.run(getStop, olive(), { stopId: second.id })
    expect(gone).toMatchObject({ reasonId: reasons.setup.id, replacedAt: plant.clock.now() })
    expect(boundsOf([gone])).toEqual([[-35, -30]])
  })

  test('a stop that ended is told by what came after it alone, and keeps what it was', async () => {
    const runs = [{ order: 'O-1', product: 'P-1', from: plant.at(-90), to: null }]
    await plant.states(filler(), [['down', -50, null]], { runs, codes: [{ at: plant.at(-60), code: '17' }] })
    const { id } = await newest()
    await plant.states(filler(), [['running', -40, null]])
    expect(await newest()).toMatchObject({
      id,
      order: 'O-1',
      reasonId: reasons.jam.id,
      reasonBy: 'machine',
      version: 1,
    })
    expect(boundsOf([await newest()])).toEqual([[-50, -40]])
    await plant.states(filler(), [], { from: plant.at(-45) })
    expect(boundsOf((await list()).stops)).toEqual([[-50, -45]])
  })

  test("a reason that was given by the machine's code stays when it is retired", async () => {
    const reason = await plant.reason('sensor', { machineCodes: ['99'] })
    const codes = [{ at: plant.at(-60), code: '99' }]
    await plant.states(filler(), [['down', -50, -40]], { codes })
    await plant.platform.run(retireReason, plant.system, { reasonId: reason.id })
    await plant.states(filler(), [['down', -50, -30]], { codes })
    expect(await newest()).toMatchObject({ reasonId: reason.id, reasonBy: 'machine' })
    await plant.states(filler(), [['down', -20, -10]], { codes })
    expect(await newest()).toMatchObject({ reasonId: null })
  })

  test('telling the same states twice changes nothing', async () => {
    const states = [
      ['down', -50, -40],
      ['running', -40, null],
    ] as const
    const [before] = await plant.states(filler(), states)
    const [after] = await plant.states(filler(), states)
    expect(after).toEqual(before)
    expect(await versionsOf(before?.id ?? '')).toHaveLength(1)
  })

  test('a month of stops is told in one batch', async () => {
    const month = Array.from({ length: 2000 }, (_, index): ['down' | 'running', number, number] => {
      return [index % 2 === 0 ? 'down' : 'running', index - 9000, index - 8999]
    })
    expect(await plant.states(filler(), month)).toHaveLength(1000)
    const stops = await readStops(plant.db, [filler()], plant.at(-9000), plant.at(-7000))
    expect(boundsOf(stops)).toEqual(month.filter(([state]) => state === 'down').map(([, from, to]) => [from, to]))
  })
})

describe('what people say of a stop', () => {
  beforeEach(() =>
    plant.states(filler(), [
      ['down', -50, -40],
      ['running', -40, null],
    ]),
  )

  test('[P11-10g!] an operator explains a stop once; to change it needs somebody who may reclassify', async () => {
    const stop = await newest()
    const explained = await explain(stop, reasons.jam, olive(), 'again')
    expect(explained).toMatchObject({ reasonId: reasons.jam.id, reasonBy: 'person', category: 'down', version: 2 })
    expect(explained.comments).toMatchObject([{ text: 'again', by: 'olive', at: plant.clock.now(), photo: null }])
    expect(await plant.pastChanges()).toEqual([
      {
        nodeId: filler(),
        from: stop.from,
        to: stop.to,
        cause: expect.stringMatching(/explained as jam \(olive\)/),
      },
    ])
    await expect(explain(explained, reasons.setup)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'performance.stop-explained',
      message: expect.stringMatching(/has the reason jam: reclassify it/),
    })
    await expect(reclassify(explained, reasons.setup, olive())).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('[KPI-3!, AL-Complete!, AL-A] a stop that is reclassified restates the past; who said what, and why, stays readable', async () => {
    const explained = await explain(await newest(), reasons.jam)
    await plant.pastChanges()
    const stop = await reclassify(explained, reasons.setup)
    expect(stop).toMatchObject({ reasonId: reasons.setup.id, category: 'setup', version: 3 })
    expect(stop.comments).toMatchObject([{ text: 'the infeed was empty', by: 'sam' }])
    expect(await plant.pastChanges()).toMatchObject([
      { nodeId: filler(), from: stop.from, to: stop.to, cause: expect.stringMatching(/from jam to setup: the infeed/) },
    ])
    const versions = await versionsOf(stop.id)
    expect(versions.map(({ entry }) => [entry.operation, entry.actorName, entry.reason])).toEqual([
      ['performance.state.derive', 'performance', null],
      ['performance.stop.explain', 'olive', null],
      ['performance.stop.reclassify', 'sam', 'the infeed was empty'],
    ])
    const rows = versions[2]?.change.rows ?? []
    expect(rows.find((row) => row.table === 'performance.stop')).toMatchObject({
      before: { reason_id: reasons.jam.id, changed_by: 'olive' },
      after: { reason_id: reasons.setup.id, changed_by: 'sam' },
    })
    expect(rows.find((row) => row.table === 'performance.stop_comment')?.after).toMatchObject({
      text: 'the infeed was empty',
    })
  })

  test('[KPI-3!] who saw an older version is told who changed the stop and when', async () => {
    const seen = await newest()
    await explain(seen, reasons.jam)
    await expect(reclassify(seen, reasons.setup)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'performance.stop-changed',
      message: expect.stringMatching(/was changed by olive at 2026-11-22T08:.* version 2, not 1/),
      details: { changedBy: 'olive', version: 2 },
    })
  })

  test('two who explain at the same moment: one does, the other hears of it', async () => {
    const stop = await newest()
    const both = await Promise.allSettled([explain(stop, reasons.jam), explain(stop, reasons.setup)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('the same reason again is refused, but a person may confirm what the machine said', async () => {
    const explained = await explain(await newest(), reasons.jam)
    await expect(reclassify(explained, reasons.jam)).rejects.toMatchObject({ code: 'performance.stop-reason-same' })
    await plant.states(filler(), [['down', -30, -20]], { codes: [{ at: plant.at(-30), code: '17' }] })
    expect(await reclassify(await newest(), reasons.jam)).toMatchObject({ reasonBy: 'person', version: 2 })
  })

  test('a reason of another part of the plant, or none at all, is refused', async () => {
    const stop = await newest()
    await expect(explain(stop, reasons.mill)).rejects.toMatchObject({ code: 'performance.reason-unfit' })
    const unknown = { ...reasons.jam, id: stop.id as unknown as Reason['id'] }
    await expect(explain(stop, unknown)).rejects.toMatchObject({
      kind: 'not-found',
      code: 'performance.reason-unknown',
    })
    await expect(explain({ ...stop, id: reasons.jam.id as unknown as Stop['id'] }, reasons.jam)).rejects.toMatchObject({
      kind: 'not-found',
      code: 'performance.stop-unknown',
    })
  })

  test('[SR-2.1!, SR-2.1-RE2!] who lacks the permission, or holds it elsewhere, learns and changes nothing', async () => {
    const stop = await newest()
    const { id: stopId, version } = stop
    const asked = { stopId, version, reasonId: reasons.jam.id, why: 'mischief', at: plant.at(-45) }
    const window = { from: plant.at(-60), to: plant.at(0) }
    const everywhereElse = plant.person('eve', supervising, plant.node('south'))
    for (const who of [plant.person('nina', []), everywhereElse]) {
      for (const attempt of [
        () => plant.platform.run(getStop, who, { stopId }),
        () => plant.platform.run(explainStop, who, asked),
        () => plant.platform.run(reclassifyStop, who, asked),
        () => plant.platform.run(splitStop, who, asked),
        () => plant.platform.run(mergeStops, who, { stops: [asked, asked], why: 'mischief' }),
        () => plant.platform.run(listStops, who, { nodeId: filler(), window }),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ kind: 'forbidden' })
      }
    }
    expect(await plant.platform.run(listStops, everywhereElse, { window })).toEqual({
      stops: [],
      total: 0,
      unexplainedUs: 0,
    })
    expect(await newest()).toEqual(stop)
  })

  test('[D-12.2!] what changes a stop without saying why is refused', async () => {
    const { id: stopId, version } = await newest()
    const asked = { stopId, version, reasonId: reasons.jam.id, at: plant.at(-45), stops: [{ stopId, version }] }
    for (const name of [reclassifyStop.name, splitStop.name, mergeStops.name]) {
      await expect(plant.platform.runByName(name, sam(), { ...asked, why: '' })).rejects.toMatchObject({
        kind: 'invalid',
        code: 'platform.input-invalid',
      })
    }
  })
})

describe('splitting and merging', () => {
  test('a stop is split with its reason on both halves; each is then explained by itself, and it stays split', async () => {
    await plant.states(filler(), [['down', -50, -30]])
    const stop = await explain(await newest(), reasons.jam, olive(), 'jammed, then cleaned')
    await plant.pastChanges()
    plant.clock.advanceMs(1000)
    const { first, second } = await split(stop, -40)
    expect(boundsOf([first, second])).toEqual([
      [-50, -40],
      [-40, -30],
    ])
    expect([first.reasonId, second.reasonId]).toEqual([reasons.jam.id, reasons.jam.id])
    expect([first.cameFrom, second.cameFrom]).toEqual([[stop.id], [stop.id]])
    expect(second.comments.map(({ text }) => text)).toEqual(['jammed, then cleaned', 'two causes'])
    expect(await plant.pastChanges()).toMatchObject([{ from: stop.from, to: stop.to }])
    await reclassify(second, reasons.setup)
    await plant.states(filler(), [['down', -51, -28]])
    const { stops } = await list()
    expect(boundsOf(stops)).toEqual([
      [-40, -28],
      [-51, -40],
    ])
    expect(stops.map(({ reasonId }) => reasonId)).toEqual([reasons.setup.id, reasons.jam.id])
    expect((await plant.platform.run(getStop, olive(), { stopId: stop.id })).replacedAt).not.toBeNull()
    await expect(split(stop, -45)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'performance.stop-replaced',
      details: { successors: [first.id, second.id] },
    })
  })

  test('a stop that still stands is split up to now, and the second half goes on standing', async () => {
    await plant.states(filler(), [['down', -50, null]])
    const { second } = await split(await newest(), -40)
    expect(boundsOf([second])).toEqual([[-40, null]])
    await expect(split(second, 90)).rejects.toMatchObject({ kind: 'invalid', code: 'performance.split-outside' })
    await plant.states(filler(), [
      ['down', -50, -10],
      ['running', -10, null],
    ])
    expect(boundsOf((await list()).stops)).toEqual([
      [-40, -10],
      [-50, -40],
    ])
  })

  test('neighbours become one with the reason of the longest explained, and stay one', async () => {
    const states = [
      ['down', -50, -45],
      ['changeover', -45, -20],
      ['down', -20, -15],
      ['running', -15, null],
    ] as const
    await plant.states(filler(), states)
    const [third, second, first] = (await list()).stops as [Stop, Stop, Stop]
    const explained = await explain(first, reasons.jam, olive(), 'knife')
    plant.clock.advanceMs(1000)
    const whole = await merge([third, explained, second])
    expect(whole).toMatchObject({ state: 'changeover', reasonId: reasons.jam.id, reasonBy: 'person', version: 1 })
    expect(boundsOf([whole])).toEqual([[-50, -15]])
    expect(whole.cameFrom).toEqual([first.id, second.id, third.id])
    expect(whole.comments.map(({ text }) => text)).toEqual(['knife', 'one and the same'])
    await plant.states(filler(), states)
    expect((await list()).stops.map(({ id }) => id)).toEqual([whole.id])
    // From inside its last state on: the states before that are not told again.
    await plant.states(filler(), states.slice(2))
    expect(boundsOf((await list()).stops)).toEqual([[-50, -15]])
    const again = await split(whole, -30)
    await plant.states(filler(), states.slice(2))
    await plant.states(filler(), states.slice(1), { from: plant.at(-25) })
    expect(boundsOf((await list()).stops)).toEqual([
      [-30, -15],
      [-50, -30],
    ])
    expect(boundsOf([again.first, again.second])).toEqual([
      [-50, -30],
      [-30, -15],
    ])
    expect(boundsOf([await merge([again.first, again.second])])).toEqual([[-50, -15]])
  })

  test('stops of two machines, with running in between, or seen in an older version are not taken together', async () => {
    await plant.states(filler(), [
      ['down', -50, -40],
      ['running', -40, -39],
      ['down', -39, -30],
    ])
    await plant.states(plant.node('north/fill/FIL-02'), [['down', -40, -30]])
    const [second, first] = (await list()).stops as [Stop, Stop]
    const [other] = (await list('all', plant.node('north/fill/FIL-02'))).stops as [Stop]
    await expect(merge([first, second])).rejects.toMatchObject({ kind: 'invalid', code: 'performance.merge-over-gap' })
    await expect(merge([first, other])).rejects.toMatchObject({ code: 'performance.merge-of-machines' })
    await expect(merge([first, first])).rejects.toMatchObject({ code: 'performance.merge-of-one' })
    await plant.states(filler(), [
      ['down', -50, -40],
      ['changeover', -40, -30],
    ])
    const [right, left] = (await list()).stops as [Stop, Stop]
    await explain(left, reasons.jam)
    await expect(merge([left, right])).rejects.toMatchObject({ kind: 'conflict', code: 'performance.stop-changed' })
  })
})

test('[P11-10e-1!] a stop that was told is not changed past the door', async () => {
  await plant.states(filler(), [['down', -50, -40]])
  await expect(sql`update performance.stop set label = 'Execute'`.execute(plant.db)).rejects.toThrow(/door/)
})
