import type { Made, Step } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, hour, minute, ramp, secondsSince } from './dynamics.ts'
import { analog, counter, lifeCount, text } from './tag-definition.ts'

type Phase = 'Idle' | 'Loading' | 'Evacuation' | 'Heat-up' | 'Soak' | 'Cool-down' | 'Unloading'

interface Autoclave {
  phase: Phase
  /** End of a phase that ends by time, ms; the others end by a condition. */
  until: number
  phaseBegan: number
  cycle: string
  cycles: number
  air: number
  airSetPoint: number
  soakSetPoint: number
  parts: number[]
  /** The thermocouples with their noise. */
  shownParts: number[]
  shownAir: number
  pressure: number
  pressureSetPoint: number
  vacuum: number[]
  heater: number
  loaded: number
}

const ambient = 24
const atmosphereMbar = 1013
/** Lag of each part behind the air, seconds: thick parts near the door are last. */
const partLag = [420, 480, 540, 600, 660, 720]
/** A load goes in every six hours. */
const rhythm = 6 * hour
const soakMs = 120 * minute

/**
 * Autoclave: load, evacuate, ramp 2 °C/min to 180 °C at 6.9 bar, soak 120 min once the slowest part is above 175 °C,
 * cool. Story: E04 (vacuum leak in bag 4), E05 (soak at 173 °C).
 */
export const autoclave = defineAsset<Autoclave>({
  id: 'AUT-01',
  className: 'Autoclave',
  classDescription: 'Autoclave for composite parts with six bags',
  description: 'Autoclave',
  parent: 'Aurora/AERO/Composites/Curing',
  protocol: 'opcua',
  tags: [
    text('Phase', 'Idle, Loading, Evacuation, Heat-up, Soak, Cool-down or Unloading'),
    text('CycleId', 'Number of the cure cycle'),
    analog('AirTemperature', 'Cel', 'Air temperature', {
      range: [0, 250],
      normal: [15, 185],
      deadband: 0.5,
      decimals: 1,
    }),
    analog('AirTemperatureSetPoint', 'Cel', 'Set-point of the air temperature, as the program gives it', {
      ...{ range: [0, 250], deadband: 0.5, decimals: 1 },
    }),
    analog(
      'SoakTemperature',
      'Cel',
      'Soak temperature of the next cycles',
      { range: [100, 200], deadband: 0, decimals: 1 },
      { writable: true },
    ),
    ...partLag.map((_, i) =>
      analog(`PartTemperature${i + 1}`, 'Cel', `Thermocouple of part ${i + 1}`, {
        range: [0, 250],
        normal: [15, 185],
        deadband: 0.5,
        decimals: 1,
      }),
    ),
    analog('Pressure', 'bar', 'Pressure over ambient', {
      ...{ range: [0, 12], normal: [0, 7.3], deadband: 0.05, decimals: 2 },
    }),
    analog('PressureSetPoint', 'bar', 'Set-point of the pressure, as the program gives it', {
      ...{ range: [0, 12], deadband: 0.05, decimals: 2 },
    }),
    ...partLag.map((_, i) =>
      analog(`Vacuum${i + 1}`, 'mbar', `Absolute pressure in bag ${i + 1}`, {
        range: [0, 1100],
        deadband: 5,
        decimals: 1,
      }),
    ),
    analog('HeaterPower', '%', 'Output of the heater', { range: [0, 100], deadband: 1, decimals: 1 }),
    counter('PartsLoaded', 'Parts in the vessel'),
    counter('CycleCount', 'Cycles finished since the controller started'),
    lifeCount,
  ],
  start: ({ epochMs }) => ({
    ...{ phase: 'Idle', until: Math.ceil(epochMs / rhythm) * rhythm, phaseBegan: epochMs, cycle: '', cycles: 0 },
    ...{ air: ambient, airSetPoint: ambient, soakSetPoint: 180, shownAir: ambient },
    ...{ parts: partLag.map(() => ambient), shownParts: partLag.map(() => ambient) },
    ...{ pressure: 0, pressureSetPoint: 0, vacuum: partLag.map(() => atmosphereMbar), heater: 0, loaded: 0 },
  }),
  initialState: (state) => state.phase,
  made: madeOf,
  step(state, step) {
    follow(state, step)
    const { seconds, random } = step
    const airFrom = state.air
    const curing = state.phase === 'Heat-up' || state.phase === 'Soak' || state.phase === 'Cool-down'
    setPoints(state, seconds)
    const goal = step.story('E05') === undefined ? state.airSetPoint : Math.min(173, state.airSetPoint)
    state.air = approach(state.air, goal, seconds, 60)
    for (let i = 0; i < partLag.length; i++) {
      state.parts[i] = approach(state.parts[i] ?? ambient, (airFrom + state.air) / 2, seconds, partLag[i] ?? 600)
      state.shownParts[i] = (state.parts[i] ?? ambient) + random.normal(0.12)
      const leaking = i === 3 && step.story('E04') !== undefined
      const under = curing || state.phase === 'Evacuation'
      const target = under ? (leaking ? 420 : 25 + 4 * i) : atmosphereMbar
      const tau = under ? (leaking ? 900 : 100 + 10 * i) : 40
      const drawn = approach(state.vacuum[i] ?? atmosphereMbar, target, seconds, tau)
      state.vacuum[i] = clamp(drawn + random.normal(0.6), 5, 1050)
    }
    state.shownAir = state.air + random.normal(0.15)
    state.pressure = clamp(approach(state.pressure, state.pressureSetPoint, seconds, 20) + random.normal(0.004), 0, 8)
    const need = curing ? 12 + (state.air - ambient) * 0.22 + (state.phase === 'Heat-up' ? 35 : 0) : 0
    state.heater = clamp(state.phase === 'Cool-down' ? 0 : need + (need > 0 ? random.normal(0.8) : 0), 0, 100)
  },
  read: (state, atMs, epochMs) => [
    ...[state.phase, state.cycle, state.shownAir, state.airSetPoint, state.soakSetPoint, ...state.shownParts],
    ...[state.pressure, state.pressureSetPoint, ...state.vacuum, state.heater, state.loaded, state.cycles],
    secondsSince(epochMs, atMs),
  ],
  write(state, _tag, value) {
    state.soakSetPoint = value
  },
})

