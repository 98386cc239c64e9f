import type { Made, Step } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, day, hour, minute, secondsSince } from './dynamics.ts'
import type { PackMlState } from './pack-ml.ts'
import { packMlState } from './pack-ml.ts'
import type { Random } from './random.ts'
import { analog, counter, lifeCount, text } from './tag-definition.ts'

type StopReason = '' | 'Jam' | 'Breakdown' | 'No vials' | 'Lot change' | 'Maintenance'

interface FillLine {
  state: PackMlState
  until: number
  stopReason: StopReason
  /** Why the line leaves Execute at `until`. */
  leavingFor: StopReason
  stopMs: number
  nextJam: number
  nextStarving: number
  nextBreakdown: number
  nextMaintenance: number
  lot: string
  lots: number
  lotVials: number
  /** Vials filled since the epoch, with the fraction that is under way. */
  vials: number
  /** What the counters show: they roll over and are reset (E19). */
  processed: number
  defective: number
  stopper: number
  particle: number
  cosmetic: number
  wrongWeight: number
  weights: number[]
  /** Grams that nozzle 7 has drifted, and whether the reset of this month was done. */
  drift: number
  resetDone: boolean
  speed: number
  speedSetPoint: number
  hopper: number
}

/** The counter of the line has six digits: after 999,999 comes 0. */
const counterModulus = 1_000_000
const lotSize = 48_000
const maintenanceEvery = 30 * day
const targetG = 1
const sigmaG = 0.008
const toleranceG = 0.05
const nozzleOffset = [0.001, -0.002, 0, 0.002, -0.001, 0.001, 0, -0.001, 0.002, -0.002]
/** One vial in this many goes over the check scale, nozzles in turn. */
const weighEvery = 12

/** Vial filling line with ten nozzles and PackML states. Story: E16 (nozzle 7 drifts), E19 (counter rollover, reset). */
export const fillLine = defineAsset<FillLine>({
  id: 'FIL-01',
  className: 'FillLine',
  classDescription: 'Vial filling line with PackML states and ten nozzles',
  description: 'Vial filling line',
  parent: 'Aurora/BIO/Fill-Finish/Filling',
  protocol: 'opcua',
  tags: [
    text('State', 'PackML state by name'),
    counter('StateCurrent', 'PackML state by number', { rangeLow: 1, rangeHigh: 17 }),
    text('StopReason', 'Why the line does not run; empty while it runs'),
    text('LotId', 'Lot being filled'),
    counter('ProcessedCount', 'Vials filled; six digits, rolls over', { rangeHigh: counterModulus - 1 }),
    counter('DefectiveCount', 'Vials rejected since the controller started'),
    counter('StopperRejects', 'Vials rejected for the stopper'),
    counter('ParticleRejects', 'Vials rejected for particles'),
    counter('CosmeticRejects', 'Vials rejected for looks'),
    counter('WeightRejects', 'Vials rejected for the fill weight'),
    analog('MachineSpeed', '/min', 'Vials a minute', { range: [0, 200], normal: [0, 130], deadband: 1, decimals: 1 }),
    analog(
      'MachineSpeedSetPoint',
      '/min',
      'Vials a minute asked for',
      { range: [30, 150], deadband: 0, decimals: 0 },
      { writable: true },
    ),
    ...nozzleOffset.map((_, i) =>
      analog(`NozzleWeight${String(i + 1).padStart(2, '0')}`, 'g', `Last check weight of nozzle ${i + 1}`, {
        ...{ range: [0, 2], normal: [targetG - toleranceG, targetG + toleranceG], deadband: 0, decimals: 4 },
      }),
    ),
    analog('StopperHopper', '%', 'Level of the stopper hopper', {
      ...{ range: [0, 100], normal: [10, 100], deadband: 0.5, decimals: 1 },
    }),
    lifeCount,
  ],
  start: ({ epochMs, random }) => ({
    ...{ state: 'Stopped', until: epochMs + 30_000, stopReason: 'Lot change', leavingFor: '', stopMs: 0 },
    ...{ nextJam: 0, nextStarving: 0, nextBreakdown: epochMs + random.exponential(4 * hour) },
    nextMaintenance: Math.floor(epochMs / day) * day + 12 * day + 8 * hour,
    ...{ lot: 'L-5001', lots: 1, lotVials: 0, vials: 0, processed: 0, defective: 0, stopper: 0, particle: 0 },
    ...{ cosmetic: 0, wrongWeight: 0, weights: nozzleOffset.map((offset) => targetG + offset), drift: 0 },
    ...{ resetDone: false, speed: 0, speedSetPoint: 120, hopper: 80 },
  }),
  initialState: (state) => state.state,
  made: madeOf,
  step(state, step) {
    let from = step.fromMs
    while (state.until <= step.toMs) {
      const at = Math.max(Math.round(state.until), from + 1)
      fill(state, step, from, at)
      from = at
      follow(state, step, at)
    }
    fill(state, step, from, step.toMs)
    reset(state, step)
    const goal = state.state === 'Execute' ? state.speedSetPoint : 0
    const wobble = state.state === 'Execute' ? step.random.normal(0.4) : 0
    state.speed = clamp(approach(state.speed, goal, step.seconds, 1.5) + wobble, 0, 200)
    if (state.hopper < 15) state.hopper = 95
  },
  read: (state, atMs, epochMs) => [
    ...[state.state, packMlState[state.state], state.stopReason, state.lot, state.processed, state.defective],
    ...[state.stopper, state.particle, state.cosmetic, state.wrongWeight, state.speed, state.speedSetPoint],
    ...[...state.weights, state.hopper, secondsSince(epochMs, atMs)],
  ],
  write(state, _tag, value) {
    state.speedSetPoint = value
  },
})

