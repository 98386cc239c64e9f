/** The machine states, plus the two that say that nothing is known. Starved shows as idle does, with its own word. */
export type MachineState =
  | 'running'
  | 'idle'
  | 'starved'
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
  starved: 'Starved',
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
  starved: 'starved',
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

/**
 * A strip of many spans, drawn with few: neighbours that are narrower than `least` (a share of the strip) become one piece,
 * in the state that lasts longest in it, whose word says how many it stands for.
 */
export function condensed(spans: readonly StateSpan[], from: number, to: number, least: number): readonly StateSpan[] {
  const leastUs = (to - from) * least
  const pieces: StateSpan[] = []
  let crowd: StateSpan[] = []
  function flush(): void {
    const [first] = crowd
    const last = crowd.at(-1)
    if (first === undefined || last === undefined) return
    pieces.push(crowd.length === 1 ? first : together(crowd, first.from, last.to))
    crowd = []
  }
  for (const span of spans) {
    const isWide = span.to - span.from >= leastUs
    const begin = crowd[0]?.from ?? span.from
    if (isWide || span.to - begin > leastUs || crowd.at(-1)?.to !== span.from) flush()
    if (isWide) pieces.push(span)
    else crowd.push(span)
  }
  flush()
  return pieces
}

function together(crowd: readonly StateSpan[], from: number, to: number): StateSpan {
  const lengths = new Map<MachineState, number>()
  for (const span of crowd) lengths.set(span.state, (lengths.get(span.state) ?? 0) + span.to - span.from)
  const [longest] = [...lengths].sort(([, a], [, b]) => b - a)
  const state = longest?.[0] ?? 'no-data'
  return { from, to, state, label: `${crowd.length} states, mostly ${machineStateWords[state].toLowerCase()}` }
}

/** The span that holds an instant; undefined between spans. */
export function spanAt<Span extends { readonly from: number; readonly to: number }>(
  spans: readonly Span[],
  at: number,
): Span | undefined {
  return spans.find((span) => span.from <= at && at < span.to)
}
