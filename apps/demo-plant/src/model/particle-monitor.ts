import { defineAsset } from './asset.ts'
import { approach, clamp, minute, secondsSince } from './dynamics.ts'
import { analog, flag, lifeCount } from './tag-definition.ts'

interface ParticleMonitor {
  small: number
  large: number
  /** What the room sheds just now, times its rest: people move. */
  traffic: number
  trafficUntil: number
  pressure: number
  velocity: number
  temperature: number
  humidity: number
}

/** Particles a cubic metre at rest; in E15 the air over the filling zone is disturbed. */
const atRest = { small: 420, large: 1.2 }
const disturbed = { small: 9000, large: 60 }

/**
 * Air of the filling zone: particle counter, pressure over the next room, velocity of the unidirectional flow, room climate.
 * Story event E15 (too many particles while vials are filled).
 */
export const particleMonitor = defineAsset<ParticleMonitor>({
  id: 'PAR-01',
  className: 'ParticleMonitor',
  classDescription: 'Monitor of the air in a clean zone: particles, pressure, flow and climate',
  description: 'Particle monitor of the filling zone',
  parent: 'Aurora/BIO/Utilities/Air',
  protocol: 'modbus',
  tags: [
    analog('Particles05', '/m3', 'Particles of 0.5 µm and more', {
      ...{ range: [0, 100_000], normal: [0, 3520], deadband: 40, decimals: 0 },
    }),
    analog('Particles5', '/m3', 'Particles of 5 µm and more', {
      ...{ range: [0, 10_000], normal: [0, 20], deadband: 1, decimals: 0 },
    }),
    analog('DifferentialPressure', 'Pa', 'Pressure over the room around', {
      ...{ range: [0, 60], normal: [10, 30], deadband: 0.5, decimals: 1 },
    }),
    analog('AirVelocity', 'm/s', 'Velocity of the unidirectional flow', {
      ...{ range: [0, 1], normal: [0.36, 0.54], deadband: 0.01, decimals: 3 },
    }),
    analog('RoomTemperature', 'Cel', 'Temperature of the room', {
      ...{ range: [0, 50], normal: [18, 24], deadband: 0.1, decimals: 1 },
    }),
    analog('RoomHumidity', '%', 'Relative humidity of the room', {
      ...{ range: [0, 100], normal: [30, 60], deadband: 0.5, decimals: 1 },
    }),
    flag('SamplePumpRunning', 'Pump that draws the sample'),
    lifeCount,
  ],
  start: ({ epochMs }) => ({
    ...{ small: atRest.small, large: atRest.large, traffic: 1, trafficUntil: epochMs },
    ...{ pressure: 18, velocity: 0.45, temperature: 20.5, humidity: 45 },
  }),
  step(state, step) {
    const { random, seconds } = step
    while (state.trafficUntil <= step.toMs) {
      state.traffic = state.traffic > 1 ? 1 : 1 + random.triangular(0.2, 0.8, 2)
      state.trafficUntil += state.traffic > 1 ? random.triangular(2, 5, 15) * minute : random.exponential(30 * minute)
    }
    const goal = step.story('E15') === undefined ? atRest : disturbed
    state.small = clamp(approach(state.small, goal.small * state.traffic, seconds, 40) + random.normal(12), 0, 99_000)
    state.large = clamp(approach(state.large, goal.large * state.traffic, seconds, 40) + random.normal(0.2), 0, 9000)
    state.pressure = approach(state.pressure, 18 - state.traffic, seconds, 30) + random.normal(0.08)
    state.velocity = approach(state.velocity, 0.45, seconds, 30) + random.normal(0.001)
    state.temperature = approach(state.temperature, 20.4 + state.traffic * 0.3, seconds, 900) + random.normal(0.01)
    state.humidity = approach(state.humidity, 44 + state.traffic, seconds, 900) + random.normal(0.03)
  },
  read: (state, atMs, epochMs) => [
    ...[state.small, state.large, state.pressure, state.velocity, state.temperature, state.humidity, true],
    secondsSince(epochMs, atMs),
  ],
})
