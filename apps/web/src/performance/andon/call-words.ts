import type { Instant } from '@throughline/kernel'
import type { AndonCall } from '@throughline/model'
import { durationText } from '../machine/machine-words.ts'

export const callKinds = ['maintenance', 'quality', 'material', 'supervisor', 'safety'] as const

export const callWords: Readonly<Record<AndonCall['kind'], string>> = {
  maintenance: 'Maintenance',
  quality: 'Quality',
  material: 'Material',
  supervisor: 'Supervisor',
  safety: 'Safety',
}

/** One call in a line: who, since when, and who comes. */
export function callText(call: AndonCall, now: Instant): string {
  const what = call.text === '' ? callWords[call.kind] : `${callWords[call.kind]} (${call.text})`
  if (call.state === 'called')
    return `${what}: called ${durationText(now - call.calledAt)} ago, nobody has answered yet`
  if (call.state === 'acknowledged' && call.acknowledgedAt !== null) {
    return `${what}: ${call.acknowledgedBy ?? 'somebody'} comes, since ${durationText(now - call.acknowledgedAt)}`
  }
  return `${what}: resolved by ${call.resolvedBy ?? 'somebody'}`
}

/** How long until somebody answered, and until it was resolved, in µs; null = not yet. */
export function responseOf(call: AndonCall): { answerUs: number | null; resolveUs: number | null } {
  return {
    answerUs: call.acknowledgedAt === null ? null : call.acknowledgedAt - call.calledAt,
    resolveUs: call.resolvedAt === null ? null : call.resolvedAt - call.calledAt,
  }
}

/** The middle one of several durations; null without any. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}
