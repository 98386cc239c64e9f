import type { Step } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, hour, secondsSince } from './dynamics.ts'
import { analog, lifeCount, text } from './tag-definition.ts'

type Phase = 'Prepare' | 'Batch' | 'Fed-batch' | 'Harvest' | 'Clean'

interface Bioreactor {
  phase: Phase
  until: number
  batch: string
  batches: number
  /** Cells and glucose in g/L, volume in L, ethanol-free: the Monod model's own state. */
  cells: number
  glucose: number
  volume: number
  /** Feed and base in L/h. */
  feed: number
  feedDemand: number
  base: number
  temperature: number
  jacket: number
  ph: number
  oxygen: number
  agitator: number
  air: number
  oxygenShare: number
  carbonDioxide: number
  biomass: number
  weight: number
  /** What the pH transmitter shows; stands still in E12. */
  shownPh: number
  shownOxygen: number
  temperatureSetPoint: number
  phSetPoint: number
  oxygenSetPoint: number
  /** No power for the drives (E24). */
  powerless: boolean
}

const phaseHours: Readonly<Record<Phase, number>> = { Prepare: 2, Batch: 8, 'Fed-batch': 22, Harvest: 1, Clean: 3 }
const following: Readonly<Record<Phase, Phase>> = {
  ...{ Prepare: 'Batch', Batch: 'Fed-batch', 'Fed-batch': 'Harvest', Harvest: 'Clean', Clean: 'Prepare' },
}
const growth = { muMax: 0.32, ks: 0.08, yieldOnGlucose: 0.5, maintenance: 0.02, feedMu: 0.095, feedGlucose: 500 }
/** Litres of a charge, and grams of oxygen that a gram of new cells takes. */
const chargeL = 6
const oxygenPerCell = 1.1
/** Saturation of oxygen in the broth under air, g/L. */
const saturation = 0.0073

/**
 * 10 L fed-batch fermentation, 30 h from inoculation to harvest in a rhythm of 36 h: Monod growth, exponential feed,
 * oxygen held by agitation and then enrichment. Story: E10 (pump 15 % low), E11 (oxygen probe drifts), E12 (pH frozen),
 * E24 (power dip: the drives stand, the controller goes on with the batch where it was).
 */
