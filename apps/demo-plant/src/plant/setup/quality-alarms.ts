import type { AlarmCondition, AlarmSeverity, TimeToRespond } from '@throughline/model'
import { adoptAlarmDefinitions } from '@throughline/model'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

interface Found {
  /** Last word of the name: `AERO.Quality.deviation`. */
  readonly what: string
  readonly message: string
  readonly condition: Extract<AlarmCondition, { kind: 'event' }>
  readonly cause: string
  readonly consequence: string
  readonly response: string
  readonly severity: AlarmSeverity
  readonly timeToRespond: TimeToRespond
}

const found: readonly Found[] = [
  {
    what: 'deviation',
    message: 'A deviation was opened',
    condition: { kind: 'event', source: 'deviation', severities: ['major', 'critical'] },
    cause: 'Work went on past a closed gate, an entry lies outside its limits, or somebody found something wrong',
    consequence: 'Its lots can be neither shipped nor released, and its order cannot be closed',
    response: 'Read the deviation; keep its pieces apart until quality has decided.',
    ...{ severity: 'major', timeToRespond: '10-to-30-min' },
  },
  {
    what: 'minor-deviation',
    message: 'A minor deviation was opened',
    condition: { kind: 'event', source: 'deviation', severities: ['minor'] },
    cause: 'Somebody found something that touches no product',
    consequence: 'It may come again, and touch product then',
    response: 'Read the deviation; mend what led to it before the next shift.',
    ...{ severity: 'minor', timeToRespond: 'over-30-min' },
  },
  {
    what: 'failed-inspection',
    message: 'A piece failed its inspection',
    condition: { kind: 'event', source: 'failed-inspection', severities: [] },
    cause: 'A characteristic lies outside its limits',
    consequence: 'The piece can be neither shipped nor released; those made since the last good one are in doubt',
    response: 'Set the piece apart; look at the machine and tool that made it before the next piece.',
    ...{ severity: 'major', timeToRespond: '10-to-30-min' },
  },
  {
    what: 'gauge',
    message: 'A gauge was found out of tolerance',
    condition: { kind: 'event', source: 'gauge-out-of-tolerance', severities: [] },
    cause: 'Wear, a fall, or an adjustment that did not hold',
    consequence: 'Everything that was accepted with it since it was last right is in doubt',
    response: 'Take the gauge out of use; go through the pieces that its deviation names.',
    ...{ severity: 'major', timeToRespond: 'over-30-min' },
  },
]

export const qualityAlarmDefinitions = (['AERO', 'BIO'] as const).flatMap((site) =>
  found.map(({ what, message, ...rest }) => ({
    ...{ name: `${site}.Quality.${what}`, nodeId: { $node: `aurora/${site.toLowerCase()}` }, tagId: null },
    ...{ message: `${site}: ${message.toLowerCase()}`, ...rest },
    ...{ onDelaySeconds: 0, offDelaySeconds: 0, latched: false, qualityCritical: false, suppressWhile: null },
  })),
)

/** What quality finds rings at its site (docs/guides/alarm/quality-events.md). */
export const qualityAlarms: readonly SetupStep[] = [
  step('alarm/quality-list', adoptAlarmDefinitions, {
    definitions: qualityAlarmDefinitions,
    document: 'AUR-ALM-003, version 1',
    reason: 'Alarms of quality as rationalised at commissioning',
  }),
]
