import type { AlarmCondition, AlarmSeverity, TimeToRespond } from '@throughline/model'
import { adoptAlarmDefinitions } from '@throughline/model'
import { plantTags } from '../assets.ts'
import { watchedLifeCounts } from '../story.ts'
import type { Reference, SetupStep } from './step.ts'
import { step } from './step.ts'

type Condition = Exclude<AlarmCondition, { kind: 'deviation' }> | DeviationFrom
interface DeviationFrom {
  readonly kind: 'deviation'
  readonly limit: number
  readonly deadband: number
  readonly from: { readonly value: number } | { readonly tagId: Reference }
}

/** What is said of every alarm: what makes it, how long it must hold, and what the operator is told. */
interface Rationale {
  readonly message: string
  readonly condition: Condition
  /** Seconds until it occurs, and until it returns. */
  readonly delays?: readonly [number, number]
  readonly cause: string
  readonly consequence: string
  readonly response: string
  readonly severity: AlarmSeverity
  readonly time: TimeToRespond
  readonly qualityCritical?: boolean
  /** Suppressed while this tag of the asset has one of the values. */
  readonly unless?: { readonly tag: string; readonly values: readonly string[] }
}

const high = (limit: number, deadband: number): Condition => ({ kind: 'limit', side: 'high', limit, deadband })
const low = (limit: number, deadband: number): Condition => ({ kind: 'limit', side: 'low', limit, deadband })
const state = (...values: string[]): Condition => ({ kind: 'state', values })

/** @throws Error for a tag that the plant does not have: a mistake of this list */
function pathOf(asset: string, name: string): { asset: string; tag: string } {
  const tag = plantTags.find((each) => each.asset.id === asset && each.definition.name === name)
  if (tag === undefined) throw new Error(`${asset} has no ${name}`)
  return { asset: `${tag.asset.parent}/${tag.asset.id}`.toLowerCase(), tag: tag.path }
}
const tagOf = (asset: string, name: string): Reference => ({ $tag: pathOf(asset, name).tag })

/** An alarm of a tag; `kind` is the last word of its name: `WFI-01.Conductivity.high`. */
function alarm(asset: string, tag: string, kind: string, rationale: Rationale) {
  const { condition, delays = [0, 0], unless, time, qualityCritical = false, ...words } = rationale
  return {
    ...{ name: `${asset}.${tag}.${kind}`, nodeId: { $node: pathOf(asset, tag).asset }, tagId: tagOf(asset, tag) },
    ...{ ...words, condition, onDelaySeconds: delays[0], offDelaySeconds: delays[1], latched: false },
    ...{ timeToRespond: time, qualityCritical },
    suppressWhile: unless === undefined ? null : { tagId: tagOf(asset, unless.tag), values: [...unless.values] },
  }
}

const freezer = [
  alarm('FRZ-01', 'Temperature05', 'high', {
    message: 'Freezer is too warm',
    condition: high(-15, 1),
    delays: [300, 300],
    cause: 'Door open, compressor failed, or too much warm material at once',
    consequence: 'The out-life of the prepreg runs down',
    response: 'Close the door. If the compressor stands, move the rolls to the other freezer and call maintenance.',
    ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
  }),
  alarm('FRZ-01', 'Temperature05', 'low', {
    message: 'Freezer is too cold',
    condition: low(-25, 1),
    delays: [300, 300],
    cause: 'Compressor does not switch off',
    consequence: 'Backing paper becomes brittle; energy is wasted',
    response: 'Check the set point and the contactor of the compressor.',
    ...{ severity: 'minor', time: 'over-30-min' },
  }),
  alarm('FRZ-01', 'Temperature10', 'high-high', {
    message: 'Freezer is far too warm at the door',
    condition: { kind: 'limit', side: 'high-high', limit: -10, deadband: 1 },
    delays: [60, 300],
    cause: 'Door open for long, or the door seal is torn',
    consequence: 'Rolls at the door thaw and are lost',
    response: 'Close the door and take the rolls of the first bay out of use until quality has seen them.',
    ...{ severity: 'severe', time: '3-to-10-min', qualityCritical: true },
  }),
  alarm('FRZ-01', 'DoorOpen', 'long', {
    message: 'Freezer door is open for more than 5 min',
    condition: state('true'),
    delays: [300, 0],
    cause: 'Door not closed after loading',
    consequence: 'The freezer warms up',
    response: 'Close the door.',
    ...{ severity: 'moderate', time: '3-to-10-min' },
  }),
]

