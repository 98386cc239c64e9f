import { newId } from '@throughline/kernel'
import { getAlarmKpis, getPhilosophy, getPhilosophyDocument, setPhilosophy } from '@throughline/model'
import { actorWith, readPdf } from '@throughline/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertOccurrences } from '../history/store.ts'
import { deliveredPhilosophy } from '../philosophy/rules.ts'
import type { StartedAlarms } from '../testing/start-alarm.ts'
import { startAlarms } from '../testing/start-alarm.ts'

let on: StartedAlarms
beforeAll(async () => {
  on = await startAlarms()
  on.clock.advanceMs(48 * 3_600_000)
})
afterAll(() => on.stop())

const day = () => ({ from: on.at(0), to: on.at(24 * 3600) })
const kpis = (input: object = {}, actor = on.engineer) =>
  on.platform.run(getAlarmKpis, actor, { window: day(), ...input })

describe('[ALM-4] the figures', () => {
  const occur = async (
    definition: Awaited<ReturnType<StartedAlarms['alarm']>>,
    seconds: readonly number[],
    end: { acknowledged?: number; returned?: number; hidden?: boolean } = {},
  ) => {
    const { id: definitionId, name, message, priority, nodeId } = definition
    const later = (second: number, delay?: number) => (delay === undefined ? null : on.at(second + delay))
    const rows = seconds.map((second) => ({
      id: newId<'AlarmOccurrence'>(),
      definitionId,
      ...{ name, message, priority, nodeId, hidden: end.hidden ?? false },
      at: on.at(second),
      acknowledgedAt: later(second, end.acknowledged),
      returnedAt: later(second, end.returned),
      order: null,
      batch: null,
    }))
    await on.platform.act('test', 'test.alarm.occur', {}, (uow) => insertOccurrences(uow.trx, rows))
  }

  beforeAll(async () => {
    const pump = await on.alarm('PUMP-01.Vibration.high', on.plant.tag('pump'))
    const oven = await on.alarm('OVEN-01.Temperature.high', on.plant.tag('oven', on.plant.oven), {
      severity: 'severe',
      timeToRespond: 'under-3-min',
    })
    await occur(pump, [0, 10, 20, 30, 40, 50, 61, 71, 81, 91], { acknowledged: 30, returned: 5 })
    await occur(pump, [7200, 7201], { hidden: true, returned: 5 })
    await occur(oven, [-3600])
    await occur(oven, [3600], { acknowledged: 90, returned: 120 })
  })

  test('are worked out of the occurrences of the window, at or below a node, hidden ones apart', async () => {
    expect(await kpis()).toMatchObject({
      window: day(),
      occurrences: 11,
      hidden: 2,
      perTenMinutes: { average: 11 / 144, highest: 10, target: 1 },
      flood: { share: 1 / 144, floods: [{ from: on.at(0), to: on.at(600), occurrences: 10, peak: 10 }] },
      chattering: [{ name: 'PUMP-01.Vibration.high', mostInAMinute: 6, minutes: 2 }],
      secondsToAcknowledge: { median: 30, p95: 60 },
      stale: [{ name: 'OVEN-01.Temperature.high', since: on.at(-3600) }],
    })
    expect(await kpis({ nodeId: on.plant.aero })).toMatchObject({
      occurrences: 1,
      hidden: 0,
      topTen: [{ share: 1, priority: 1 }],
    })
    expect(await kpis({ nodeId: on.plant.bio })).toMatchObject({ occurrences: 10, hidden: 2, stale: [] })
  })

  test('a window that is not over is judged up to now', async () => {
    expect(await kpis({ window: { from: on.at(0), to: on.at(1e6) } })).toMatchObject({
      window: { from: on.at(0), to: on.clock.now() },
    })
  })

  test('[SR-2.1!] who may read alarms at a node sees the figures of that node alone', async () => {
    const atAero = actorWith(['alarm.read'], on.plant.aero)
    expect(await kpis({}, atAero)).toMatchObject({ occurrences: 1 })
    await expect(kpis({ nodeId: on.plant.bio }, atAero)).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(kpis({}, actorWith([]))).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test.each([
    ['a window that has not begun', () => ({ from: on.at(1e6), to: on.at(2e6) }), 'alarm.kpi-window-ahead'],
    ['a window that is too long', () => ({ from: 0, to: on.at(0) }), 'alarm.kpi-window-too-long'],
    ['a window that ends before it begins', () => ({ from: on.at(9), to: on.at(3) }), 'platform.input-invalid'],
  ])('[SR-3.5] %s is refused by name', async (_what, window, code) => {
    await expect(kpis({ window: window() })).rejects.toMatchObject({ kind: 'invalid', code })
  })
})

describe('the philosophy', () => {
  const { version: _version, recordedBy: _by, recordedAt: _at, ...delivered } = deliveredPhilosophy
  const set = (changes: object = {}, actor = on.engineer) =>
    on.platform.run(setPhilosophy, actor, { ...delivered, reason: 'yearly review', ...changes })
  const get = () => on.platform.run(getPhilosophy, on.engineer, {})

  test('is the delivered one, version 0, until somebody sets the next, with a reason', async () => {
    expect(await get()).toEqual(deliveredPhilosophy)
    const targets = { ...delivered.targets, perOperatorPer10Min: 2 }
    const first = await set({ targets })
    expect(first).toMatchObject({ version: 1, reason: 'yearly review', recordedBy: 'eve', recordedAt: on.clock.now() })
    expect(await get()).toEqual(first)
    expect((await kpis()).perTenMinutes.target).toBe(2)
    expect((await set()).version).toBe(2)
  })

  test('[SR-3.5!] who changed a version that is in force no longer is refused by name', async () => {
    const { version } = await get()
    expect((await set({ basedOn: version })).version).toBe(version + 1)
    await expect(set({ basedOn: version })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'alarm.philosophy-changed',
    })
    expect(await get()).not.toHaveProperty('basedOn')
  })

  test('two who set it at once make two versions', async () => {
    const { version } = await get()
    const both = await Promise.all([set(), set()])
    expect(both.map((each) => each.version).sort()).toEqual([version + 1, version + 2])
  })

  test('its document names its version and the alarms that the reader may see', async () => {
    await on.alarm('WFI-01.Conductivity.high', on.plant.tag('conductivity'))
    await on.alarm('OVEN-02.Temperature.high', on.plant.tag('oven-2', on.plant.oven))
    const textFor = async (actor = on.engineer) => {
      const { fileName, content } = await on.platform.run(getPhilosophyDocument, actor, {})
      expect(fileName).toBe(`alarm-philosophy-v${(await get()).version}.pdf`)
      return readPdf(Buffer.from(content, 'base64')).pages.join(' ')
    }
    const whole = await textFor()
    expect(whole).toMatch(/WFI-01\.Conductivity.*bio\/loop.*above 80 Cel, deadband 1 Cel.*open the valve/)
    expect(whole).toContain('OVEN-02.Temperature')
    const part = await textFor(actorWith(['alarm.read'], on.plant.bio))
    expect(part).toContain('WFI-01.Conductivity')
    expect(part).not.toContain('OVEN-02')
    expect(part).toContain('not those of the whole plant')
  })

  test('[SR-2.1!] only who releases alarms for the whole plant sets it', async () => {
    for (const actor of [
      actorWith(['alarm.read', 'alarm.definition.write']),
      actorWith(['alarm.definition.release'], on.plant.bio),
    ]) {
      await expect(set({}, actor)).rejects.toMatchObject({ kind: 'forbidden' })
    }
    await expect(on.platform.run(getPhilosophyDocument, actorWith([]), {})).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('[SR-3.5] one that cannot be worked by, or has no reason, is refused by name and changes nothing', async () => {
    const before = await get()
    const distribution = { 1: 1, 2: 1, 3: 0, 4: 0 }
    await expect(set({ targets: { ...delivered.targets, distribution } })).rejects.toMatchObject({
      code: 'alarm.philosophy-invalid',
    })
    await expect(set({ matrix: {} })).rejects.toMatchObject({ code: 'platform.input-invalid' })
    await expect(set({ reason: '' })).rejects.toMatchObject({ code: 'platform.input-invalid' })
    expect(await get()).toEqual(before)
  })
})
