/** The six machine states, plus the two that say that nothing is known. */
export type MachineState =
  | 'running'
  | 'idle'
  | 'blocked'
  | 'down'
  | 'changeover'
  | 'planned-stop'
  | 'no-data'
  | 'future'

/** The word of each state: a state is never told by colour alone. */
export const machineStateWords: Readonly<Record<MachineState, string>> = {
  running: 'Running',
  idle: 'Idle',
  blocked: 'Blocked',
  down: 'Down',
  changeover: 'Changeover',
  'planned-stop': 'Planned stop',
  'no-data': 'No data',
  future: 'Not yet',
}

const named: Readonly<Record<string, MachineState>> = {
  execute: 'running',
  completing: 'running',
  starting: 'running',
  unholding: 'running',
  unsuspending: 'running',
  idle: 'idle',
  complete: 'idle',
  suspended: 'idle',
  suspending: 'idle',
  held: 'down',
  holding: 'down',
  aborted: 'down',
  aborting: 'down',
  clearing: 'down',
  stopped: 'down',
  stopping: 'down',
  resetting: 'changeover',
  running: 'running',
  starved: 'idle',
  blocked: 'blocked',
  down: 'down',
  setup: 'changeover',
  changeover: 'changeover',
  'planned stop': 'planned-stop',
  'planned-stop': 'planned-stop',
}

/** The machine state that a PackML state (`Execute`, `Held`) or a state's own name means, whatever its case. */
export function machineStateOf(name: string): MachineState | undefined {
  return named[name.toLowerCase()]
}

/** A stretch of one state on a strip: `from <= at < to`, UTC microseconds. */
export interface StateSpan {
  readonly from: number
  readonly to: number
  readonly state: MachineState
  /** What people call it, when it is more than the state's own word. */
  readonly label: string
}

/** Where each span stands on a strip over `from` to `to`, as fractions; what lies outside is cut. */
export function placeSpans(
  spans: readonly StateSpan[],
  from: number,
  to: number,
): { span: StateSpan; left: number; width: number }[] {
  const length = to - from
  if (length <= 0) return []
  return spans.flatMap((span) => {
    const start = Math.max(from, span.from)
    const end = Math.min(to, span.to)
    return end <= start ? [] : [{ span, left: (start - from) / length, width: (end - start) / length }]
  })
}
