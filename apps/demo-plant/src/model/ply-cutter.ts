import type { Made, Step } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, hour, minute, secondsSince } from './dynamics.ts'
import { analog, counter, lifeCount, text } from './tag-definition.ts'

interface PlyCutter {
  state: 'Running' | 'Idle' | 'Changeover' | 'Down' | 'Planned stop'
  until: number
  program: string
  order: number
  /** Length of the running cycle and when it began, ms. */
  cycleMs: number
  lastCycleS: number
  kits: number
  plies: number
  scrap: number
  bladeMetres: number
  totalMetres: number
  nextBreakdown: number
  nextBreak: number
  hold: number
  speed: number
  feed: number
}

const programs = ['BRK-100-A', 'BRK-100-B', 'BRK-200-A', 'BRK-200-B']
const bladeLifeMetres = 4_000
/** Metres of cut and plies of one kit. */
const kitMetres = 38
const kitPlies = 14

/** Ply cutter: log-normal cycles, blade wear and change, breakdowns, a break in every eight hours. */
export const plyCutter = defineAsset<PlyCutter>({
  id: 'CUT-01',
  className: 'PlyCutter',
  classDescription: 'Automated cutting table for prepreg plies',
  description: 'Ply cutter',
  parent: 'Aurora/AERO/Composites/Cutting',
  protocol: 'opcua',
  tags: [
    text('State', 'Running, Idle, Changeover, Down or Planned stop'),
    text('Program', 'Cutting program in work'),
    text('OrderId', 'Order in work'),
    text('ProductId', 'Product that the kits are for'),
    counter('KitCount', 'Kits finished since the controller started'),
    counter('PlyCount', 'Plies cut since the controller started'),
    counter('ScrapCount', 'Plies scrapped since the controller started'),
    analog('BladeLength', 'm', 'Metres cut with this blade', {
      ...{ range: [0, 5000], normal: [0, 4000], deadband: 5, decimals: 1 },
    }),
    analog('BladeWear', '%', 'Wear of the blade', { range: [0, 100], normal: [0, 90], deadband: 0.5, decimals: 1 }),
    analog('CuttingSpeed', 'mm/s', 'Speed of the cutting head', {
      ...{ range: [0, 600], normal: [0, 500], deadband: 5, decimals: 0 },
    }),
    analog('HoldDownVacuum', 'mbar', 'Vacuum under the ply, below ambient', {
      ...{ range: [0, 400], normal: [150, 350], deadband: 4, decimals: 1 },
    }),
    analog('CycleTime', 's', 'Length of the last cycle', {
      ...{ range: [0, 3600], normal: [120, 420], deadband: 0, decimals: 1 },
    }),
    analog(
      'FeedOverride',
      '%',
      'Override of the feed rate',
      { range: [10, 120], deadband: 0, decimals: 0 },
      { writable: true },
    ),
    lifeCount,
  ],
  start: ({ epochMs, random }) => ({
    ...{ state: 'Idle', until: epochMs + 20_000, program: 'BRK-100-A', order: 1, cycleMs: 0, lastCycleS: 240, kits: 0 },
    ...{ plies: 0, scrap: 0, bladeMetres: 0, totalMetres: 0, hold: 240, speed: 0, feed: 100 },
    ...{ nextBreakdown: epochMs + random.exponential(12 * hour), nextBreak: epochMs + 8 * hour },
  }),
  initialState: (state) => state.state,
  made: madeOf,
  step(state, step) {
    let from = step.fromMs
    while (state.until <= step.toMs) {
      const at = Math.max(Math.round(state.until), from + 1)
      cut(state, at - from)
      from = at
      const was = state.state
      next(state, at, step)
      if (state.state !== was) {
        step.enter(state.state, at)
        step.mark('State', at, state.state)
      }
      step.mark('KitCount', at, state.kits)
      step.mark('PlyCount', at, Math.floor(state.plies))
      step.mark('ScrapCount', at, state.scrap)
      step.mark('Program', at, state.program)
      step.mark('OrderId', at, orderOf(state))
      step.mark('ProductId', at, productOf(state))
    }
    cut(state, step.toMs - from)
    const running = state.state === 'Running'
    const goal = running ? 380 * (state.feed / 100) : 0
    state.speed = running ? clamp(goal + step.random.normal(9), 0, 600) : 0
    const vacuum = state.state === 'Down' || state.state === 'Planned stop' ? 160 : 260
    state.hold = clamp(approach(state.hold, vacuum, step.seconds, 25) + step.random.normal(0.9), 0, 400)
  },
  read: (state, atMs, epochMs) => [
    ...[
      state.state,
      state.program,
      orderOf(state),
      productOf(state),
      state.kits,
      Math.floor(state.plies),
      state.scrap,
      state.bladeMetres,
    ],
    ...[clamp((state.bladeMetres / bladeLifeMetres) * 90, 0, 100), state.speed, state.hold, state.lastCycleS],
    ...[state.feed, secondsSince(epochMs, atMs)],
  ],
  write(state, _tag, value) {
    state.feed = value
  },
})

function cut(state: PlyCutter, forMs: number): void {
  if (state.state !== 'Running') return
  const share = forMs / state.cycleMs
  state.bladeMetres += kitMetres * share
  state.totalMetres += kitMetres * share
  state.plies += kitPlies * share
}

const orderOf = (state: PlyCutter): string => `CO-${1000 + state.order}`
/** `BRK-100-A` cuts one half of the plies of `BRK-100`. */
const productOf = (state: PlyCutter): string => state.program.slice(0, -2)

function madeOf(state: PlyCutter): Made {
  const total = Math.floor(state.plies)
  return { order: orderOf(state), product: productOf(state), total, good: total - state.scrap, scrap: state.scrap }
}

function next(state: PlyCutter, at: number, step: Step): void {
  const { random } = step
  if (state.state === 'Running') {
    state.kits++
    // A kit has whole plies: the shares of a cycle add up to 14 but for the last bits of the doubles.
    state.plies = state.kits * kitPlies
    state.lastCycleS = state.cycleMs / 1000
    if (random.next() < 0.03 + (state.bladeMetres > bladeLifeMetres * 0.9 ? 0.05 : 0)) state.scrap++
  }
  if (at >= state.nextBreakdown) {
    state.state = 'Down'
    state.until = at + random.logNormal(15 * minute, 0.6)
    state.nextBreakdown = state.until + random.exponential(12 * hour)
  } else if (at >= state.nextBreak) {
    state.state = 'Planned stop'
    state.until = at + 30 * minute
    state.nextBreak += 8 * hour
  } else if (state.bladeMetres >= bladeLifeMetres) {
    state.state = 'Changeover'
    state.until = at + random.triangular(5, 7, 12) * minute
    state.bladeMetres = 0
  } else if (state.state === 'Idle') {
    state.state = 'Running'
    state.cycleMs = Math.round((random.logNormal(4 * minute, 0.15) * 100) / Math.max(20, state.feed))
    state.until = at + state.cycleMs
  } else {
    state.state = 'Idle'
    state.until = at + random.triangular(15, 30, 90) * 1000
    if (random.next() < 0.2) nextOrder(state, at, step)
  }
}

/** Mostly another program; the same one again is another order all the same. */
function nextOrder(state: PlyCutter, at: number, step: Step): void {
  step.orderEnds(at, madeOf(state))
  state.order++
  state.program = programs[Math.floor(step.random.next() * programs.length)] ?? state.program
}
