import { day, hour, minute } from '../model/dynamics.ts'
import { Random } from '../model/random.ts'
import { crew, storyDays } from './crew.ts'
import type { Deed, Errand } from './deed.ts'
import { planFilling } from './filling.ts'
import type { Mishap, OrderPlan, Product } from './order.ts'
import { composites, Free, planOrder } from './order.ts'

const store = `${composites}/material-store`
const freezer = `${store}/frz-01`
/** Inserts are received once a week. */
const insertDays = 7
const wrongScanShare = 0.015

const numbered = (prefix: string, number: number): string => `${prefix}${String(number).padStart(4, '0')}`
const rollOf = (dayNumber: number): string => numbered('PP-4', dayNumber)
const agedRollOf = (dayNumber: number): string => numbered('PP-9', dayNumber)
const glassOf = (dayNumber: number): string => numbered('GP-4', dayNumber)
const insertsOf = (dayNumber: number): string => numbered('INS-4', Math.floor(dayNumber / insertDays))

const deed = (atMs: number, who: string, act: Deed['act'], truth: Deed['truth'] = []): Deed => ({
  ...{ atMs, who, act, truth },
})

/** Where the special processes of the brackets are done. */
const specialProcesses = [
  { node: 'aurora/aero/composites/curing', process: 'AUTOCLAVE' },
  { node: 'aurora/aero/machining/inspection', process: 'NDT-UT-2' },
]

/** What is done before the first day: who and what is qualified for what. */
export function planBeginning(epochMs: number): Errand {
  const before = epochMs - 90 * day
  const skilled = crew.flatMap(({ name, skills }) => skills.map((skill) => ({ person: name, skill })))
  return {
    code: 'BEGIN',
    deeds: [
      ...skilled.map((each) =>
        deed(epochMs, 'aero-supervisor', { kind: 'qualify', ...each, fromMs: before, toMs: null }),
      ),
      deed(epochMs, 'aero-supervisor', {
        ...{ kind: 'qualify', person: 'aero-layup-4', skill: 'LAYUP', fromMs: before, toMs: epochMs - 5 * day },
      }),
      ...specialProcesses.map((each) =>
        deed(epochMs, 'aero-quality', { kind: 'qualify-equipment', ...each, fromMs: before }),
      ),
    ],
  }
}

/**
 * What happens on one day, and what of it goes on the next; `dayNumber` counts from the first midnight (UTC).
 *
 * @param storyMidnightMs from which the days of the machines' story count: it may be the midnight before
 */
export function planDay(
  seed: number,
  dayNumber: number,
  firstMidnightMs: number,
  storyMidnightMs = firstMidnightMs,
): Errand[] {
  const random = Random.of(seed, `people/${dayNumber}`)
  const orders = ordersOf(dayNumber, firstMidnightMs + dayNumber * day, random)
  const free = new Free()
  return [
    storeOf(dayNumber, firstMidnightMs),
    ...orders.map((plan) => ({ code: plan.code, deeds: planOrder(plan, random, free) })),
    ...planFilling(dayNumber, firstMidnightMs + dayNumber * day, storyMidnightMs),
  ]
}

/** Two loads of the autoclave a day, of one or two orders each. */
function ordersOf(dayNumber: number, midnightMs: number, random: Random): OrderPlan[] {
  const loads = [
    { releaseMs: 5.3, cutMs: 6.1, layUpMs: 7, loadMs: 12, demouldMs: 18.2 },
    { releaseMs: 10, cutMs: 11.5, layUpMs: 12.6, loadMs: 18, demouldMs: 29.2 },
  ]
  const storyDay = dayNumber % storyDays
  let number = 0
  return loads.flatMap((hours, load) => {
    const count = load === 0 || random.next() < 0.6 ? 2 : 1
    return Array.from({ length: count }, (): OrderPlan => {
      number += 1
      const product: Product = random.next() < 0.6 ? 'BRK-100' : 'BRK-200'
      const code = `${numbered('WO-4', dayNumber)}${number}`
      const size = 1 + Math.floor(random.next() * 3)
      const at = (from: number): number => midnightMs + from * hour
      return {
        ...{ code, product, roll: rollOf(dayNumber), inserts: insertsOf(dayNumber) },
        pieces: Array.from({ length: size }, (_, index) => `${product}-${code.slice(3)}-${index + 1}`),
        mishaps: mishapsOf(storyDay, number, dayNumber, random),
        ...{ releaseMs: at(hours.releaseMs) + number * minute, cutMs: at(hours.cutMs), layUpMs: at(hours.layUpMs) },
        ...{ loadMs: at(hours.loadMs), demouldMs: at(hours.demouldMs) + number * minute, machineMs: at(30) },
      }
    })
  })
}

/** What goes wrong with the first orders of a day of the story, and now and then with any. */
function mishapsOf(storyDay: number, number: number, dayNumber: number, random: Random): Mishap[] {
  const isScanWrong = random.next() < wrongScanShare
  const mishaps: Mishap[] = isScanWrong ? [{ story: 'wrong-scan', lot: insertsOf(dayNumber) }] : []
  if (storyDay === 0 && number === 1) mishaps.push({ story: 'E13', lot: glassOf(dayNumber) })
  if (storyDay === 0 && number === 2) mishaps.push({ story: 'E08' })
  if (storyDay === 1 && number === 1) mishaps.push({ story: 'E06', lot: agedRollOf(dayNumber) })
  if (storyDay === 1 && number === 2) mishaps.push({ story: 'E07' })
  return mishaps
}

/** A day in the store: what comes, what goes into the freezer and what is taken out for the cutter. */
function storeOf(dayNumber: number, firstMidnightMs: number): Errand {
  const midnight = firstMidnightMs + dayNumber * day
  const storyDay = dayNumber % storyDays
  const received = (at: number, lot: string, material: string, quantity: string, outHours: number): Deed =>
    deed(
      midnight + at,
      'aero-store',
      {
        ...{ kind: 'receive', lot, material, quantity, node: store, place: 'receiving bay', supplierLot: `S-${lot}` },
        ...{ certificate: material === 'INS-M6' ? null : `CoC-${lot}`, outForSeconds: outHours * 3600 },
      },
      [{ type: 'lot', code: lot, material }],
    )
  const put = (at: number, cold: boolean): Deed =>
    deed(midnight + at, cold ? 'aero-store' : 'aero-cutter', {
      ...{ kind: 'move', lot: rollOf(dayNumber), cold, node: cold ? freezer : `${composites}/cutting` },
      place: cold ? 'shelf 3' : 'table',
    })
  const isInsertDay = dayNumber % insertDays === 0
  return {
    code: numbered('STORE-', dayNumber),
    deeds: [
      ...(isInsertDay ? [received(4.5 * hour, insertsOf(dayNumber), 'INS-M6', '1000', 0)] : []),
      received(5 * hour, rollOf(dayNumber), 'PPG-8552', '80', 6),
      put(5 * hour + 5 * minute, true),
      // It lies at the table and is not frozen: 240 h are over before the lay-up.
      ...(storyDay === 1 ? [received(5.1 * hour, agedRollOf(dayNumber), 'PPG-8552', '20', 239)] : []),
      ...(storyDay === 0 ? [received(5.2 * hour, glassOf(dayNumber), 'GPG-120', '30', 2)] : []),
      put(6 * hour, false),
      put(17.5 * hour, true),
    ],
  }
}
