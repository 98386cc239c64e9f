import type { Instant } from '@throughline/kernel'
import type {
  CurrentState,
  EquipmentNode,
  KpiRow,
  MachineState,
  Reason,
  StateInterval,
  StopCategory,
  Window,
} from '@throughline/model'
import type { StateSpan } from '@throughline/ui'
import { formatDuration, machineStateWords } from '@throughline/ui'

/** The state's own word, and the machine's where that says more: `Down: Held`. */
export function stateText(state: MachineState, label: string): string {
  const word = machineStateWords[state]
  return label === '' || label.toLowerCase() === word.toLowerCase() ? word : `${word}: ${label}`
}

/** A state on a strip, with the stop that it belongs to. */
export interface StateStretch extends StateSpan {
  readonly interval: StateInterval
}

/** Intervals as spans of a strip; one that lasts ends now. */
export function stretchesOf(intervals: readonly StateInterval[], now: Instant): StateStretch[] {
  return intervals.flatMap((interval) => {
    const to = interval.to ?? now
    if (to <= interval.from) return []
    return [
      { from: interval.from, to, state: interval.state, label: stateText(interval.state, interval.label), interval },
    ]
  })
}

/** What of a window still lies ahead is drawn blank: it is not "no data". */
export function futureOf(window: Window, now: Instant): StateSpan[] {
  if (now >= window.to) return []
  return [{ from: Math.max(now, window.from), to: window.to, state: 'future', label: 'Not yet' }]
}

const ranks: Readonly<Record<MachineState, number>> = {
  down: 0,
  'no-data': 1,
  blocked: 2,
  starved: 3,
  idle: 4,
  changeover: 5,
  'planned-stop': 6,
  running: 7,
}

/** A machine with what it does now. */
export interface Machine {
  readonly node: EquipmentNode
  readonly name: string
  readonly current: CurrentState
}

/** Worst first: by state, then who stands longest; running ones by name, so that they keep their place. */
export function worstMachinesFirst<One extends Pick<Machine, 'name' | 'current'>>(machines: readonly One[]): One[] {
  return machines.toSorted((a, b) => {
    const byState = ranks[a.current.state] - ranks[b.current.state]
    if (byState !== 0) return byState
    const bySince = a.current.state === 'running' ? 0 : a.current.since - b.current.since
    return bySince !== 0 ? bySince : a.name < b.name ? -1 : 1
  })
}

/** One KPI of a row; undefined where the server told none of that name. */
export function kpiOf(row: Pick<KpiRow, 'kpis'>, id: string): KpiRow['kpis'][number] | undefined {
  return row.kpis.find((kpi) => kpi.id === id)
}

/** Microseconds as a duration in words. */
export const durationText = (us: number): string => formatDuration(us / 1000)

/** A reason in the reader's language where it has that, else in English, else its code. */
export function reasonText(reason: Pick<Reason, 'texts' | 'code'>, languages: readonly string[]): string {
  for (const language of languages) {
    const text = reason.texts[language] ?? reason.texts[language.split('-')[0] ?? '']
    if (text !== undefined) return text
  }
  return reason.texts['en'] ?? reason.code
}

export const categoryWords: Readonly<Record<StopCategory, string>> = {
  down: 'Unplanned down time',
  setup: 'Set-up',
  delay: 'Waiting',
  planned: 'Planned stop',
  'no-order': 'No order',
}
