import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { MachineState, Shift } from '@throughline/model'
import type { MachineFacts, StateSpan, StopSpan } from '../facts.ts'

export const minuteUs = 60e6

/** Minutes after the start of the first shift, as an instant. */
export const minute = (count: number): Instant => Math.round(1e15 + count * minuteUs) as Instant

/** A shift of so many minutes, with breaks from and to a minute. */
export function shiftOf(from: number, to: number, breaks: readonly (readonly [number, number])[] = []): Shift {
  return {
    name: `from ${from}`,
    date: '2001-09-09',
    timeZone: 'UTC',
    from: minute(from),
    to: minute(to),
    breaks: breaks.map(([begin, end]) => ({ name: 'break', from: minute(begin), to: minute(end) })),
  }
}

/** States one after the other, by the minute at which each begins; the last goes on. */
export function statesOf(...told: readonly (readonly [from: number, state: MachineState])[]): StateSpan[] {
  return told.map(([from, state], index) => {
    const next = told[index + 1]
    return { from: minute(from), to: next === undefined ? null : minute(next[0]), state }
  })
}

export function stopOf(from: number, to: number, about: Partial<StopSpan> = {}): StopSpan {
  return {
    id: newId<'Stop'>(),
    from: minute(from),
    to: minute(to),
    minor: false,
    reasonId: about.category == null ? null : newId<'Reason'>(),
    causedBy: null,
    category: null,
    insidePlannedTime: false,
    ...about,
  }
}

/** A machine with one shift of eight hours that counts, an ideal cycle of one minute and no stop that is minor. */
export function factsOf(about: Partial<MachineFacts>): MachineFacts {
  return {
    nodeId: newId<'EquipmentNode'>(),
    knownSince: minute(0),
    until: minute(100_000),
    states: statesOf([0, 'running']),
    shifts: [shiftOf(0, 480)],
    plannedStops: [],
    stops: [],
    runs: [],
    steps: [],
    gaps: [],
    entries: [],
    rules: [ruleOf(60)],
    standards: [],
    ...about,
  }
}

export const ruleOf = (idealSeconds: number | null, minorStopSeconds = 0, isCounting = true) => ({
  effectiveFrom: 0 as Instant,
  idealCycleUs: idealSeconds === null ? null : Math.round(idealSeconds * 1e6),
  minorStopUs: minorStopSeconds * 1e6,
  isCounting,
  isHeard: true,
})

/** Parts counted at a minute. */
export const stepOf = (at: number, total: number | null, good: number | null, scrap: number | null = null) => ({
  at: minute(at),
  total,
  good,
  scrap,
  rework: null,
})
