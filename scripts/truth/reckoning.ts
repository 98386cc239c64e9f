import type { MadeRecord, StateRecord } from './records.ts'

/** What a state of a machine does to its time, by the words of the machine itself. */
type Kind = 'runs' | 'idle' | 'starved' | 'set up' | 'down' | 'planned'

interface Machine {
  readonly path: string
  readonly kinds: Readonly<Record<string, Kind>>
  /** Ideal milliseconds a part, by product; '' = whatever it makes. */
  readonly idealMs: Readonly<Record<string, number>>
}

const machiningCenter: Omit<Machine, 'path'> = {
  kinds: {
    ...{ Running: 'runs', Idle: 'idle', Held: 'down', Down: 'down', Changeover: 'set up', 'Planned stop': 'planned' },
  },
  idealMs: { 'BRK-100': 360_000, 'BRK-200': 480_000 },
}

/** The machines that are compared, with what the plant says of their speed. */
export const machines: Readonly<Record<string, Machine>> = {
  'CNC-01': { path: 'aurora/aero/machining/trim-drill/cnc-01', ...machiningCenter },
  'CNC-02': { path: 'aurora/aero/machining/trim-drill/cnc-02', ...machiningCenter },
  'CUT-01': {
    path: 'aurora/aero/composites/cutting/cut-01',
    kinds: { Running: 'runs', Idle: 'idle', Changeover: 'set up', Down: 'down', 'Planned stop': 'planned' },
    idealMs: { '': 240_000 / 14 },
  },
  'AUT-01': {
    path: 'aurora/aero/composites/curing/aut-01',
    kinds: {
      ...{ Idle: 'idle', Loading: 'set up', Unloading: 'set up', Evacuation: 'runs', 'Heat-up': 'runs' },
      ...{ Soak: 'runs', 'Cool-down': 'runs' },
    },
    idealMs: { '': 4.8 * 3_600_000 },
  },
  'FIL-01': {
    path: 'aurora/bio/fill-finish/filling/fil-01',
    kinds: {
      ...{ Execute: 'runs', Starting: 'runs', Unholding: 'runs', Unsuspending: 'runs', Completing: 'runs' },
      ...{ Idle: 'idle', Completed: 'idle', Suspending: 'starved', Suspended: 'starved', Resetting: 'set up' },
      ...{ Stopping: 'down', Stopped: 'down', Holding: 'down', Held: 'down' },
      ...{ Aborting: 'down', Aborted: 'down', Clearing: 'down' },
    },
    idealMs: { '': 500 },
  },
}

/** A shorter stop is a loss of speed and not of availability, by the rule of each class. */
const minorMs = 120_000

/** One stretch of one kind; what a machine calls by several names is one stop. */
interface Stretch {
  readonly kind: Kind
  readonly from: number
  to: number
}

/** A machine's month as stretches, oldest first. */
export function stretchesOf(states: readonly StateRecord[], kinds: Machine['kinds']): Stretch[] {
  const stretches: (Stretch & { own: Kind })[] = []
  for (const { state, from, to, why } of states) {
    const own = kinds[state] ?? 'down'
    const last = stretches.at(-1)
    if (last?.own === own && last.to === from) last.to = to
    else stretches.push({ own, kind: own !== 'runs' && why === 'Maintenance' ? 'planned' : own, from, to })
  }
  return stretches
}

/** What was made of one product within a time. */
export interface Piece {
  readonly product: string
  readonly total: number
  readonly good: number
}

export interface Ratios {
  readonly oee: number | null
  readonly availability: number | null
  readonly effectiveness: number | null
  readonly 'quality-ratio': number | null
}

/**
 * ISO 22400-2 in four lines: production by busy time, ideal by production time, good by made, ideal of good by busy time.
 * Among several products a part weighs as much as its ideal time, so that the three factors multiply to the OEE.
 */
export function ratiosOf(
  stretches: readonly Stretch[],
  pieces: readonly Piece[],
  idealMs: Machine['idealMs'],
  from: number,
  to: number,
): Ratios {
  let [busy, production] = [0, 0]
  for (const stretch of stretches) {
    const length = Math.min(stretch.to, to) - Math.max(stretch.from, from)
    if (length <= 0 || stretch.kind === 'planned') continue
    busy += length
    if (stretch.kind === 'runs' || stretch.to - stretch.from < minorMs) production += length
  }
  const weighed = (of: 'total' | 'good'): number =>
    pieces.reduce((sum, piece) => sum + piece[of] * (idealMs[piece.product] ?? idealMs[''] ?? Number.NaN), 0)
  const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)
  const [total, good] = [weighed('total'), weighed('good')]
  return {
    availability: ratio(production, busy),
    effectiveness: ratio(total, production),
    'quality-ratio': ratio(good, total),
    oee: ratio(good, busy),
  }
}

/** What was made in `from < at <= to`, both being instants of records: the differences of the running totals. */
export function piecesBetween(made: readonly MadeRecord[], from: number, to: number): Piece[] {
  const pieces: Piece[] = []
  let before: Pick<MadeRecord, 'total' | 'good'> = { total: 0, good: 0 }
  for (const record of made) {
    const { at, product, total, good } = record
    if (at > from && at <= to) pieces.push({ product, total: total - before.total, good: good - before.good })
    before = record
  }
  return pieces
}

/** An order's time on a machine: from the end of the one before to its own. The first began before anybody looked. */
export function ordersOf(made: readonly MadeRecord[]): { order: string; from: number; to: number }[] {
  const ends = made.filter((record) => record.orderEnds)
  return ends.slice(1).map(({ order, at }, index) => ({ order, from: ends[index]?.at ?? at, to: at }))
}
