import { toMs } from '@throughline/kernel'
import { recordCalibration } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { day, hour } from '../model/dynamics.ts'
import { plantSetup } from '../plant/setup/setup.ts'
import { Story } from '../plant/story.ts'
import { crew } from './crew.ts'
import type { Deed, Errand } from './deed.ts'
import { longestMs, metresOf, wrenches } from './order.ts'
import { planBeginning, planDay } from './plan.ts'

const seed = 20_26
const midnight = Date.parse('2026-10-25T00:00:00Z')
const days = Array.from({ length: 30 }, (_, number) => planDay(seed, number, midnight))
const errands = days.flat()
const deeds = errands.flatMap((errand) => errand.deeds)
const truths = (type: string) => deeds.flatMap(({ truth }) => truth.filter((each) => each.type === type))
const storyOf = (story: string): Deed[] => deeds.filter(({ refused }) => refused?.story === story)
const isOrder = ({ code }: Errand): boolean => code.startsWith('WO-')
const fillOf = (lot: unknown, type: 'filling' | 'filled'): number =>
  deeds.find(({ truth }) => truth.some((each) => each.type === type && each['lot'] === lot))?.atMs ?? Number.NaN

describe('what people do in a month', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planDay(seed, 7, midnight)).toEqual(days[7])
    expect(planDay(seed + 1, 7, midnight)).not.toEqual(days[7])
  })

  test('is three or four orders a day, each from its release to its end, in order and within its time', () => {
    for (const [number, planned] of days.entries()) {
      const orders = planned.filter(isOrder)
      expect([3, 4]).toContain(orders.length)
      for (const { code, deeds: own } of orders) {
        expect(own.map(({ act }) => act.kind).slice(0, 2), code).toEqual(['order', 'release'])
        expect(own.at(-1)?.act.kind).toBe('close')
        const times = own.map(({ atMs }) => atMs)
        expect(times).toEqual([...times].sort((a, b) => a - b))
        expect(times.at(-1)).toBeLessThan(midnight + number * day + longestMs)
      }
    }
    expect(deeds.length).toBeGreaterThan(5000)
    expect(deeds.length).toBeLessThan(10_000)
  })

  test('gives every lot, piece and order a number of its own, and takes from no roll more than it holds', () => {
    const codes = [...truths('lot').map(({ code }) => code), ...errands.map(({ code }) => code)]
    expect(new Set(codes).size).toBe(codes.length)
    const used = new Map<string, number>()
    for (const { act } of deeds) {
      if (act.kind === 'split') used.set(act.lot, (used.get(act.lot) ?? 0) + Number(act.quantity))
    }
    for (const [roll, metres] of used) expect(metres, roll).toBeLessThan(80)
    expect(metresOf({ product: 'BRK-200', pieces: ['a', 'b', 'c'] })).toBe('10.8')
  })

  test('makes every piece of plies of its own kit and of inserts, and every kit of a roll', () => {
    const into = Map.groupBy(truths('edge'), ({ to }) => to)
    const wrong = truths('lot').filter(({ code, material }) => {
      const isPiece = material === 'BRK-100' || material === 'BRK-200'
      const isRange = material === 'VIALS-10'
      if (isRange || material === 'VIALS-10-PACK') {
        return (
          (into.get(code) ?? []).map(({ kind }) => kind).join(' ') !== (isRange ? 'built-into' : 'transformed-into')
        )
      }
      const wanted = isPiece ? 'built-into built-into' : String(code).startsWith('KT-') ? 'split-into' : ''
      return (into.get(code) ?? []).map(({ kind }) => kind).join(' ') !== wanted
    })
    expect(wrong).toEqual([])
  })

  test('has the injected events three times a month, each refused by one gate', () => {
    for (const [story, gate] of Object.entries({
      ...{ E06: 'out-life', E07: 'qualification', E08: 'calibration', E13: 'wrong-material' },
    })) {
      expect(
        storyOf(story).map(({ refused }) => refused?.gate),
        story,
      ).toEqual([gate, gate, gate])
    }
    const overrides = deeds.filter(({ act }) => act.kind === 'override')
    expect(overrides.map(({ who }) => who)).toEqual(Array.from({ length: 3 }, () => 'aero-supervisor'))
    for (const [story, cause] of [
      ['E06', 'person'],
      ['E07', 'person'],
      ['E08', 'gate-override'],
    ]) {
      const opened = truths('deviation').filter((each) => each['story'] === story)
      expect(
        opened.map((each) => each['cause']),
        story,
      ).toEqual([cause, cause, cause])
    }
    // The roll that was out for too long is of no use to anybody.
    const scrapped = deeds.filter(({ act }) => act.kind === 'settle' && act.disposition === 'scrap')
    expect(scrapped).toHaveLength(3)
  })

  test('in E06 the roll was out for longer than 240 h at the lay-up, and in E07 the certificate had ended', () => {
    for (const { act, atMs } of storyOf('E06')) {
      const lot = act.kind === 'record' && act.value.type === 'scan' ? act.value.code : ''
      const received = deeds.find((each) => each.act.kind === 'receive' && each.act.lot === lot)
      const outHours = received?.act.kind === 'receive' ? received.act.outForSeconds / 3600 : 0
      expect(outHours + (atMs - (received?.atMs ?? 0)) / hour).toBeGreaterThan(240)
    }
    const [given] = planBeginning(midnight).deeds.flatMap(({ act }) =>
      act.kind === 'qualify' && act.person === 'aero-layup-4' ? [act] : [],
    )
    expect(given?.toMs).toBeLessThan(midnight)
    expect(deeds.filter(({ who }) => who === 'aero-layup-4').every(({ refused }) => refused?.story === 'E07')).toBe(
      true,
    )
  })

  test('in E15 one range of vials was filled while there were too many particles, and quality asks for that time', () => {
    const [asked, ...more] = deeds.filter(({ act }) => act.kind === 'quarantine')
    expect(more).toEqual([])
    const { fromMs = 0, toMs = 0 } = asked?.act.kind === 'quarantine' ? asked.act : {}
    expect(new Date(fromMs).toISOString()).toBe('2026-11-10T10:30:00.000Z')
    const ranges = truths('lot').filter(({ material }) => material === 'VIALS-10')
    const hit = ranges.filter(({ code }) => fillOf(code, 'filling') < toMs && fillOf(code, 'filled') > fromMs)
    expect(hit.map(({ code }) => code)).toEqual(['VR-400164'])
  })

  test('in E15 asks for the very time at which the machines have it, also where the past began in the middle of a day', () => {
    const epochMs = midnight - 13 * hour
    const [event] = new Story(epochMs).eventsOf(0).filter((each) => each.event.id === 'E15')
    const asked = Array.from({ length: 30 }, (_, number) => planDay(seed, number, midnight, midnight - day))
      .flat()
      .flatMap((errand) => errand.deeds.flatMap(({ act }) => (act.kind === 'quarantine' ? [act] : [])))
    expect(asked.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([[event?.from, event?.to]])
  })

  test('begins with wrenches that were calibrated before anybody takes one up; the one of E08 has run out', () => {
    const { steps } = plantSetup(midnight)
    const known = new Set<string>()
    const found = steps.flatMap(({ id, operation, input }) => {
      known.add(id)
      if (operation !== recordCalibration.name) return []
      const { assetId, ...content } = input as { assetId: { $step: string } }
      expect(known).toContain(assetId.$step)
      const { at, dueAt } = recordCalibration.input.omit({ assetId: true }).parse(content)
      return [[assetId.$step, toMs(at) < midnight, dueAt !== null && toMs(dueAt) > midnight + 365 * day]]
    })
    expect(found).toEqual([
      [`asset/${wrenches.good}`, true, true],
      [`asset/${wrenches.overdue}`, true, false],
    ])
  })

  test('is done by people of the crew, and confirmed by another than who did it', () => {
    const names = new Set<string>(crew.map(({ name }) => name))
    expect(deeds.filter(({ who }) => !names.has(who))).toEqual([])
    expect(new Set(deeds.flatMap(({ who, act }) => (act.kind === 'verify' ? [who] : [])))).toEqual(
      new Set(['aero-inspector']),
    )
  })

  test('puts at most one piece on a station at a time', () => {
    const ends = new Map(
      deeds.flatMap(({ act, atMs }) =>
        act.kind === 'complete' ? [[`${act.sequence} ${act.pieces[0]}`, atMs] as const] : [],
      ),
    )
    const busy = new Map<string, number>()
    for (const { act, atMs, refused } of deeds) {
      if (act.kind !== 'start' || refused !== undefined || !act.node.includes('/lay-up/lay-')) continue
      if (atMs < (busy.get(act.node) ?? 0)) expect.fail(`${act.node} has two pieces: ${act.pieces[0]}`)
      busy.set(act.node, ends.get(`${act.sequence} ${act.pieces[0]}`) ?? atMs)
    }
    expect(busy.size).toBe(3)
  })
})