/** Cure cycles finished. */
function madeOf({ cycle, cycles }: Autoclave): Made {
  return { order: cycle, product: '', total: cycles, good: cycles, scrap: 0 }
}

function setPoints(state: Autoclave, seconds: number): void {
  switch (state.phase) {
    case 'Heat-up':
      state.airSetPoint = ramp(state.airSetPoint, state.soakSetPoint, seconds, 2 / 60)
      state.pressureSetPoint = ramp(state.pressureSetPoint, 6.9, seconds, 0.25 / 60)
      return
    case 'Cool-down':
      state.airSetPoint = ramp(state.airSetPoint, 55, seconds, 2.5 / 60)
      state.pressureSetPoint = ramp(state.pressureSetPoint, state.air < 80 ? 0 : 6.9, seconds, 1 / 60)
      return
    case 'Idle':
    case 'Loading':
    case 'Evacuation':
    case 'Unloading':
      state.airSetPoint = ambient
      state.pressureSetPoint = 0
      return
    case 'Soak':
      return
  }
}

/** Walks through the phases that end inside this step: those by time at their instant, those by condition at its end. */
function follow(state: Autoclave, step: Step): void {
  if (state.phase === 'Heat-up' && Math.min(...state.parts) >= state.soakSetPoint - 5) {
    enter(state, 'Soak', step.fromMs + 1, soakMs, step)
  }
  if (state.phase === 'Cool-down' && Math.max(...state.parts) <= 60 && state.pressure < 0.1) {
    enter(state, 'Unloading', step.fromMs + 1, 20 * minute, step)
  }
  while (state.until <= step.toMs) {
    const at = Math.max(Math.round(state.until), step.fromMs + 1)
    switch (state.phase) {
      case 'Idle':
        step.orderEnds(at, madeOf(state))
        state.cycle = `C-${String(state.cycles + 1).padStart(5, '0')}`
        state.loaded = 4 + Math.floor(step.random.next() * 3)
        step.mark('CycleId', at, state.cycle)
        step.mark('PartsLoaded', at, state.loaded)
        enter(state, 'Loading', at, 20 * minute + step.random.next() * 3 * minute, step)
        break
      case 'Loading':
        enter(state, 'Evacuation', at, 10 * minute, step)
        break
      case 'Evacuation':
        enter(state, 'Heat-up', at, Number.MAX_SAFE_INTEGER, step)
        break
      case 'Soak':
        enter(state, 'Cool-down', at, Number.MAX_SAFE_INTEGER, step)
        break
      case 'Unloading':
        state.cycles++
        step.mark('CycleCount', at, state.cycles)
        step.happened({ kind: 'count', atMs: at, cycle: state.cycle, good: state.loaded })
        state.loaded = 0
        step.mark('PartsLoaded', at, 0)
        enter(state, 'Idle', at, Math.floor(at / rhythm + 1) * rhythm - at, step)
        break
      case 'Heat-up':
      case 'Cool-down':
        return
    }
  }
}

function enter(state: Autoclave, phase: Phase, at: number, forMs: number, step: Step): void {
  state.phase = phase
  state.phaseBegan = at
  state.until = Math.min(Number.MAX_SAFE_INTEGER, at + forMs)
  step.enter(phase, at)
  step.mark('Phase', at, phase)
}
