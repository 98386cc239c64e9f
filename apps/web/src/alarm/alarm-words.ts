import type {
  AlarmCondition,
  AlarmDefinition,
  AlarmEvent,
  AlarmSeverity,
  AlarmState,
  MachineAnswer,
  TimeToRespond,
} from '@throughline/model'
import { formatDuration, formatInstant } from '@throughline/ui'

/** Where an alarm stands, in the words of ISA-18.2. */
export const alarmStateWords: Readonly<Record<AlarmState, string>> = {
  normal: 'Normal',
  unacknowledged: 'Unacknowledged',
  acknowledged: 'Acknowledged',
  'returned-unacknowledged': 'Returned, unacknowledged',
  'latched-unacknowledged': 'Latched, unacknowledged',
  'latched-acknowledged': 'Latched, acknowledged',
  shelved: 'Shelved',
  'suppressed-by-design': 'Suppressed by design',
  'out-of-service': 'Out of service',
}

export const alarmEventWords: Readonly<Record<AlarmEvent, string>> = {
  occur: 'Occurred',
  return: 'Returned to normal',
  acknowledge: 'Acknowledged',
  unacknowledge: 'Acknowledgement taken back',
  're-alarm': 'Alarmed anew',
  reset: 'Reset',
  shelve: 'Shelved',
  unshelve: 'Unshelved',
  'shelf-expired': 'Shelf time over',
  suppress: 'Suppressed by design',
  unsuppress: 'Suppression over',
  'take-out-of-service': 'Taken out of service',
  'return-to-service': 'Returned to service',
}

export const definitionStateWords: Readonly<Record<AlarmDefinition['state'], string>> = {
  draft: 'Draft',
  released: 'Released',
  superseded: 'Superseded',
  retired: 'Retired',
}

export const priorityWords = { 1: 'Critical', 2: 'High', 3: 'Medium', 4: 'Low' } as const

export const severityWords: Readonly<Record<AlarmSeverity, string>> = {
  minor: 'Minor',
  moderate: 'Moderate',
  major: 'Major',
  severe: 'Severe',
}

export const respondWords: Readonly<Record<TimeToRespond, string>> = {
  'under-3-min': 'under 3 min',
  '3-to-10-min': '3 to 10 min',
  '10-to-30-min': '10 to 30 min',
  'over-30-min': 'over 30 min',
}

const unacknowledgedStates: readonly AlarmState[] = [
  'unacknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
]
const hiddenStates: readonly AlarmState[] = ['shelved', 'suppressed-by-design', 'out-of-service']

export const isUnacknowledged = (state: AlarmState): boolean => unacknowledgedStates.includes(state)
export const isLatched = (state: AlarmState): boolean =>
  state === 'latched-unacknowledged' || state === 'latched-acknowledged'
export const isHidden = (state: AlarmState): boolean => hiddenStates.includes(state)

/** What makes an alarm, in one line. `tagPath` names the tag that a deviation is measured from. */
export function conditionText(condition: AlarmCondition, unit: string, tagPath: (tagId: string) => string): string {
  const of = (value: number): string => `${String(value).replace('-', '−')}${unit === '' ? '' : `\u202f${unit}`}`
  switch (condition.kind) {
    case 'limit': {
      const above = condition.side === 'high' || condition.side === 'high-high'
      return `${above ? 'Above' : 'Below'} ${of(condition.limit)} (${condition.side}), deadband ${of(condition.deadband)}`
    }
    case 'deviation': {
      const from = 'tagId' in condition.from ? tagPath(condition.from.tagId) : of(condition.from.value)
      return `Further than ${of(condition.limit)} from ${from}, deadband ${of(condition.deadband)}`
    }
    case 'rate': {
      const how = { rising: 'Rises', falling: 'Falls', either: 'Changes' }[condition.side]
      return `${how} faster than ${of(condition.limit)} a second over ${secondsText(condition.overSeconds)}, deadband ${of(condition.deadband)}`
    }
    case 'stuck':
      return `Stays within ${of(condition.within)} for ${secondsText(condition.forSeconds)} although readings come`
    case 'stale':
      return `No good reading for ${secondsText(condition.forSeconds)}`
    case 'state':
      return `Has the value ${condition.values.join(' or ')}`
    case 'external':
      return `Raised elsewhere: ${condition.source}`
    case 'event':
      return eventText(condition)
  }
}

function eventText({ source, severities }: Extract<AlarmCondition, { kind: 'event' }>): string {
  const words = eventSourceWords[source]
  return source === 'deviation' ? `${words}: ${severities.join(', ')}` : words
}

/** What quality finds that can be an alarm. */
export const eventSourceWords: Readonly<Record<Extract<AlarmCondition, { kind: 'event' }>['source'], string>> = {
  deviation: 'A deviation was opened',
  'failed-inspection': 'An inspection failed',
  'gauge-out-of-tolerance': 'A gauge was found out of tolerance',
}

/** Seconds as people say them; below a second to the millisecond. */
export function secondsText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)
}

/** The limits of one condition that a chart can draw, in the tag's unit. */
export function limitLines(condition: AlarmCondition): readonly number[] {
  if (condition.kind === 'limit') return [condition.limit]
  if (condition.kind === 'deviation' && 'value' in condition.from) {
    return [condition.from.value - condition.limit, condition.from.value + condition.limit]
  }
  return []
}

/** What became of an acknowledgement at the machine that raised the alarm. */
export function machineWords({ state, at, reason }: MachineAnswer, timeZone: string | undefined): string {
  const because = reason === '' ? '' : `: ${reason}`
  switch (state) {
    case 'asked':
      return 'acknowledged here; the machine has not confirmed yet'
    case 'confirmed':
      return `confirmed by the machine at ${formatInstant(at, 'record', timeZone)}`
    case 'refused':
      return `acknowledged here; the machine refused${because}`
    case 'unanswered':
      return `acknowledged here; the machine has not confirmed${because}`
  }
}
