import { defineAsset } from './asset.ts'
import { approach, hour, secondsSince } from './dynamics.ts'
import { analog, counter, flag, lifeCount } from './tag-definition.ts'

interface Freezer {
  /** Mean air temperature in °C. */
  air: number
  sensors: number[]
  /** The sensors with their noise: what the input card holds. */
  shown: number[]
  compressorOn: boolean
  powerKw: number
  doorOpen: boolean
  /** When the door next moves, ms. */
  doorMovesAt: number
  doorOpenings: number
  setPoint: number
}

const room = 22
/** Sensors near the door (last ones) swing more: the air falls out there first. */
const doorShare = [0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 1.2, 1.5]
const sensorOffset = [0.2, -0.1, 0.3, -0.2, 0, 0.1, -0.3, 0.2, 0.4, -0.1]

/** Prepreg freezer: first-order air, hysteresis compressor, random door openings, story event E09 (door left open). */
export const freezer = defineAsset<Freezer>({
  id: 'FRZ-01',
  className: 'Freezer',
  classDescription: 'Walk-in freezer with ten air sensors and a door switch',
  description: 'Prepreg freezer',
  parent: 'Aurora/AERO/Composites/Material-Store',
  protocol: 'modbus',
  tags: [
    ...doorShare.map((_, i) =>
      analog(`Temperature${String(i + 1).padStart(2, '0')}`, 'Cel', `Air temperature, sensor ${i + 1}`, {
        ...{ range: [-40, 40], normal: [-23, -15], deadband: 0.2, decimals: 1 },
      }),
    ),
    flag('DoorOpen', 'Door switch: true while the door is open'),
    flag('CompressorRunning', 'Compressor contactor'),
    analog('CompressorPower', 'kW', 'Electrical power of the compressor', {
      ...{ range: [0, 6], normal: [0, 4.5], deadband: 0.1, decimals: 2 },
    }),
    analog(
      'TemperatureSetPoint',
      'Cel',
      'Set-point of the air temperature',
      { range: [-30, -10], deadband: 0, decimals: 1 },
      { writable: true },
    ),
    counter('DoorOpenings', 'Door openings since the controller started'),
    lifeCount,
  ],
  start: ({ epochMs, random }) => ({
    shown: sensorOffset.map((offset) => -20 + offset),
    ...{ air: -20, sensors: sensorOffset.map((offset) => -20 + offset), compressorOn: false, powerKw: 0.1 },
    ...{ doorOpen: false, doorMovesAt: epochMs + random.exponential(2 * hour), doorOpenings: 0, setPoint: -20 },
  }),
  step(state, step) {
    while (state.doorMovesAt <= step.toMs) {
      const at = Math.max(Math.round(state.doorMovesAt), step.fromMs + 1)
      state.doorOpen = !state.doorOpen
      if (state.doorOpen) state.doorOpenings++
      step.mark('DoorOpen', at, state.doorOpen)
      step.happened({ kind: 'door', atMs: at, open: state.doorOpen })
      const rest = state.doorOpen
        ? step.random.triangular(20_000, 40_000, 90_000)
        : 60_000 + step.random.exponential(2 * hour)
      state.doorMovesAt = at + rest
    }
    const left = step.story('E09')
    if (left !== undefined) {
      if (!state.doorOpen) {
        state.doorOpen = true
        state.doorOpenings++
        const at = Math.max(left.from, step.fromMs + 1)
        step.mark('DoorOpen', at, true)
        step.happened({ kind: 'door', atMs: at, open: true })
      }
      state.doorMovesAt = left.to + 1
    }
    if (state.air > state.setPoint + 1) state.compressorOn = true
    if (state.air < state.setPoint - 1) state.compressorOn = false
    state.air = approach(state.air, room, step.seconds, 6 * 3600)
    if (state.compressorOn) state.air = approach(state.air, -45, step.seconds, 2 * 3600)
    if (state.doorOpen) state.air = approach(state.air, room, step.seconds, 50 * 60)
    for (let i = 0; i < state.sensors.length; i++) {
      const swing = state.doorOpen ? (doorShare[i] ?? 0) * 1.5 : 0
      const seen = state.air + (sensorOffset[i] ?? 0) + swing
      state.sensors[i] = approach(state.sensors[i] ?? seen, seen, step.seconds, 45)
      state.shown[i] = (state.sensors[i] ?? seen) + step.random.normal(0.04)
    }
    state.powerKw = approach(state.powerKw, state.compressorOn ? 3.6 : 0.1, step.seconds, 4)
  },
  read: (state, atMs, epochMs) => [
    ...state.shown,
    state.doorOpen,
    state.compressorOn,
    state.powerKw,
    state.setPoint,
    state.doorOpenings,
    secondsSince(epochMs, atMs),
  ],
  write(state, _tag, value) {
    state.setPoint = value
  },
})