const wfi = (tag: string, kind: string, condition: Condition, rest: Omit<Rationale, 'condition' | 'delays'>) =>
  alarm('WFI-01', tag, kind, { condition, delays: [60, 120], ...rest })

const air = [
  alarm('PAR-01', 'Particles05', 'high', {
    message: 'Too many particles in the filling zone',
    condition: high(3520, 500),
    delays: [60, 120],
    cause: 'Flow disturbed by a person or an open door, or a filter leaks',
    consequence: 'Vials that are open meanwhile may be contaminated',
    response: 'Stop filling, close the barrier; set the vials of that time apart and call quality.',
    ...{ severity: 'severe', time: '3-to-10-min', qualityCritical: true },
  }),
]

const water = [
  wfi('Conductivity', 'high', high(1.1, 0.1), {
    message: 'Conductivity of the water for injection is high',
    cause: 'Carry-over of the still, or a heat exchanger leaks',
    consequence: 'The water does not meet the pharmacopoeia: what is made with it is rejected',
    response: 'Stop all draws from the loop, take a sample at the return, call quality.',
    ...{ severity: 'severe', time: '3-to-10-min', qualityCritical: true },
  }),
  wfi('TotalOrganicCarbon', 'high', high(300, 20), {
    message: 'Total organic carbon of the water is high',
    cause: 'Biofilm, or feed water with organics',
    consequence: 'The limit of 500 µg/L may be exceeded',
    response: 'Take a sample at the return; sanitise the loop when it is confirmed.',
    ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
  }),
  wfi('ReturnTemperature', 'low', low(75, 1), {
    message: 'Return of the water loop is too cold',
    cause: 'Steam missing, or draws above the design of the loop',
    consequence: 'Germs may grow',
    response: 'Check steam and draws. Below 65 °C sanitise before the next use.',
    ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
  }),
  wfi('SupplyTemperature', 'high', high(90, 1), {
    message: 'Supply of the water loop is too hot',
    cause: 'Temperature control of the tank failed',
    consequence: 'The pump cavitates; people may be scalded',
    response: 'Close the steam valve by hand.',
    ...{ severity: 'moderate', time: '3-to-10-min' },
  }),
  wfi('ReturnFlow', 'low', low(4, 0.3), {
    message: 'Return flow of the water loop is low',
    cause: 'Draws too large, or the pump is worn',
    consequence: 'Water stands in the loop, germs may grow',
    response: 'Reduce draws, check the speed of the pump.',
    ...{ severity: 'major', time: '10-to-30-min' },
  }),
  wfi('TankLevel', 'low', low(35, 3), {
    message: 'Storage tank of the water loop is low',
    cause: 'The still makes less than is drawn',
    consequence: 'The pump runs dry; production stops',
    response: 'Start the still, postpone cleaning.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
  wfi('TankLevel', 'high', high(92, 2), {
    message: 'Storage tank of the water loop is too full',
    cause: 'Valve from the still does not close',
    consequence: 'Water goes to the drain',
    response: 'Close the hand valve from the still.',
    ...{ severity: 'minor', time: '10-to-30-min' },
  }),
  wfi('SupplyPressure', 'low', low(3, 0.2), {
    message: 'Pressure after the pump of the water loop is low',
    cause: 'Pump worn or valve half closed',
    consequence: 'Users get no water',
    response: 'Check pump and valves.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
  wfi('ReturnPressure', 'low', low(1, 0.1), {
    message: 'Pressure of the return of the water loop is low',
    cause: 'Draws too large, or a leak',
    consequence: 'Air may be drawn in: the loop is no longer closed',
    response: 'Stop draws; look for a leak.',
    ...{ severity: 'major', time: '3-to-10-min' },
  }),
  wfi('PumpRunning', 'stopped', state('false'), {
    message: 'Circulation pump of the water loop stands',
    cause: 'Motor protection, or switched off',
    consequence: 'Water stands in the loop, germs may grow',
    response: 'Start the pump; after 30 min without flow sanitise.',
    ...{ severity: 'major', time: '3-to-10-min' },
  }),
]

const notCuring = { tag: 'Phase', values: ['Idle', 'Loading', 'Evacuation', 'Unloading'] }
const notSoaking = { tag: 'Phase', values: ['Idle', 'Loading', 'Evacuation', 'Heat-up', 'Cool-down', 'Unloading'] }

const autoclave = [
  ...[1, 2, 3, 4, 5, 6].map((bag) =>
    alarm('AUT-01', `Vacuum${bag}`, 'high', {
      message: `Bag ${bag} loses its vacuum`,
      condition: high(100, 20),
      // The deadband alone holds it: the last bag is drawn down only a minute before suppression ends.
      delays: [60, 0],
      cause: 'Bag or seal leaks, or the hose came off',
      consequence: 'Voids in the part; above 300 mbar it is scrap',
      response: 'Switch the bag to the second vacuum line. If it does not recover, ask quality before the soak begins.',
      ...{ severity: 'severe', time: '3-to-10-min', qualityCritical: true, unless: notCuring },
    }),
  ),
  alarm('AUT-01', 'AirTemperature', 'deviation', {
    message: 'Air of the autoclave is off its set point in the soak',
    condition: {
      ...{ kind: 'deviation', limit: 5, deadband: 1 },
      from: { tagId: tagOf('AUT-01', 'AirTemperatureSetPoint') },
    },
    delays: [60, 60],
    cause: 'Heater or fan fails',
    consequence: 'The resin cures less than specified: material review',
    response: 'Check heater and fan; hold the soak until it is back; tell quality.',
    ...{ severity: 'major', time: '3-to-10-min', qualityCritical: true, unless: notSoaking },
  }),
  alarm('AUT-01', 'Pressure', 'deviation', {
    message: 'Pressure of the autoclave is off its set point in the soak',
    condition: {
      ...{ kind: 'deviation', limit: 0.3, deadband: 0.1 },
      from: { tagId: tagOf('AUT-01', 'PressureSetPoint') },
    },
    delays: [60, 60],
    cause: 'Leak of the vessel, or nitrogen missing',
    consequence: 'Parts are too thick',
    response: 'Check the nitrogen supply; hold the soak.',
    ...{ severity: 'major', time: '3-to-10-min', qualityCritical: true, unless: notSoaking },
  }),
]

const notGrowing = { tag: 'Phase', values: ['Prepare', 'Harvest', 'Clean'] }
const growth = (tag: string, kind: string, rationale: Omit<Rationale, 'unless'>) =>
  alarm('BR-01', tag, kind, { unless: notGrowing, ...rationale })

const bioreactor = [
  growth('pH', 'stuck', {
    message: 'pH of bioreactor 1 does not move',
    condition: { kind: 'stuck', forSeconds: 5400, within: 0 },
    cause: 'Transmitter frozen, or probe dry',
    consequence: 'Base is dosed blindly: the pH runs away',
    response: 'Take a sample, compare; switch the dosing to manual and change the probe.',
    ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
  }),
  ...(['low', 'high'] as const).map((side) =>
    growth('pH', side, {
      message: `pH of bioreactor 1 is ${side}`,
      condition: side === 'low' ? low(6.7, 0.05) : high(7.3, 0.05),
      delays: [120, 120],
      cause: 'Dosing of base fails',
      consequence: 'The cells grow slower and make other by-products',
      response: 'Check the pump and the bottle of base.',
      ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
    }),
  ),
  growth('DissolvedOxygen', 'low', {
    message: 'Dissolved oxygen of bioreactor 1 is low',
    condition: low(25, 3),
    delays: [60, 120],
    cause: 'Air or oxygen missing, foam, or agitator fails',
    consequence: 'The cells make acetate; the batch may be lost',
    response: 'Check gas and agitator; reduce the feed.',
    ...{ severity: 'severe', time: '3-to-10-min', qualityCritical: true },
  }),
  growth('Temperature', 'high', {
    message: 'Bioreactor 1 is too warm',
    condition: high(38.5, 0.3),
    delays: [120, 120],
    cause: 'Cooling water missing',
    consequence: 'The cells die above 42 °C',
    response: 'Check the cooling water; reduce the feed.',
    ...{ severity: 'severe', time: '10-to-30-min', qualityCritical: true },
  }),
  growth('FeedRate', 'deviation', {
    message: 'Feed of bioreactor 1 is not what the program asks for',
    condition: {
      ...{ kind: 'deviation', limit: 2, deadband: 0.5 },
      from: { tagId: tagOf('BR-01', 'FeedRateSetPoint') },
    },
    delays: [300, 120],
    cause: 'Hose of the pump worn, or feed line kinked',
    consequence: 'The batch falls behind its profile',
    response: 'Change the hose of the pump; calibrate it.',
    ...{ severity: 'moderate', time: 'over-30-min' },
  }),
]

const fillLine = [
  ...Array.from({ length: 10 }, (_, i) =>
    alarm('FIL-01', `NozzleWeight${String(i + 1).padStart(2, '0')}`, 'deviation', {
      message: `Nozzle ${i + 1} fills outside its tolerance`,
      condition: { kind: 'deviation', limit: 0.05, deadband: 0.01, from: { value: 1 } },
      delays: [0, 600],
      cause: 'Pump or nozzle drifts',
      consequence: 'Vials are rejected for their weight',
      response: 'Calibrate the nozzle; quarantine what it filled since its last good weight.',
      ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
    }),
  ),
  alarm('FIL-01', 'StopperHopper', 'low', {
    message: 'Hopper of stoppers is nearly empty',
    condition: low(10, 5),
    cause: 'Not refilled',
    consequence: 'The line stops in about ten minutes',
    response: 'Refill stoppers.',
    ...{ severity: 'minor', time: '3-to-10-min' },
  }),
  alarm('FIL-01', 'State', 'aborted', {
    message: 'Filling line has aborted',
    condition: state('Aborted'),
    cause: 'Technical fault: see the reason of the stop',
    consequence: 'The line stands; open vials wait',
    response: 'Clear the fault and reset; vials open for more than 15 min are rejected.',
    ...{ severity: 'moderate', time: '3-to-10-min' },
  }),
]

const cutter = [
  alarm('CUT-01', 'State', 'down', {
    message: 'Ply cutter is down',
    condition: state('Down'),
    cause: 'Technical fault',
    consequence: 'Lay-up runs out of kits within the hour',
    response: 'Look at the panel; call maintenance when it does not start again.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
  alarm('CUT-01', 'BladeWear', 'high', {
    message: 'Blade of the cutter is beyond its life',
    condition: high(92, 2),
    cause: 'Blade not changed in time',
    consequence: 'Frayed edges, scrap',
    response: 'Change the blade after this kit.',
    ...{ severity: 'minor', time: '10-to-30-min' },
  }),
  alarm('CUT-01', 'HoldDownVacuum', 'low', {
    message: 'Plies are not held down on the cutter',
    condition: low(145, 10),
    delays: [30, 60],
    cause: 'Vacuum pump fails, or the cover film is torn',
    consequence: 'Plies slip and are cut wrong',
    response: 'Stop the cutter; check film and pump.',
    ...{ severity: 'moderate', time: '3-to-10-min' },
  }),
]

const machining = ['CNC-01', 'CNC-02'].flatMap((id) => [
  alarm(id, 'SystemCondition', 'fault', {
    message: `${id} has a fault`,
    condition: state('FAULT'),
    cause: 'Drive, axis, coolant or clamp: the alarm code of the controller says which',
    consequence: 'The machine stands',
    response: 'Read the code at the controller; call maintenance.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
  // Of three parts and without a delay: a machine that stands keeps the error of one wide part on show for as long.
  alarm(id, 'BoreErrorMean', 'high', {
    message: `Bores of ${id} get too wide`,
    condition: high(12, 3),
    cause: 'Wear of the tool that nobody corrects, or a chipped edge',
    consequence: 'Beyond 15 µm the bracket is scrap',
    response: 'Look at the tool; correct its offset or change it.',
    ...{ severity: 'major', time: '10-to-30-min', qualityCritical: true },
  }),
  alarm(id, 'ToolUses', 'high', {
    message: `The tool of ${id} is beyond its life`,
    condition: high(60, 0),
    delays: [60, 0],
    cause: 'Tool not changed after 60 parts',
    consequence: 'The tool may break in the part',
    response: 'Change the tool now.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
  alarm(id, 'SpindleTemperature', 'high', {
    message: `Spindle bearing of ${id} is too warm`,
    condition: high(65, 3),
    delays: [60, 120],
    cause: 'Bearing or its cooling fails',
    consequence: 'The spindle seizes',
    response: 'Stop after this part; call maintenance.',
    ...{ severity: 'major', time: '10-to-30-min' },
  }),
])

const logistics = [
  alarm('AGV-01', 'Battery', 'low', {
    message: 'Battery of the vehicle is low',
    condition: low(20, 5),
    delays: [60, 0],
    cause: 'Charging bay blocked or charger fails',
    consequence: 'The vehicle stops on its way and blocks the aisle',
    response: 'Free the charging bay; bring the vehicle there by hand.',
    ...{ severity: 'minor', time: '10-to-30-min' },
  }),
  ...['LAY-01', 'LAY-02', 'LAY-03'].map((id) =>
    alarm(id, 'RoomTemperature', 'high', {
      message: `Lay-up at ${id} is too warm`,
      condition: high(25, 0.5),
      delays: [300, 300],
      cause: 'Air conditioning fails',
      consequence: 'The out-life of the prepreg runs down faster',
      response: 'Cover the plies; call building services.',
      ...{ severity: 'moderate', time: 'over-30-min', qualityCritical: true },
    }),
  ),
]

/** Thrice the time after which a steady value is told again. */
const silence = watchedLifeCounts.map((id) =>
  alarm(id, 'LifeCount', 'stale', {
    message: `Nothing is heard of the controller of ${id}`,
    condition: { kind: 'stale', forSeconds: 900 },
    cause: 'Controller, network or edge agent is down',
    consequence: 'What the pages show of it is old; its other alarms are blind',
    response: 'Look at the machine itself; call automation.',
    ...{ severity: 'moderate', time: '10-to-30-min' },
  }),
)

export const alarmDefinitions = [
  ...[...freezer, ...water, ...air, ...autoclave, ...bioreactor, ...fillLine, ...cutter, ...machining, ...logistics],
  ...silence,
]

/** The list that was rationalised when the plant was commissioned. Limits leave the normal plant quiet. */
export const alarms: readonly SetupStep[] = [
  step('alarm/list', adoptAlarmDefinitions, {
    definitions: alarmDefinitions,
    document: 'AUR-ALM-001, version 1',
    reason: 'Alarms as rationalised at commissioning',
  }),
]
