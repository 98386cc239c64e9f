import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import { recordCalibration } from '@throughline/model'
import { day } from '../../model/dynamics.ts'
import { wrenches } from '../../people/order.ts'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

/**
 * The torque wrenches come calibrated, so that nobody who takes one up first finds it new: one for as long as anybody looks
 * at the demo, the other in good time before its past, so that it has run out (E08).
 *
 * @param beginMs from when on the plant is lived in
 */
export const calibrations = (beginMs: number): readonly SetupStep[] => [
  calibration(wrenches.good, fromMs(beginMs - 10 * day), fromMs(beginMs + 720 * day)),
  calibration(wrenches.overdue, fromMs(beginMs - 400 * day), fromMs(beginMs - 35 * day)),
]

const calibration = (tool: string, at: Instant, dueAt: Instant): SetupStep =>
  step(`calibration/${tool}`, recordCalibration, {
    assetId: { $step: `asset/${tool}`, field: 'id' },
    ...{ at, dueAt, asFound: 'in-tolerance', asLeft: 'in-tolerance', certificate: `CAL-${tool}` },
  })
