import type { Asset } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, day, hour } from './dynamics.ts'
import { analog } from './tag-definition.ts'

const climate = { range: [0, 50], normal: [18, 25], deadband: 0.1, decimals: 2 } as const

interface RoomClimate {
  temperature: number
  humidity: number
  /** Slow wander of the air handling, around 0. */
  wander: number
}

/** Room climate of one manual lay-up station: daily wave, slow wander, sensor noise. */
function layUp(id: string, station: number): Asset {
  return defineAsset<RoomClimate>({
    id,
    className: 'LayUpStation',
    classDescription: 'Manual lay-up station in a climate-controlled room',
    description: `Lay-up station ${station}`,
    parent: 'Aurora/AERO/Composites/Lay-Up',
    protocol: 'sparkplug',
    tags: [
      analog('RoomTemperature', 'Cel', 'Room temperature', climate, { lively: true }),
      analog('RelativeHumidity', '%', 'Relative humidity of the room', {
        ...{ range: [0, 100], normal: [35, 65], deadband: 0.5, decimals: 1 },
      }),
    ],
    start: () => ({ temperature: 21.5, humidity: 48, wander: 0 }),
    step(state, { random, seconds, toMs }) {
      const wave = Math.sin((2 * Math.PI * (toMs - 9 * hour)) / day)
      state.wander = approach(state.wander, 0, seconds, 2 * 3600) + random.normal(0.006 * Math.sqrt(seconds))
      const goal = 21.5 + 0.1 * station + 0.8 * wave + state.wander
      state.temperature = clamp(approach(state.temperature, goal, seconds, 600) + random.normal(0.015), 15, 30)
      const wet = 48 - 4 * wave - 2 * state.wander
      state.humidity = clamp(approach(state.humidity, wet, seconds, 900) + random.normal(0.08), 20, 80)
    },
    read: (state) => [state.temperature, state.humidity],
  })
}

export const layUpStations: readonly Asset[] = [layUp('LAY-01', 1), layUp('LAY-02', 2), layUp('LAY-03', 3)]
