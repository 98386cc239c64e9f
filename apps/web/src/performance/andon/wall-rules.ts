import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { machineStateWords } from '@throughline/ui'
import type { Machine } from '../machine/machine-words.ts'
import { durationText } from '../machine/machine-words.ts'

const silenceUs = 30_000_000

/** Whether the board must say that it is offline: nothing came for 30 s, or nothing at all. */
export function isSilent(answeredAt: Instant | undefined, now: Instant): boolean {
  return answeredAt === undefined || now - answeredAt > silenceUs
}

/** The server answered, and said no: asking again changes nothing, and each time leaves an entry in the audit trail. */
export function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError && (error.kind === 'unauthenticated' || error.kind === 'forbidden')
}

/** Type size in vh for text that must be read from so far away: 16 minutes of arc cap height (ISO 9241). */
export function wallTypeVh(distanceM: number, diagonalIn: number): number {
  return (0.94 * distanceM * 55) / diagonalIn
}

/** The one line of trouble: the machine that stands worst and longest. `worst` = worst first. */
export function troubleLine(worst: readonly Machine[], now: Instant): string {
  const [first] = worst
  if (first === undefined) return 'No machine tells its state'
  const { state, label, since } = first.current
  if (state === 'running' || state === 'planned-stop' || state === 'changeover') return 'No trouble'
  const others = worst.filter(({ current }) => current.state === 'down').length - 1
  const more = state === 'down' && others > 0 ? `, ${others} more down` : ''
  const word = machineStateWords[state].toLowerCase()
  const own = label === '' || label.toLowerCase() === word ? '' : ` (${label})`
  return `${first.node.name} ${word}${own}, ${durationText(now - since)}${more}`
}