export const bioreactor = defineAsset<Bioreactor>({
  id: 'BR-01',
  className: 'Bioreactor',
  classDescription: 'Stirred fed-batch bioreactor, 10 L',
  description: 'Bioreactor 1',
  parent: 'Aurora/BIO/Upstream/Cell-Culture',
  protocol: 'opcua',
  tags: [
    text('Phase', 'Prepare, Batch, Fed-batch, Harvest or Clean'),
    text('BatchId', 'Number of the batch'),
    analog('Temperature', 'Cel', 'Temperature of the broth', {
      range: [0, 150],
      normal: [30, 40],
      deadband: 0.05,
      decimals: 2,
    }),
    analog('pH', '[pH]', 'pH of the broth', { range: [0, 14], normal: [6.7, 7.3], deadband: 0.02, decimals: 2 }),
    analog('DissolvedOxygen', '%', 'Dissolved oxygen, share of air saturation', {
      range: [0, 150],
      normal: [30, 110],
      deadband: 0.5,
      decimals: 1,
    }),
    analog('AgitatorSpeed', '/min', 'Speed of the agitator', {
      ...{ range: [0, 1500], normal: [0, 1250], deadband: 5, decimals: 0 },
    }),
    analog('AirFlow', 'L/min', 'Gas into the sparger', {
      ...{ range: [0, 20], normal: [0, 15], deadband: 0.05, decimals: 2 },
    }),
    analog('OxygenShare', '%', 'Oxygen in the gas to the sparger', {
      ...{ range: [0, 100], normal: [15, 90], deadband: 0.5, decimals: 1 },
    }),
    analog('FeedRate', 'mL/h', 'Feed as the loss of weight of its bottle shows it', {
      ...{ range: [0, 500], normal: [0, 200], deadband: 0.5, decimals: 1 },
    }),
    analog('FeedRateSetPoint', 'mL/h', 'Feed that the program asks for', {
      ...{ range: [0, 500], deadband: 0.5, decimals: 1 },
    }),
    analog('BaseRate', 'mL/h', 'Base for the pH', { range: [0, 200], normal: [0, 120], deadband: 0.5, decimals: 1 }),
    analog('Weight', 'kg', 'Weight of the broth', { range: [0, 15], normal: [0, 10], deadband: 0.01, decimals: 3 }),
    analog('OffGasCarbonDioxide', '%', 'Carbon dioxide in the off-gas', {
      ...{ range: [0, 25], normal: [0, 15], deadband: 0.05, decimals: 2 },
    }),
    analog('Biomass', 'g/L', 'Cells by optical density', {
      ...{ range: [0, 120], normal: [0, 80], deadband: 0.1, decimals: 2 },
    }),
    setPoint('TemperatureSetPoint', 'Cel', 'Set-point of the temperature', [20, 45], 1),
    setPoint('pHSetPoint', '[pH]', 'Set-point of the pH', [4, 9], 2),
    setPoint('DissolvedOxygenSetPoint', '%', 'Set-point of the dissolved oxygen', [5, 80], 0),
    lifeCount,
  ],
  start: ({ epochMs }) => ({
    ...{ phase: 'Prepare', until: epochMs + phaseHours.Prepare * hour, batch: 'B-1001', batches: 0 },
    ...{ cells: 0, glucose: 0, volume: 1, feed: 0, feedDemand: 0, base: 0, temperature: 25, jacket: 25, ph: 7 },
    ...{ oxygen: 100, agitator: 0, air: 0, oxygenShare: 21, carbonDioxide: 0.04, biomass: 0, weight: 1 },
    ...{ shownPh: 7, shownOxygen: 100, temperatureSetPoint: 37, phSetPoint: 7, oxygenSetPoint: 40, powerless: false },
  }),
  initialState: (state) => state.phase,
  step(state, step) {
    while (state.until <= step.toMs) nextPhase(state, step)
    follow(state, step)
    const growing = state.phase === 'Batch' || state.phase === 'Fed-batch'
    const made = growing ? grow(state, step) : 0
    gas(state, step, made, growing)
    heat(state, step, growing)
    state.biomass = clamp(approach(state.biomass, state.cells, step.seconds, 30) + step.random.normal(0.01), 0, 120)
    state.weight = clamp(state.volume * 1.02 + step.random.normal(0.002), 0, 15)
  },
  read: (state, atMs, epochMs) => [
    ...[state.phase, state.batch, state.temperature, state.shownPh, state.shownOxygen, state.agitator, state.air],
    ...[state.oxygenShare, state.feed * 1000, state.feedDemand * 1000, state.base * 1000, state.weight],
    ...[state.carbonDioxide, state.biomass, state.temperatureSetPoint, state.phSetPoint, state.oxygenSetPoint],
    secondsSince(epochMs, atMs),
  ],
  write(state, tag, value) {
    if (tag === 'TemperatureSetPoint') state.temperatureSetPoint = value
    else if (tag === 'pHSetPoint') state.phSetPoint = value
    else state.oxygenSetPoint = value
  },
})

function setPoint(name: string, unit: string, description: string, range: readonly [number, number], decimals: number) {
  return analog(name, unit, description, { range, deadband: 0, decimals }, { writable: true })
}

/** The dip begins and ends between two steps: what happened is told once. */
function follow(state: Bioreactor, step: Step): void {
  const dip = step.story('E24')
  if ((dip !== undefined) === state.powerless) return
  state.powerless = dip !== undefined
  const kind = state.powerless ? 'power-lost' : 'restart'
  step.happened({ kind, atMs: step.toMs, story: 'E24', batch: state.batch, phase: state.phase })
}

function nextPhase(state: Bioreactor, step: Step): void {
  const at = Math.max(Math.round(state.until), step.fromMs + 1)
  const phase = following[state.phase]
  if (phase === 'Clean') {
    step.happened({ kind: 'count', atMs: at, batch: state.batch, good: 1, cellsGPerL: round(state.cells) })
    state.batches++
  }
  if (phase === 'Prepare') {
    state.batch = `B-${1001 + state.batches}`
    step.mark('BatchId', at, state.batch)
  }
  if (phase === 'Batch') {
    state.cells = 0.45 * step.random.logNormal(1, 0.05)
    state.glucose = 10
    state.volume = chargeL
  }
  state.phase = phase
  state.until = at + phaseHours[phase] * hour
  step.enter(phase, at)
  step.mark('Phase', at, phase)
}

