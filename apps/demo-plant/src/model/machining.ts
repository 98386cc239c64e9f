import type { Asset, Made, Step } from './asset.ts'
import { defineAsset } from './asset.ts'
import { approach, clamp, hour, minute, secondsSince } from './dynamics.ts'
import type { Random } from './random.ts'
import { analog, counter, lifeCount, text } from './tag-definition.ts'
import { boreError, chipUm, measured, newTool, operatorEvery, toolLife } from './tool.ts'

/** The truth's states; what the machine shows of each stands in `shows`. */
type MachineState = 'Running' | 'Idle' | 'Held' | 'Down' | 'Changeover' | 'Planned stop'

interface MachiningCenter {
  state: MachineState
  until: number
  /** When the running stretch of the cycle began, ms. */
  runFrom: number
  /** Milliseconds of cutting left in this cycle, and until the next micro-stop and breakdown. */
  cutLeft: number
  holdIn: number
  breakIn: number
  nextMaintenance: number
  /** Why it stands; empty while it runs. */
  alarm: string
  product: number
  order: number
  orderSize: number
  orderMade: number
  orderScrap: number
  parts: number
  scrap: number
  tool: number
  toolUses: number
  /** What a chipped edge adds to each bore, µm, and whether the chipped tool of this month was put in. */
  chip: number
  chipDone: boolean
  offset: number
  /** The operator leaves the offset alone until then, because somebody else sets it. */
  handsOffUntil: number
  /** Error of the part that is on the gauge, shown when the next one comes off. */
  waiting: number
  shown: number
  /** The last three that the gauge showed, the newest first. */
  lastShown: number[]
  sinceCorrection: number
  sumMeasured: number
  speed: number
  load: number
  temperature: number
}

/** Brackets, with their program (texts, as the controller knows them), nominal cycle and spindle speed. */
const products = [
  { name: 'BRK-100', program: '0007', cycleMs: 6 * minute, speedPerMin: 8000, load: 46 },
  { name: 'BRK-200', program: '0012', cycleMs: 8 * minute, speedPerMin: 6500, load: 58 },
] as const

/** What a controller says in MTConnect's words: Execution, ControllerMode, FunctionalMode. */
const shows: Readonly<Record<MachineState, readonly [string, string, string]>> = {
  Running: ['ACTIVE', 'AUTOMATIC', 'PRODUCTION'],
  Idle: ['READY', 'AUTOMATIC', 'PRODUCTION'],
  Held: ['FEED_HOLD', 'AUTOMATIC', 'PRODUCTION'],
  Down: ['STOPPED', 'AUTOMATIC', 'PRODUCTION'],
  Changeover: ['READY', 'MANUAL_DATA_INPUT', 'SETUP'],
  'Planned stop': ['STOPPED', 'MANUAL', 'MAINTENANCE'],
}

/** Native codes of the controller, with what the operator reads. */
export const machiningAlarms: Readonly<Record<string, string>> = {
  SP02: 'Spindle drive overload',
  AX11: 'Following error of the X axis',
  CL04: 'Coolant pressure low',
  PR07: 'Part clamp not closed',
  FH01: 'Chips on the probe',
  FH02: 'Door opened',
  FH03: 'Coolant refill',
}
const breakdowns = ['SP02', 'AX11', 'CL04', 'PR07'] as const
const holds = ['FH01', 'FH01', 'FH02', 'FH03'] as const

const meanBetweenFailures = 18 * hour
const meanBetweenHolds = 15 * minute
const maintenanceEvery = 24 * hour

/**
 * 5-axis trim and drill: cycles of two products in orders, tool wear and change, micro-stops, breakdowns, a daily service.
 * Story: E01 (CNC-01, nobody minds the wear), E02 (CNC-02, a worn tool stays in), E03 (CNC-02, a tool with a chipped edge).
 */
