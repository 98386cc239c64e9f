import { alarms } from './alarms.ts'
import { calendars } from './calendars.ts'
import { calibrations } from './calibrations.ts'
import { machineAlarms } from './machine-alarms.ts'
import { making } from './making.ts'
import { qualityAlarms } from './quality-alarms.ts'
import { reasons } from './reasons.ts'
import { stateRules } from './state-rules.ts'
import type { SetupStep } from './step.ts'

/**
 * What the demo plant is set up with besides its equipment model, as the server's setup file (docs/guides/setup.md).
 *
 * @param beginMs from when on the plant is lived in
 */
export const plantSetup = (beginMs: number): { readonly steps: readonly SetupStep[] } => ({
  steps: [
    ...[...calendars, ...reasons, ...stateRules, ...alarms, ...machineAlarms, ...qualityAlarms, ...making],
    ...calibrations(beginMs),
  ],
})
