import type { AlarmCondition, AlarmDefinition } from '@throughline/model'

export const priorityNames: Readonly<Record<number, string>> = {
  1: 'critical',
  2: 'high',
  3: 'medium',
  4: 'low or diagnostic',
}

export const timeNames: Readonly<Record<AlarmDefinition['timeToRespond'], string>> = {
  'under-3-min': 'under 3 min',
  '3-to-10-min': '3 to 10 min',
  '10-to-30-min': '10 to 30 min',
  'over-30-min': 'over 30 min',
}

/** What makes the alarm: `high: above 1.3 uS/cm, deadband 0.05`. */
export function conditionWords(condition: AlarmCondition, unit: string): string {
  const withUnit = (value: number): string => (unit === '' || unit === '1' ? `${value}` : `${value} ${unit}`)
  switch (condition.kind) {
    case 'limit': {
      const { side, limit, deadband } = condition
      const beyond = side === 'high' || side === 'high-high' ? 'above' : 'below'
      return `${side}: ${beyond} ${withUnit(limit)}, deadband ${withUnit(deadband)}`
    }
    case 'deviation': {
      const { limit, deadband, from } = condition
      const target = 'value' in from ? withUnit(from.value) : 'its set point'
      return `more than ${withUnit(limit)} from ${target}, deadband ${withUnit(deadband)}`
    }
    case 'rate': {
      const { side, limit, overSeconds } = condition
      const way = side === 'either' ? 'changing' : side
      return `${way} by more than ${withUnit(limit)} a second, over ${overSeconds} s`
    }
    case 'stuck':
      return `not changed by more than ${withUnit(condition.within)} for ${condition.forSeconds} s`
    case 'stale':
      return `no good reading for ${condition.forSeconds} s`
    case 'state':
      return `is ${condition.values.join(' or ')}`
    case 'external':
      return `raised by ${condition.source}`
    case 'event':
      return eventWords(condition)
  }
}

function eventWords({ source, severities }: Extract<AlarmCondition, { kind: 'event' }>): string {
  switch (source) {
    case 'deviation':
      return `a ${severities.join(' or ')} deviation is open`
    case 'failed-inspection':
      return 'an inspection failed, and its deviation is open'
    case 'gauge-out-of-tolerance':
      return 'a gauge was found out of tolerance'
  }
}

/** What is beside the condition: delays, latching, suppression. */
export function behaviourWords(definition: AlarmDefinition): string {
  const { onDelaySeconds, offDelaySeconds, latched, suppressWhile, qualityCritical } = definition
  return [
    onDelaySeconds > 0 ? `on-delay ${onDelaySeconds} s` : '',
    offDelaySeconds > 0 ? `off-delay ${offDelaySeconds} s` : '',
    latched ? 'latched' : '',
    suppressWhile === null ? '' : 'suppressed by design',
    qualityCritical ? 'quality-critical' : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** Seconds as hours, or as minutes where they are no whole hours: `8 h`. */
export const durationWords = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`

/** A share as people read it: `15 %`. */
export const percentWords = (share: number): string => `${Math.round(share * 1000) / 10} %`