/** Fills vials from one instant to another while the line runs. */
function fill(state: FillLine, step: Step, fromMs: number, toMs: number): void {
  if (state.state !== 'Execute') return
  const before = Math.floor(state.vials)
  state.vials += ((toMs - fromMs) / minute) * state.speedSetPoint
  const made = Math.floor(state.vials) - before
  const drifting = step.story('E16') !== undefined
  if (!drifting) state.drift = 0
  for (let i = 1; i <= made; i++) oneVial(state, step.random, before + i, drifting)
  state.lotVials += made
  state.hopper -= made / 400
  if (made === 0) return
  const counted = state.processed + made
  state.processed = counted % counterModulus
  if (counted >= counterModulus) {
    const record = { kind: 'rollover', story: 'E19', tag: 'ProcessedCount', before: counterModulus - 1 }
    step.happened({ ...record, atMs: toMs, after: state.processed, filled: Math.floor(state.vials) })
  }
}

function oneVial(state: FillLine, random: Random, number: number, drifting: boolean): void {
  const nozzle = number % nozzleOffset.length
  if (drifting) state.drift += 0.0006 / 1000
  const luck = random.next()
  if (luck < 0.003) state.stopper++
  else if (luck < 0.0045) state.particle++
  else if (luck < 0.0095) state.cosmetic++
  const checked = Math.floor(number / nozzleOffset.length) % weighEvery === nozzle
  // A healthy nozzle is six sigma inside its tolerance: only the drifting one can make a wrong weight.
  const suspect = drifting && nozzle === 6
  if (!checked && !suspect) {
    if (luck < 0.0095) state.defective++
    return
  }
  const weight = targetG + (nozzleOffset[nozzle] ?? 0) + (nozzle === 6 ? state.drift : 0) + random.normal(sigmaG)
  if (checked) state.weights[nozzle] = weight
  const wrong = Math.abs(weight - targetG) > toleranceG
  if (wrong && luck >= 0.0095) state.wrongWeight++
  if (wrong || luck < 0.0095) state.defective++
}

/** E19: somebody resets the counter in the middle of a lot. */
function reset(state: FillLine, step: Step): void {
  const now = step.story('E19') !== undefined
  if (now && !state.resetDone) {
    const record = { kind: 'reset', story: 'E19', tag: 'ProcessedCount', before: state.processed, after: 0 }
    step.happened({ ...record, atMs: step.toMs, filled: Math.floor(state.vials) })
    state.processed = 0
  }
  state.resetDone = now
}

