import { defineAsset } from './asset.ts'
import { approach, clamp, minute, secondsSince } from './dynamics.ts'
import type { Random } from './random.ts'
import { analog, counter, flag, lifeCount, text } from './tag-definition.ts'

interface Vehicle {
  state: 'Idle' | 'Moving' | 'Loading' | 'Charging'
  until: number
  location: string
  from: string
  target: string
  loaded: boolean
  x: number
  y: number
  speed: number
  battery: number
  moves: number
  metres: number
  departedAt: number
}

/** Stations of the shop floor with their place in metres. */
const stations: Readonly<Record<string, readonly [number, number]>> = {
  'Material-Store': [4, 6],
  'CUT-01': [22, 8],
  'LAY-01': [40, 6],
  'LAY-02': [46, 6],
  'LAY-03': [52, 6],
  'AUT-01': [70, 18],
  'Charging-Bay': [10, 24],
}
const placeOf = (name: string): readonly [number, number] => stations[name] ?? [0, 0]

/** Automated guided vehicle: trips between stations with load, battery and charging. */
export const vehicle = defineAsset<Vehicle>({
  id: 'AGV-01',
  className: 'Vehicle',
  classDescription: 'Automated guided vehicle',
  description: 'Automated guided vehicle',
  parent: 'Aurora/AERO/Logistics/Transport',
  protocol: 'sparkplug',
  tags: [
    text('State', 'Idle, Moving, Loading or Charging'),
    text('Location', 'Station where it stands, or the way it is on'),
    flag('Loaded', 'True while it carries something'),
    analog('PositionX', 'm', 'Position along the hall', { range: [0, 80], deadband: 0.5, decimals: 1 }),
    analog('PositionY', 'm', 'Position across the hall', { range: [0, 30], deadband: 0.5, decimals: 1 }),
    analog('Speed', 'm/s', 'Speed over ground', { range: [0, 2], normal: [0, 1.6], deadband: 0.1, decimals: 2 }),
    analog('Battery', '%', 'State of charge', { range: [0, 100], normal: [20, 100], deadband: 0.5, decimals: 1 }),
    counter('Moves', 'Trips finished since the controller started'),
    analog('Odometer', 'km', 'Distance travelled', { range: [0, 1_000_000], deadband: 0.05, decimals: 3 }),
    lifeCount,
  ],
  start: ({ epochMs, random }) => ({
    ...{ state: 'Idle', until: epochMs + random.exponential(minute), location: 'Material-Store' },
    ...{ from: 'Material-Store', target: 'CUT-01', loaded: false, x: 4, y: 6, speed: 0, battery: 85 },
    ...{ moves: 0, metres: 0, departedAt: epochMs },
  }),
  initialState: (state) => state.state,
  step(state, step) {
    while (state.until <= step.toMs) {
      const at = Math.max(Math.round(state.until), step.fromMs + 1)
      next(state, at, step.random)
      step.enter(state.state, at)
      step.mark('State', at, state.state)
      step.mark('Location', at, state.location)
      step.mark('Loaded', at, state.loaded)
    }
    const moving = state.state === 'Moving'
    state.speed = moving ? clamp(1.2 + step.random.normal(0.05), 0.9, 1.5) : 0
    if (moving) {
      const done = clamp((step.toMs - state.departedAt) / (state.until - state.departedAt), 0, 1)
      const [fromX, fromY] = placeOf(state.from)
      const [toX, toY] = placeOf(state.target)
      state.x = fromX + (toX - fromX) * done
      state.y = fromY + (toY - fromY) * done
      state.metres += state.speed * step.seconds
    }
    const drainPerHour = { Idle: 0.8, Moving: 9, Loading: 1.5, Charging: 0 }[state.state]
    state.battery = clamp(state.battery - (drainPerHour * step.seconds) / 3600, 5, 100)
    if (state.state === 'Charging') state.battery = approach(state.battery, 100, step.seconds, 35 * 60)
  },
  read: (state, atMs, epochMs) => [
    ...[state.state, state.location, state.loaded, state.x, state.y, state.speed, state.battery, state.moves],
    ...[state.metres / 1000, secondsSince(epochMs, atMs)],
  ],
})

function next(state: Vehicle, at: number, random: Random): void {
  switch (state.state) {
    case 'Moving': {
      ;[state.x, state.y] = placeOf(state.target)
      state.location = state.target
      state.moves++
      state.state = state.target === 'Charging-Bay' ? 'Charging' : 'Loading'
      state.until = at + (state.state === 'Charging' ? 40 * minute : random.triangular(20_000, 45_000, 120_000))
      return
    }
    case 'Loading':
      state.loaded = !state.loaded
      state.state = 'Idle'
      state.until = at + 5_000 + random.exponential(4 * minute)
      return
    case 'Charging':
      state.state = 'Idle'
      state.until = at + 5_000 + random.exponential(minute)
      return
    case 'Idle': {
      const others = Object.keys(stations).filter((name) => name !== state.location && name !== 'Charging-Bay')
      const picked = others[Math.floor(random.next() * others.length)] ?? 'CUT-01'
      state.from = state.location
      state.target = state.battery < 30 ? 'Charging-Bay' : picked
      const [fromX, fromY] = placeOf(state.from)
      const [toX, toY] = placeOf(state.target)
      state.state = 'Moving'
      state.location = `${state.from}>${state.target}`
      state.departedAt = at
      state.until = at + 4_000 + (Math.hypot(toX - fromX, toY - fromY) / random.between(1, 1.3)) * 1000
    }
  }
}