function machiningCenter(id: string, number: number): Asset {
  return defineAsset<MachiningCenter>({
    id,
    className: 'MachiningCenter',
    classDescription: 'Five-axis machining centre that trims and drills cured brackets',
    description: `Machining centre ${number}`,
    parent: 'Aurora/AERO/Machining/Trim-Drill',
    protocol: 'mtconnect',
    tags: [
      text('Execution', 'ACTIVE, READY, FEED_HOLD or STOPPED, as MTConnect names it'),
      text('ControllerMode', 'AUTOMATIC, MANUAL or MANUAL_DATA_INPUT'),
      text('FunctionalMode', 'PRODUCTION, SETUP or MAINTENANCE'),
      text('Program', 'Program in work'),
      text('OrderId', 'Order in work'),
      text('ProductId', 'Product in work'),
      counter('PartCount', 'Parts finished since the controller started, good and bad'),
      counter('ScrapCount', 'Bad parts since the controller started'),
      text('ToolId', 'Finishing tool in the spindle'),
      analog('ToolUses', '1', 'Parts finished with this tool', { range: [0, 200], deadband: 0, decimals: 0 }),
      text('SystemCondition', 'NORMAL or FAULT'),
      text('ToolCondition', 'NORMAL, or WARNING near the end of the life of the tool'),
      text('AlarmCode', "The controller's code of why it stands; empty while it runs"),
      analog('FeedOverride', '%', 'Override of the feed', { range: [0, 120], deadband: 0, decimals: 0 }),
      analog('SpindleOverride', '%', 'Override of the spindle', { range: [0, 120], deadband: 0, decimals: 0 }),
      analog('SpindleSpeed', '/min', 'Speed of the spindle', {
        ...{ range: [0, 12_000], normal: [0, 9000], deadband: 60, decimals: 0 },
      }),
      analog('SpindleLoad', '%', 'Load of the spindle', {
        ...{ range: [0, 150], normal: [0, 90], deadband: 5, decimals: 1 },
      }),
      analog('PathFeedrate', 'mm/s', 'Feed along the path', {
        ...{ range: [0, 200], normal: [0, 90], deadband: 4, decimals: 1 },
      }),
      analog('SpindleTemperature', 'Cel', 'Temperature of the spindle bearing', {
        ...{ range: [0, 100], normal: [10, 65], deadband: 0.4, decimals: 2 },
      }),
      analog('BoreError', 'um', 'Error of the bore of the part before the last, as the gauge measured it', {
        ...{ range: [-100, 100], normal: [-15, 15], deadband: 0, decimals: 1 },
      }),
      analog('BoreErrorMean', 'um', 'Mean of the last three errors of the bore that the gauge measured', {
        ...{ range: [-100, 100], normal: [-12, 12], deadband: 0, decimals: 1 },
      }),
      analog(
        'ToolOffset',
        'um',
        'Wear offset of the finishing tool',
        { range: [-100, 100], deadband: 0, decimals: 0 },
        { writable: true, protocol: 'opcua' },
      ),
      lifeCount,
    ],
    start: ({ epochMs, random }) => ({
      ...{ state: 'Idle', until: epochMs + 20_000 + 7000 * number, runFrom: epochMs, cutLeft: 0 },
      ...{ holdIn: random.exponential(meanBetweenHolds), breakIn: random.exponential(meanBetweenFailures) },
      ...{ nextMaintenance: epochMs + 6 * hour * number, alarm: '', product: number - 1 },
      ...{ order: 1000 * number + 1, orderSize: 60, orderMade: 0, orderScrap: 0, parts: 0, scrap: 0 },
      ...newTool,
      ...{ tool: 1, chipDone: false, handsOffUntil: 0, waiting: 0, shown: 0 },
      ...{ lastShown: [0, 0, 0], speed: 0, load: 0, temperature: 24 },
    }),
    initialState: (state) => state.state,
    made: (state) => madeOf(state),
    step(state, step) {
      let from = step.fromMs
      while (state.until <= step.toMs) {
        const at = Math.max(Math.round(state.until), from + 1)
        from = at
        follow(state, step, at, id)
      }
      move(state, step)
    },
    read: (state, atMs, epochMs) => [
      ...[...shows[state.state], programOf(state).program, orderOf(state), programOf(state).name],
      ...[state.parts, state.scrap, toolIdOf(state, id), state.toolUses],
      ...[systemCondition(state), toolCondition(state), state.alarm, ...overrides(state)],
      ...[state.speed, state.load, state.state === 'Running' ? feedOf(state) : 0, state.temperature],
      ...[state.shown, meanShown(state), state.offset, secondsSince(epochMs, atMs)],
    ],
    write(state, _tag, value) {
      state.offset = Math.round(value)
      state.sinceCorrection = 0
      state.sumMeasured = 0
      state.handsOffUntil = state.until + 8 * hour
    },
  })
}

export const machiningCenters: readonly Asset[] = [machiningCenter('CNC-01', 1), machiningCenter('CNC-02', 2)]

const programOf = (state: MachiningCenter) => products[state.product] ?? products[0]
const orderOf = (state: MachiningCenter): string => `WO-${state.order}`
const madeOf = (state: MachiningCenter): Made => ({
  ...{ order: orderOf(state), product: programOf(state).name },
  ...{ total: state.parts, good: state.parts - state.scrap, scrap: state.scrap },
})
const isWorn = (state: MachiningCenter, step: Step, id: string): boolean =>
  (state.toolUses >= toolLife && !(id === 'CNC-02' && step.story('E02') !== undefined)) || isToChip(state, step, id)
