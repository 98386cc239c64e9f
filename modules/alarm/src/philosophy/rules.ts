import { DomainError } from '@throughline/kernel'
import type { AlarmDefinition, AlarmPhilosophy, AlarmPriority } from '@throughline/model'
import { AlarmSeverity, TimeToRespond } from '@throughline/model'

const hour = 3600

/** What holds until somebody sets otherwise: version 0. */
export const deliveredPhilosophy: AlarmPhilosophy = {
  version: 0,
  purpose:
    'An alarm tells an operator of something abnormal that needs a timely response. What needs no response is no alarm. Every alarm has a cause, a consequence, a response and a time to respond, and a priority that follows from how bad the consequence is and how soon the response is needed.',
  matrix: {
    minor: { 'under-3-min': 3, '3-to-10-min': 3, '10-to-30-min': 4, 'over-30-min': 4 },
    moderate: { 'under-3-min': 2, '3-to-10-min': 3, '10-to-30-min': 3, 'over-30-min': 3 },
    major: { 'under-3-min': 1, '3-to-10-min': 2, '10-to-30-min': 2, 'over-30-min': 3 },
    severe: { 'under-3-min': 1, '3-to-10-min': 1, '10-to-30-min': 2, 'over-30-min': 2 },
  },
  maxShelfSeconds: { 1: 8 * hour, 2: 8 * hour, 3: 24 * hour, 4: 24 * hour },
  targets: {
    perOperatorPer10Min: 1,
    floodPer10Min: 10,
    floodShare: 0.01,
    staleAfterHours: 24,
    chatteringPerMinute: 3,
    topTenShare: 0.05,
    distribution: { 1: 0.05, 2: 0.15, 3: 0.8, 4: 0 },
  },
  reason: 'as delivered',
  recordedBy: 'Throughline',
  recordedAt: null,
}

/** The priority that the matrix gives to an alarm of this severity and time to respond. */
export function priorityOf(
  matrix: AlarmPhilosophy['matrix'],
  severity: AlarmDefinition['severity'],
  timeToRespond: AlarmDefinition['timeToRespond'],
): AlarmPriority {
  return matrix[severity][timeToRespond]
}

/**
 * Whether a philosophy can be worked by: what is worse or more urgent must not come after what is less so, and the targets
 * must be such that they can be met.
 * @throws DomainError `invalid`
 */
export function assertPhilosophy({
  matrix,
  maxShelfSeconds,
  targets,
}: Pick<AlarmPhilosophy, 'matrix' | 'maxShelfSeconds' | 'targets'>): void {
  assertMatrixRises(matrix)
  for (const [priority, seconds] of Object.entries(maxShelfSeconds)) {
    if (seconds > 0 && seconds <= 7 * 24 * hour) continue
    throw wrong(
      `maxShelfSeconds.${priority}`,
      `Priority ${priority} may be shelved for 1 second to 7 days, not ${seconds} s`,
    )
  }
  const { distribution, ...others } = targets
  for (const [name, value] of Object.entries(others)) {
    if (value > 0) continue
    throw wrong(`targets.${name}`, `A target of ${value} cannot be met: give one above 0`)
  }
  if (targets.staleAfterHours < 1) {
    throw wrong(
      'targets.staleAfterHours',
      `An alarm is not stale after ${targets.staleAfterHours} h: give one hour or more`,
    )
  }
  for (const name of ['floodShare', 'topTenShare'] as const) {
    if (targets[name] <= 1) continue
    throw wrong(`targets.${name}`, `${targets[name]} is no share: give a number from 0 to 1`)
  }
  for (const name of ['floodPer10Min', 'chatteringPerMinute'] as const) {
    if (Number.isInteger(targets[name]) && targets[name] >= 2) continue
    throw wrong(`targets.${name}`, `${targets[name]} alarms are no crowd: give a whole number from 2`)
  }
  const shares = Object.values(distribution)
  const sum = shares.reduce((total, share) => total + share, 0)
  if (shares.some((share) => share < 0) || Math.abs(sum - 1) > 0.001) {
    throw wrong(
      'targets.distribution',
      `The shares of the priorities add up to ${sum}, not to 1: 0 counts a priority apart`,
    )
  }
}

function assertMatrixRises(matrix: AlarmPhilosophy['matrix']): void {
  for (const [row, severity] of AlarmSeverity.options.entries()) {
    for (const [column, time] of TimeToRespond.options.entries()) {
      const priority = matrix[severity][time]
      const lesser = AlarmSeverity.options[row - 1]
      const slower = TimeToRespond.options[column + 1]
      if (lesser !== undefined && matrix[lesser][time] < priority) {
        throw wrong(
          `matrix.${severity}.${time}`,
          `${severity} comes after ${lesser} (${time}): the worse one must not wait`,
        )
      }
      if (slower !== undefined && matrix[severity][slower] < priority) {
        throw wrong(
          `matrix.${severity}.${time}`,
          `${severity}, ${time} comes after ${slower}: the more urgent one must not wait`,
        )
      }
    }
  }
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'alarm.philosophy-invalid', message, { fields: [{ path, message }] })
