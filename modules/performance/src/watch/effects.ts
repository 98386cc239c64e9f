import type { Id, Instant } from '@throughline/kernel'
import type { PlannedStop, Shift } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import { shiftsBetween } from '../calendar/rules.ts'
import { listCalendarVersions } from '../calendar/store.ts'
import { listLineSettings } from '../line/store.ts'
import { listPlannedStopsOf } from '../planned-stop/store.ts'
import { listRuns } from '../run/store.ts'
import type { MachineInterval } from '../state/interval.ts'
import { endOf } from '../state/interval.ts'
import { listIntervals, matesOf } from '../state/store.ts'
import { derivedTables } from '../state/tables.ts'
import { underCalendar } from '../state/under-calendar.ts'
import type { Machine, Machines } from '../state-rule/machines.ts'
import { ruleAt } from '../state-rule/machines.ts'
import { followStops } from '../stop/follow.ts'
import { lockMachine } from '../stop/store.ts'
import type { Changed } from './difference.ts'

/** What changed of one machine, and why. */
export interface StateChanged extends Changed {
  readonly nodeId: Id<'EquipmentNode'>
  /** Null = nothing of it is news: only the calendar went on. */
  readonly cause: string | null
}

const forEver = Number.MAX_SAFE_INTEGER
/** What changed for a time before this is told as a change of the past. */
const presentUs = 60e6

/**
 * Lets stops follow states that changed, also those of the other machines of a line, and tells whom it concerns. Answers
 * the machines that it went through.
 */
export async function followChanges(
  uow: UnitOfWork,
  machines: Machines,
  changes: readonly StateChanged[],
): Promise<Machine[]> {
  const lines = await listLineSettings(uow.trx)
  const widest = new Map<Id<'EquipmentNode'>, StateChanged>()
  for (const change of changes) {
    for (const id of matesOf(lines, [change.nodeId])) {
      const nodeId = id as Id<'EquipmentNode'>
      const known = widest.get(nodeId) ?? { ...change, nodeId }
      const span = { from: Math.min(known.from, change.from), to: Math.max(known.to, change.to) }
      widest.set(nodeId, { ...known, ...span, cause: known.cause ?? change.cause })
    }
  }
  const nodeIds = [...widest.keys()].sort()
  const followed: Machine[] = []
  // Whoever else changes what is read here waits, or is waited for.
  for (const nodeId of nodeIds) await lockMachine(uow.trx, nodeId)
  for (const nodeId of nodeIds) {
    const machine = machines.find(nodeId)
    const change = widest.get(nodeId)
    if (machine === undefined || change === undefined) continue
    await followMachine(uow, machine, change.from)
    followed.push(machine)
    const { from, to, cause } = change
    if (cause !== null && from < uow.at - presentUs) {
      uow.emit('performance.past-changed', { nodeId, from: from as Instant, to: to as Instant, cause })
    }
  }
  if (followed.length > 0) uow.emit('performance.state-changed', { nodeIds: followed.map((each) => each.nodeId) })
  return followed
}

async function followMachine(uow: UnitOfWork, machine: Machine, from: number): Promise<void> {
  const { trx } = uow
  const { nodeId, nodePath } = machine
  const rule = ruleAt(machine.rules, uow.at)
  if (rule === undefined) return
  const intervals = await listIntervals(trx, [nodeId], from, forEver)
  const begin = Math.min(from, intervals[0]?.from ?? from)
  const judged = await judgedNow(trx, machine, intervals, begin, uow.at)
  const first = judged[0]?.from ?? from
  await followStops(uow, {
    ...{ nodeId, nodePath, rule },
    from: from as Instant,
    intervals: judged.filter((each) => endOf(each) > from),
    runs: await listRuns(trx, [nodeId], first, forEver),
    codes: await listCodes(trx, nodeId, first),
  })
}

/** As the calendar judges them, with what the calendar says of the time to come left aside: nobody knows how long a stop lasts. */
async function judgedNow(
  db: Database,
  { nodePath }: Machine,
  intervals: readonly MachineInterval[],
  from: number,
  now: Instant,
): Promise<MachineInterval[]> {
  const calendars = await listCalendarVersions(db)
  const shifts = shiftsBetween(calendars, nodePath, from as Instant, (now + 1) as Instant)
  const stops = await listPlannedStopsOf(db, nodePath, from, now + 1)
  return underCalendar(intervals, shifts.map(asOf(now)), stops.filter(begun(now)).map(openEnded(now)), 'drop').map(
    (each) => (endOf(each) >= forEver ? { ...each, to: null } : each),
  )
}

const begun =
  (now: Instant) =>
  (each: { readonly from: Instant }): boolean =>
    each.from <= now

const openEnded =
  (now: Instant) =>
  <Span extends Pick<PlannedStop, 'to'>>(span: Span): Span =>
    span.to > now ? { ...span, to: forEver as Instant } : span

const asOf =
  (now: Instant) =>
  (shift: Shift): Shift => ({
    ...openEnded(now)(shift),
    breaks: shift.breaks.filter(begun(now)).map(openEnded(now)),
  })

/** What the reason tag said since an instant, beginning with what held then. */
async function listCodes(db: Database, nodeId: string, from: number): Promise<{ at: Instant; code: string | null }[]> {
  const holding = await derivedTables(db)
    .selectFrom('reason_code')
    .select(['at', 'code'])
    .where('node_id', '=', nodeId)
    .where('at', '<=', from)
    .orderBy('at', 'desc')
    .limit(1)
    .execute()
  const later = await derivedTables(db)
    .selectFrom('reason_code')
    .select(['at', 'code'])
    .where('node_id', '=', nodeId)
    .where('at', '>', from)
    .orderBy('at')
    .execute()
  return [...holding, ...later].map(({ at, code }) => ({ at: at as Instant, code }))
}

const dayUs = 86_400e6

/** When the calendar next changes how a machine is judged: a shift, break or planned stop that begins or ends after `now`. */
export async function nextBoundary(db: Database, { nodePath }: Machine, now: Instant): Promise<number> {
  const shifts = shiftsBetween(await listCalendarVersions(db), nodePath, now, (now + 2 * dayUs) as Instant)
  const stops = await listPlannedStopsOf(db, nodePath, now, now + 2 * dayUs)
  const all = [...shifts, ...shifts.flatMap((shift) => shift.breaks), ...stops].flatMap(({ from, to }) => [from, to])
  return Math.min(now + dayUs, ...all.filter((at) => at > now))
}