/** E03: the next tool comes with a chipped edge, and is put in at once, so that what it does is seen for a whole tool. */
const isToChip = (state: MachiningCenter, step: Step, id: string): boolean =>
  id === 'CNC-02' && step.story('E03') !== undefined && !state.chipDone
const toolIdOf = (state: MachiningCenter, id: string): string => `${id}-T${String(state.tool).padStart(4, '0')}`
const systemCondition = (state: MachiningCenter): string => (state.state === 'Down' ? 'FAULT' : 'NORMAL')
const toolCondition = (state: MachiningCenter): string => (state.toolUses >= 0.9 * toolLife ? 'WARNING' : 'NORMAL')
/** A fresh tool is run in: feed and spindle in per cent. */
const overrides = (state: MachiningCenter): readonly [number, number] => (state.toolUses < 2 ? [80, 90] : [100, 100])
const meanShown = ({ lastShown }: MachiningCenter): number =>
  lastShown.reduce((sum, each) => sum + each, 0) / lastShown.length
const tenths = (value: number): number => Math.round(value * 10) / 10
const feedOf = (state: MachiningCenter): number => (40 * overrides(state)[0]) / 100

/** What the instruments show at the end of a step. */
function move(state: MachiningCenter, { random, seconds }: Step): void {
  const running = state.state === 'Running'
  const { speedPerMin, load } = programOf(state)
  const goal = running ? (speedPerMin * overrides(state)[1]) / 100 : 0
  state.speed = clamp(approach(state.speed, goal, seconds, 1.2) + (running ? random.normal(8) : 0), 0, 12_000)
  if (state.speed < 1) state.speed = 0
  const worn = load * (1 + 0.25 * (state.toolUses / toolLife))
  state.load = running ? clamp(worn + random.normal(1.1), 0, 150) : 0
  const warm = 24 + (running ? load * 0.55 : 0)
  state.temperature = clamp(approach(state.temperature, warm, seconds, 900) + random.normal(0.03), 0, 100)
}

/** What comes after a state. */
function follow(state: MachiningCenter, step: Step, at: number, id: string): void {
  if (state.state === 'Running') leave(state, step, at, id)
  else if (state.state === 'Held' || state.state === 'Down') run(state, step, at)
  else if (state.state === 'Idle') begin(state, step, at)
  else load(state, step, at, id)
}

/** A new cycle: the raw part is in, the program starts. */
function begin(state: MachiningCenter, step: Step, at: number): void {
  const [feed] = overrides(state)
  state.cutLeft = Math.round((step.random.logNormal(programOf(state).cycleMs, 0.02) * 100) / feed)
  run(state, step, at)
}

/** Cuts until the part is finished or something stops it. */
function run(state: MachiningCenter, step: Step, at: number): void {
  state.runFrom = at
  setAlarm(state, step, at, '')
  enter(state, step, at, 'Running', Math.max(1, Math.min(state.cutLeft, state.holdIn, state.breakIn)))
}

function leave(state: MachiningCenter, step: Step, at: number, id: string): void {
  const cut = at - state.runFrom
  state.cutLeft -= cut
  state.holdIn -= cut
  state.breakIn -= cut
  const { random } = step
  if (state.cutLeft <= 0) finish(state, step, at, id)
  else if (state.breakIn <= 0) {
    state.breakIn = random.exponential(meanBetweenFailures)
    setAlarm(state, step, at, pick(breakdowns, random))
    enter(state, step, at, 'Down', random.logNormal(25 * minute, 0.5))
  } else {
    state.holdIn = random.exponential(meanBetweenHolds)
    setAlarm(state, step, at, pick(holds, random))
    enter(state, step, at, 'Held', random.logNormal(40_000, 0.4))
  }
}

/** A part is finished: it is good or not, and the one before comes off the gauge. */
function finish(state: MachiningCenter, step: Step, at: number, id: string): void {
  const { random } = step
  if (step.story('E03') === undefined) state.chipDone = false
  const error = boreError(state.toolUses, state.offset, random, state.chip)
  state.toolUses++
  state.parts++
  state.orderMade++
  // Six of a thousand are bad for a reason that no gauge of the bore sees.
  if (Math.abs(error) > 15 || random.next() < 0.006) {
    state.scrap++
    state.orderScrap++
    step.mark('ScrapCount', at, state.scrap)
  }
  state.shown = state.waiting
  state.lastShown = [state.shown, ...state.lastShown.slice(0, 2)]
  state.waiting = measured(error, random)
  step.mark('PartCount', at, state.parts)
  step.mark('ToolUses', at, state.toolUses)
  step.mark('BoreError', at, tenths(state.shown))
  step.mark('BoreErrorMean', at, tenths(meanShown(state)))
  step.mark('ToolCondition', at, toolCondition(state))
  correct(state, step, at, id)
  next(state, step, at, id)
}

