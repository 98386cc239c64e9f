import { setStandard, setStateRule } from '@throughline/model'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

/** What a rule has where its machine has nothing of the kind. */
const without = {
  ...{ reasonTag: null, orderTag: null, productTag: null, total: null, good: null, scrap: null, rework: null },
  ...{ idealCycleSeconds: null, minorStopSeconds: 120, effectiveFrom: null },
  // The back-filled month tells a steady value every five minutes.
  silenceSeconds: 600,
  reason: 'Rule at commissioning',
}
const counted = (tag: string, modulus: number | null = null) => ({ tag, modulus })

/** How the states of each class follow from its tags, and what it counts. */
export const stateRules: readonly SetupStep[] = [
  step('state-rule/FillLine', setStateRule, {
    ...without,
    className: 'FillLine',
    signal: { kind: 'packml', tag: 'State' },
    ...{ reasonTag: 'StopReason', orderTag: 'LotId' },
    ...{ total: counted('ProcessedCount', 1_000_000), scrap: counted('DefectiveCount') },
    idealCycleSeconds: 0.5,
  }),
  step('state-rule/PlyCutter', setStateRule, {
    ...without,
    className: 'PlyCutter',
    signal: {
      kind: 'values',
      tag: 'State',
      states: {
        ...{ Running: 'running', Idle: 'idle', Changeover: 'changeover', Down: 'down' },
        'Planned stop': 'planned-stop',
      },
      otherwise: 'no-data',
    },
    ...{ reasonTag: 'State', orderTag: 'OrderId', productTag: 'ProductId' },
    ...{ total: counted('PlyCount'), scrap: counted('ScrapCount') },
    // 240 s a kit of 14 plies.
    idealCycleSeconds: 240 / 14,
  }),
  step('state-rule/MachiningCenter', setStateRule, {
    ...without,
    className: 'MachiningCenter',
    signal: {
      ...{ kind: 'mtconnect', execution: 'Execution', mode: 'ControllerMode' },
      functionalMode: 'FunctionalMode',
    },
    ...{ reasonTag: 'AlarmCode', orderTag: 'OrderId', productTag: 'ProductId' },
    ...{ total: counted('PartCount'), scrap: counted('ScrapCount') },
  }),
  ...Object.entries({ 'BRK-100': 360, 'BRK-200': 480 }).map(([product, idealCycleSeconds]) =>
    step(`standard/MachiningCenter/${product}`, setStandard, {
      ...{ className: 'MachiningCenter', nodeId: null, product, idealCycleSeconds },
      reason: 'Cycle of the released program',
    }),
  ),
  step('state-rule/Autoclave', setStateRule, {
    ...without,
    className: 'Autoclave',
    signal: {
      kind: 'values',
      tag: 'Phase',
      states: {
        ...{ Idle: 'idle', Loading: 'changeover', Unloading: 'changeover' },
        ...{ Evacuation: 'running', 'Heat-up': 'running', Soak: 'running', 'Cool-down': 'running' },
      },
      otherwise: 'no-data',
    },
    ...{ reasonTag: 'Phase', orderTag: 'CycleId', total: counted('CycleCount') },
    // From evacuation to the end of the cool-down, without waiting.
    idealCycleSeconds: 4.8 * 3600,
  }),
]
