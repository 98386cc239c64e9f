import { defineAsset } from './asset.ts'
import { approach, clamp, minute, secondsSince } from './dynamics.ts'
import { analog, flag, lifeCount } from './tag-definition.ts'

interface WaterLoop {
  tank: number
  supply: number
  back: number
  conductivity: number
  toc: number
  flow: number
  level: number
  pressure: number
  backPressure: number
  speed: number
  /** How much the users draw now, m³/h, and until when. */
  draw: number
  drawUntil: number
  filling: boolean
}

/** Hot water-for-injection loop: tank with level control, random draws, story event E14 (conductivity excursion). */
export const waterLoop = defineAsset<WaterLoop>({
  id: 'WFI-01',
  className: 'WaterLoop',
  classDescription: 'Hot storage and distribution loop for water for injection',
  description: 'Water for injection loop',
  parent: 'Aurora/BIO/Utilities/Water',
  protocol: 'modbus',
  tags: [
    analog('TankTemperature', 'Cel', 'Temperature in the storage tank', {
      ...{ range: [0, 120], normal: [78, 88], deadband: 0.2, decimals: 1 },
    }),
    analog('SupplyTemperature', 'Cel', 'Temperature after the pump', {
      ...{ range: [0, 120], normal: [78, 88], deadband: 0.2, decimals: 1 },
    }),
    analog('ReturnTemperature', 'Cel', 'Temperature of the return', {
      ...{ range: [0, 120], normal: [75, 88], deadband: 0.2, decimals: 1 },
    }),
    analog('Conductivity', 'uS/cm', 'Conductivity of the return, compensated to 25 °C', {
      ...{ range: [0, 5], normal: [0.2, 1.1], deadband: 0.02, decimals: 3 },
    }),
    analog('TotalOrganicCarbon', 'ug/L', 'Total organic carbon of the return', {
      ...{ range: [0, 1000], normal: [0, 100], deadband: 1, decimals: 1 },
    }),
    analog('ReturnFlow', 'm3/h', 'Flow of the return', {
      ...{ range: [0, 15], normal: [4, 10], deadband: 0.1, decimals: 2 },
    }),
    analog('TankLevel', '%', 'Level of the storage tank', {
      ...{ range: [0, 100], normal: [35, 90], deadband: 0.5, decimals: 1 },
    }),
    analog('SupplyPressure', 'bar', 'Pressure after the pump', {
      ...{ range: [0, 10], normal: [3, 5], deadband: 0.05, decimals: 2 },
    }),
    analog('ReturnPressure', 'bar', 'Pressure of the return', {
      ...{ range: [0, 10], normal: [1, 3], deadband: 0.05, decimals: 2 },
    }),
    analog('PumpSpeed', '%', 'Speed of the circulation pump', {
      ...{ range: [0, 100], normal: [40, 95], deadband: 0.5, decimals: 1 },
    }),
    flag('PumpRunning', 'Contactor of the circulation pump'),
    flag('MakeUpValveOpen', 'Valve from the still'),
    lifeCount,
  ],
  start: ({ epochMs }) => ({
    ...{ tank: 82, supply: 82, back: 80.5, conductivity: 0.6, toc: 40, flow: 7, level: 70, pressure: 4 },
    ...{ backPressure: 2, speed: 65, draw: 0, drawUntil: epochMs, filling: false },
  }),
  step(state, step) {
    const { random, seconds } = step
    while (state.drawUntil <= step.toMs) {
      const drawing = state.draw === 0
      state.draw = drawing ? random.triangular(0.5, 1.5, 3) : 0
      state.drawUntil += drawing ? random.triangular(2, 6, 15) * minute : 30_000 + random.exponential(25 * minute)
    }
    if (state.level < 45) state.filling = true
    if (state.level > 85) state.filling = false
    // 8 m³ tank: 1 m³/h moves the level by 12.5 % an hour.
    state.level = clamp(state.level + (((state.filling ? 1.8 : 0) - state.draw) * 12.5 * seconds) / 3600, 5, 98)
    state.tank = approach(state.tank, state.filling ? 80.5 : 82.5, seconds, 1800) + random.normal(0.03)
    state.supply = approach(state.supply, state.tank - 0.2, seconds, 20) + random.normal(0.05)
    state.back = approach(state.back, state.supply - 1.4 - state.draw * 0.3, seconds, 60) + random.normal(0.05)
    state.speed = approach(state.speed, 62 + state.draw * 8, seconds, 15) + random.normal(0.15)
    state.flow = approach(state.flow, 7.2 - state.draw * 0.8, seconds, 10) + random.normal(0.04)
    state.pressure = approach(state.pressure, 4.1 - state.draw * 0.15, seconds, 8) + random.normal(0.015)
    state.backPressure = approach(state.backPressure, 2.1 - state.draw * 0.2, seconds, 8) + random.normal(0.015)
    const excursion = step.story('E14') === undefined ? 0 : 1.5
    state.conductivity = clamp(
      approach(state.conductivity, 0.6 + (state.filling ? 0.06 : 0) + excursion, seconds, 240) + random.normal(0.006),
      0.05,
      5,
    )
    state.toc = clamp(approach(state.toc, 40 + excursion * 30, seconds, 900) + random.normal(0.4), 5, 900)
  },
  read: (state, atMs, epochMs) => [
    ...[state.tank, state.supply, state.back, state.conductivity, state.toc, state.flow, state.level],
    ...[state.pressure, state.backPressure, state.speed, true, state.filling, secondsSince(epochMs, atMs)],
  ],
})