/** The operator looks at every tenth part and takes the mean error out, unless somebody else minds the offset. */
function correct(state: MachiningCenter, step: Step, at: number, id: string): void {
  state.sinceCorrection++
  state.sumMeasured += state.shown
  if (state.sinceCorrection < operatorEvery) return
  const mean = state.sumMeasured / state.sinceCorrection
  state.sinceCorrection = 0
  state.sumMeasured = 0
  if (at < state.handsOffUntil || (id === 'CNC-01' && step.story('E01') !== undefined)) return
  state.offset = clamp(state.offset + Math.round(mean), -100, 100)
  step.mark('ToolOffset', at, state.offset)
}

function next(state: MachiningCenter, step: Step, at: number, id: string): void {
  const { random } = step
  const orderDone = state.orderMade >= state.orderSize
  const toolDone = isWorn(state, step, id)
  if (orderDone) nextOrder(state, step, at)
  if (at >= state.nextMaintenance) {
    state.nextMaintenance += maintenanceEvery
    enter(state, step, at, 'Planned stop', random.triangular(40, 45, 60) * minute)
  } else if (orderDone) enter(state, step, at, 'Changeover', random.triangular(12, 18, 35) * minute)
  else if (toolDone) enter(state, step, at, 'Changeover', random.triangular(3, 4, 8) * minute)
  else load(state, step, at, id)
}

function nextOrder(state: MachiningCenter, step: Step, at: number): void {
  const made = { order: orderOf(state), product: programOf(state).name, total: state.orderMade }
  step.orderEnds(at, madeOf(state))
  step.happened({ kind: 'count', atMs: at, ...made, good: state.orderMade - state.orderScrap, scrap: state.orderScrap })
  state.order++
  state.orderMade = 0
  state.orderScrap = 0
  state.orderSize = 20 * (2 + Math.floor(step.random.next() * 3))
  state.product = step.random.next() < 0.6 ? 0 : 1
  step.mark('OrderId', at, orderOf(state))
  step.mark('ProductId', at, programOf(state).name)
  step.mark('Program', at, programOf(state).program)
}

function nextTool(state: MachiningCenter, step: Step, at: number, id: string): void {
  step.happened({ kind: 'tool', atMs: at, tool: toolIdOf(state, id), uses: state.toolUses })
  const isChipped = isToChip(state, step, id)
  Object.assign(state, newTool, isChipped ? { chip: chipUm, chipDone: true } : {})
  state.tool++
  step.mark('ToolId', at, toolIdOf(state, id))
  step.mark('ToolUses', at, 0)
  step.mark('ToolOffset', at, 0)
  step.mark('ToolCondition', at, 'NORMAL')
}

/** The operator takes the part out and puts the next one in; a worn tool was changed before. */
function load(state: MachiningCenter, step: Step, at: number, id: string): void {
  if (isWorn(state, step, id)) nextTool(state, step, at, id)
  enter(state, step, at, 'Idle', step.random.triangular(30, 45, 90) * 1000)
}

function setAlarm(state: MachiningCenter, step: Step, at: number, alarm: string): void {
  if (alarm === state.alarm) return
  state.alarm = alarm
  step.mark('AlarmCode', at, alarm)
}

function enter(state: MachiningCenter, step: Step, at: number, entered: MachineState, forMs: number): void {
  const wasCondition = systemCondition(state)
  const was = shows[state.state]
  state.state = entered
  state.until = at + Math.max(1, Math.round(forMs))
  step.enter(entered, at)
  const [execution, mode, purpose] = shows[entered]
  // What stays as it was is no news: a mark would only repeat it.
  if (execution !== was[0]) step.mark('Execution', at, execution)
  if (mode !== was[1]) step.mark('ControllerMode', at, mode)
  if (purpose !== was[2]) step.mark('FunctionalMode', at, purpose)
  if (systemCondition(state) !== wasCondition) step.mark('SystemCondition', at, systemCondition(state))
}

function pick<T>(from: readonly [T, ...T[]], random: Random): T {
  return from[Math.floor(random.next() * from.length)] ?? from[0]
}