/** The states that end by themselves after a fixed time. */
const passing: Partial<Record<PackMlState, readonly [PackMlState, number]>> = {
  ...{ Stopped: ['Resetting', 15_000], Idle: ['Starting', 8_000], Held: ['Unholding', 3_000] },
  ...{ Suspended: ['Unsuspending', 3_000], Aborted: ['Clearing', 20_000], Clearing: ['Stopped', 60_000] },
  ...{ Stopping: ['Stopped', 60_000], Completing: ['Completed', 30_000], Completed: ['Resetting', 15_000] },
}
/** The states that lead into a stop, which lasts as long as its reason. */
const stopping: Partial<Record<PackMlState, PackMlState>> = {
  ...{ Holding: 'Held', Suspending: 'Suspended', Aborting: 'Aborted' },
}

/** Vials since the epoch: the rejected ones are among the filled. */
function madeOf({ lot, vials, defective }: FillLine): Made {
  const total = Math.floor(vials)
  return { order: lot, product: '', total, good: total - defective, scrap: defective }
}

/** What comes after a state, and how long that lasts. */
function follow(state: FillLine, step: Step, at: number): void {
  const stop = stopping[state.state]
  const pass = passing[state.state]
  if (state.state === 'Completing') countLot(state, step, at)
  if (stop !== undefined) enter(state, step, at, stop, state.stopMs)
  else if (state.state === 'Stopping' && state.stopReason === 'Maintenance') {
    enter(state, step, at, 'Stopped', state.stopMs)
  } else if (pass !== undefined) enter(state, step, at, pass[0], pass[1])
  else if (state.state === 'Execute') leave(state, step, at)
  else if (state.state === 'Resetting') {
    const changeover = state.stopReason === 'Lot change'
    enter(state, step, at, 'Idle', changeover ? step.random.triangular(12, 18, 30) * minute : 10_000)
  } else run(state, step, at)
}

function countLot(state: FillLine, step: Step, at: number): void {
  step.orderEnds(at, madeOf(state))
  step.happened({ kind: 'count', atMs: at, lot: state.lot, filled: state.lotVials, rejectedInAll: state.defective })
  state.lots++
  state.lot = `L-${5000 + state.lots}`
  state.lotVials = 0
  step.mark('LotId', at, state.lot)
}

/** Starts Execute and draws what will end it. */
function run(state: FillLine, step: Step, at: number): void {
  const { random } = step
  state.nextJam = at + 1_000 + random.exponential(25 * minute)
  state.nextStarving = at + 1_000 + random.exponential(90 * minute)
  const lotEnd = at + 1_000 + (Math.max(0, lotSize - state.lotVials) / state.speedSetPoint) * minute
  const breakdown = Math.max(at + 1_000, state.nextBreakdown)
  const maintenance = Math.max(at + 1_000, state.nextMaintenance)
  const end = Math.min(state.nextJam, state.nextStarving, lotEnd, breakdown, maintenance)
  state.leavingFor = 'Jam'
  if (end === lotEnd) state.leavingFor = 'Lot change'
  if (end === state.nextStarving) state.leavingFor = 'No vials'
  if (end === breakdown) state.leavingFor = 'Breakdown'
  if (end === maintenance) state.leavingFor = 'Maintenance'
  state.stopReason = ''
  step.mark('StopReason', at, '')
  enter(state, step, at, 'Execute', end - at)
}

function leave(state: FillLine, step: Step, at: number): void {
  const { random } = step
  state.stopReason = state.leavingFor
  step.mark('StopReason', at, state.stopReason)
  if (state.leavingFor === 'Breakdown') {
    state.stopMs = random.between(8, 20) * minute
    state.nextBreakdown = at + random.exponential(4 * hour)
    enter(state, step, at, 'Aborting', 2_000)
  } else if (state.leavingFor === 'No vials') {
    state.stopMs = random.triangular(30, 75, 240) * 1000
    enter(state, step, at, 'Suspending', 2_000)
  } else if (state.leavingFor === 'Maintenance') {
    state.stopMs = 4 * hour
    state.nextMaintenance += maintenanceEvery
    enter(state, step, at, 'Stopping', 60_000)
  } else if (state.leavingFor === 'Lot change') {
    enter(state, step, at, 'Completing', 5_000)
  } else {
    state.stopMs = random.logNormal(45_000, 0.4)
    enter(state, step, at, 'Holding', 2_000)
  }
}

function enter(state: FillLine, step: Step, at: number, next: PackMlState, forMs: number): void {
  state.state = next
  state.until = at + forMs
  step.enter(next, at, state.stopReason)
  step.mark('State', at, next)
  step.mark('StateCurrent', at, packMlState[next])
}