/** Monod growth by Euler steps of at most 10 s; answers the grams of oxygen taken per litre and hour. */
function grow(state: Bioreactor, step: Step): number {
  const { muMax, ks, yieldOnGlucose, maintenance, feedMu, feedGlucose } = growth
  const warmth = Math.exp(-(((state.temperature - 37) / 8) ** 2))
  const acidity = Math.exp(-(((state.ph - 7) / 1.2) ** 2))
  const breath = state.oxygen / (state.oxygen + 3)
  let taken = 0
  let left = step.seconds
  if (state.phase === 'Fed-batch' && state.feedDemand === 0) {
    state.feedDemand = (feedMu * state.cells * state.volume) / yieldOnGlucose / feedGlucose
  }
  if (state.phase === 'Batch') state.feedDemand = 0
  while (left > 0) {
    const h = Math.min(left, 10) / 3600
    left -= 10
    // The program waits for the power, and then goes on where it was.
    if (!state.powerless) state.feedDemand = Math.min(0.2, state.feedDemand * Math.exp(feedMu * h))
    state.feed = state.powerless ? 0 : state.feedDemand * (step.story('E10') === undefined ? 1 : 0.85)
    const mu = ((muMax * state.glucose) / (ks + state.glucose)) * warmth * acidity * breath
    const eaten = Math.min((mu / yieldOnGlucose + maintenance) * state.cells, state.glucose / h)
    const diluted = (state.feed + state.base) / state.volume
    state.glucose = Math.max(0, state.glucose + ((state.feed / state.volume) * feedGlucose - eaten) * h)
    state.cells += (mu - diluted) * state.cells * h
    state.volume += (state.feed + state.base) * h
    taken = oxygenPerCell * mu * state.cells + 0.02 * state.cells
  }
  return taken
}

/** Oxygen: agitation first, then enrichment; the loop sees what the probe shows, so a drifting probe is masked. */
function gas(state: Bioreactor, step: Step, taken: number, growing: boolean): void {
  const { seconds, random } = step
  const drift = step.story('E11')
  const share = drift === undefined ? 0 : clamp((step.toMs - drift.from) / (drift.to - drift.from), 0, 1) * 0.35
  const goal = clamp(state.oxygenSetPoint / 100 / (1 - share), 0.02, 0.95)
  const kla = (agitator: number): number => 20 + 0.011 * agitator ** 1.5
  const needAir = taken / (saturation * (1 - goal))
  const stands = state.powerless
  const wanted = stands
    ? 0
    : growing
      ? clamp(((needAir - 20) / 0.011) ** (2 / 3) || 0, 200, 1200)
      : state.phase === 'Clean'
        ? 300
        : 0
  state.agitator = clamp(approach(state.agitator, wanted, seconds, 20) + (wanted > 0 ? random.normal(1.2) : 0), 0, 1300)
  const missing = taken / (saturation * kla(1200)) + goal
  state.oxygenShare = approach(state.oxygenShare, growing ? clamp(21 * missing, 21, 90) : 21, seconds, 60)
  state.air = clamp(
    approach(state.air, growing && !stands ? 8 : 0, seconds, 15) + (growing ? random.normal(0.02) : 0),
    0,
    20,
  )
  const inside = growing ? state.oxygenShare / 21 - taken / (saturation * kla(state.agitator)) : 1
  state.oxygen = clamp(approach(state.oxygen, 100 * inside, seconds, 45), 0, 140)
  state.shownOxygen = clamp(state.oxygen * (1 - share) + random.normal(0.25), 0, 150)
  state.carbonDioxide = clamp(
    approach(state.carbonDioxide, 0.04 + taken * 0.55, seconds, 90) + random.normal(0.01),
    0,
    25,
  )
}

/** Temperature and pH loops; the growing cells make heat and acid. */
function heat(state: Bioreactor, step: Step, growing: boolean): void {
  const { seconds, random } = step
  const cleaning = state.phase === 'Clean' ? 80 : 25
  const goal = growing ? state.temperatureSetPoint : cleaning
  state.temperature = approach(state.temperature, goal, seconds, growing ? 500 : 900) + random.normal(0.012)
  const frozen = step.story('E12') !== undefined
  const acid = growing ? clamp(state.cells * 0.0009, 0, 0.08) : 0
  // The controller doses on what it sees: a frozen transmitter leaves the base where it was.
  if (!frozen) state.base = approach(state.base, acid, seconds, 120)
  const drift = frozen ? (state.base - acid) * 12 : 0
  const steady = growing ? state.phSetPoint : 7
  state.ph = clamp(approach(state.ph, clamp(steady + drift, 5.5, 8.5), seconds, 900) + random.normal(0.002), 4, 9)
  if (!frozen) state.shownPh = state.ph + random.normal(0.006)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
