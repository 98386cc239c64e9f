import { createHash } from 'node:crypto'
import type { Shift } from '@throughline/model'
import { canonicalJson } from '@throughline/platform'
import type { MachineFacts, Span } from '../time-model/facts.ts'

/**
 * SHA-256 over the canonical JSON (RFC 8785) of all that the figures of a shift are worked out of: its states, stops with
 * their reasons, planned stops, runs, counts, gaps of the counters, entries, rules and standards. What lies outside of the shift is not in it.
 */
export function inputHashOf(facts: MachineFacts, shift: Shift): string {
  const overlaps = ({ from, to }: Span): boolean => from < shift.to && (to ?? facts.until) > shift.from
  const lies = (at: number): boolean => shift.from <= at && at < shift.to
  const gaps = facts.gaps.filter(({ since, at }) => since < shift.to && at >= shift.from)
  const inputs = {
    machine: facts.nodeId,
    knownSince: Math.max(facts.knownSince, shift.from),
    shift,
    // The ends of what goes on after the shift are another shift's matter.
    states: facts.states.filter(overlaps).map((span) => cut(span, shift)),
    stops: facts.stops.filter(overlaps).map((span) => cut(span, shift)),
    runs: facts.runs.filter(overlaps).map((span) => cut(span, shift)),
    plannedStops: facts.plannedStops.filter(overlaps),
    steps: facts.steps.filter(({ at }) => lies(at)),
    ...(gaps.length > 0 && { gaps }),
    entries: facts.entries.filter(({ madeAt }) => lies(madeAt)),
    rules: facts.rules,
    standards: facts.standards,
  }
  return createHash('sha256').update(canonicalJson(inputs)).digest('hex')
}

const cut = <Item extends Span>(span: Item, { from, to }: Shift): Item => ({
  ...span,
  from: Math.max(span.from, from),
  to: Math.min(span.to ?? to, to),
})
