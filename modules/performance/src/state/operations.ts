import type { Clock, Id, Instant } from '@throughline/kernel'
import { DomainError, newId, toIso } from '@throughline/kernel'
import type { CurrentState, StateInterval, Stop } from '@throughline/model'
import { listCurrentStates, listStates, recordState } from '@throughline/model'
import type { Database, Platform, UnitOfWork } from '@throughline/platform'
import { shiftsBetween } from '../calendar/rules.ts'
import { listCalendarVersions } from '../calendar/store.ts'
import { listEntries } from '../count-entry/store.ts'
import { listCountSteps } from '../counter/store.ts'
import { listPlannedStopsOf } from '../planned-stop/store.ts'
import { listRuns } from '../run/store.ts'
import type { Machine, Machines } from '../state-rule/machines.ts'
import { findOpenStops, listStops } from '../stop/store.ts'
import { followChanges } from '../watch/effects.ts'
import { listProgress } from '../watch/progress-store.ts'
import type { MachineInterval } from './interval.ts'
import { cutTo, endOf, gapsIn, indexAt, intervalAt } from './interval.ts'
import { insertManualState, listIntervals } from './store.ts'
import { underCalendar } from './under-calendar.ts'

/** `heardAt` tells what is in memory, which is newer than what is stored. */
export function registerState(
  platform: Platform,
  machines: Machines,
  clock: Clock,
  heardAt: (nodeId: Id<'EquipmentNode'>) => Instant | null,
): void {
  platform.handle(listCurrentStates, async (uow, { nodeId }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const asked = nodeId === undefined ? machines.list() : machines.atOrBelow(nodeId)
    const { scopes } = uow
    const visible = asked.filter((each) => scopes === null || each.nodePath.some((above) => scopes.includes(above)))
    const states = await currentStates(uow.trx, visible, uow.at)
    return states.map((state) => ({ ...state, heardAt: heardAt(state.nodeId) ?? state.heardAt }))
  })

  platform.handle(listStates, async (uow, { nodeIds, window }) => {
    const asked: Machine[] = []
    for (const nodeId of new Set(nodeIds)) {
      await uow.assertWithin(nodeId)
      asked.push(machines.get(nodeId))
    }
    const to = Math.min(window.to, clock.now()) as Instant
    if (to <= window.from) return asked.map(({ nodeId }) => ({ nodeId, intervals: [] }))
    return await wholeStates(uow.trx, asked, window.from, to)
  })

  platform.handle(recordState, async (uow, { nodeId, state, from, to, comment }) => {
    const machine = machines.get(nodeId)
    assertSpan(machine, from, to, uow.at)
    await insertManualState(uow, { id: newId<'ManualState'>(uow.at), nodeId, from, to, state, comment })
    await followChanges(uow, machines, [
      { nodeId, from, to: to ?? uow.at, cause: `state recorded by ${uow.actor.name}` },
    ])
    return await recorded(uow, nodeId, from)
  })
}

/** What a person says is about what was and is. @throws DomainError `invalid` */
function assertSpan({ path }: Machine, from: Instant, to: Instant | null, now: Instant): void {
  if (to !== null && to <= from) {
    throw new DomainError(
      'invalid',
      'performance.state-empty',
      `A state of ${path} ends after it began: give a later end`,
    )
  }
  const future = [from, to].find((at) => at !== null && at > now)
  if (future === undefined || future === null) return
  throw new DomainError(
    'invalid',
    'performance.state-in-future',
    `${toIso(future)} has not come yet: record what ${path} did or does, and leave the end open while it lasts`,
    { at: future },
  )
}

async function recorded(uow: UnitOfWork, nodeId: Id<'EquipmentNode'>, from: Instant): Promise<StateInterval> {
  const found = intervalAt(await listIntervals(uow.trx, [nodeId], from, from + 1), from)
  if (found === undefined) throw new DomainError('defect', 'performance.state-lost', `No state of ${nodeId} at ${from}`)
  const stops = await listStops(uow.trx, [nodeId], from, (from + 1) as Instant, uow.at)
  return withStop(found, stops)
}

const standing: ReadonlySet<string> = new Set(['idle', 'starved', 'blocked', 'down', 'changeover'])

/** `stops` are of the same machine, oldest first. */
function withStop(interval: MachineInterval, stops: readonly Stop[]): StateInterval {
  const { causedBy: _causedBy, ...told } = interval
  if (!standing.has(interval.state)) return { ...told, stopId: null }
  const next = stops[indexAt(stops, interval.from) + 1]
  const stop =
    intervalAt(stops, interval.from) ?? (next !== undefined && next.from < endOf(interval) ? next : undefined)
  return { ...told, stopId: stop?.id ?? null }
}

/** Without a hole: what nobody knows is told as such. */
async function wholeStates(
  db: Database,
  machines: readonly Machine[],
  from: Instant,
  to: Instant,
): Promise<{ nodeId: Id<'EquipmentNode'>; intervals: StateInterval[] }[]> {
  const nodeIds = machines.map(({ nodeId }) => nodeId)
  const known = Map.groupBy(await listIntervals(db, nodeIds, from, to), (each) => each.nodeId)
  const stops = Map.groupBy(await listStops(db, nodeIds, from, to), (each) => each.nodeId)
  const judge = await judgeFor(db, machines, from, to)
  return machines.map((machine) => {
    const { nodeId } = machine
    const told = judge(machine, withoutHoles(nodeId, known.get(nodeId) ?? [], from, to))
    const own = stops.get(nodeId) ?? []
    return { nodeId, intervals: cutTo(told, from, to).map((each) => withStop(each, own)) }
  })
}

function withoutHoles(
  nodeId: Id<'EquipmentNode'>,
  known: readonly MachineInterval[],
  from: number,
  to: number,
): MachineInterval[] {
  const holes = gapsIn(known, from, to).map(
    (gap): MachineInterval => ({
      ...{ nodeId, from: gap.from as Instant, to: gap.to as Instant },
      ...{ state: 'no-data', label: 'not heard', source: 'rule', stopId: null, causedBy: null },
    }),
  )
  return [...known, ...holes].sort((a, b) => a.from - b.from)
}

type Judge = (machine: Machine, intervals: readonly MachineInterval[]) => MachineInterval[]

/** Puts breaks and planned stops in their place, for many machines at once. */
async function judgeFor(db: Database, machines: readonly Machine[], from: Instant, to: Instant): Promise<Judge> {
  const calendars = await listCalendarVersions(db)
  const places = [...new Set(machines.flatMap(({ nodePath }) => nodePath))]
  const stops = await listPlannedStopsOf(db, places, from, to)
  return ({ nodePath }, intervals) =>
    underCalendar(
      intervals,
      shiftsBetween(calendars, nodePath, from, to),
      stops.filter((stop) => nodePath.includes(stop.nodeId)),
      'keep',
    )
}

async function currentStates(db: Database, machines: readonly Machine[], now: Instant): Promise<CurrentState[]> {
  const nodeIds = machines.map(({ nodeId }) => nodeId)
  const next = (now + 1) as Instant
  const known = Map.groupBy(await listIntervals(db, nodeIds, now, next), (each) => each.nodeId)
  const runs = new Map((await listRuns(db, nodeIds, now, next)).map((run) => [run.nodeId, run]))
  const heard = new Map((await listProgress(db)).map((each) => [each.nodeId, each.heardAt as Instant | null]))
  const open = await findOpenStops(db, nodeIds)
  const judge = await judgeFor(db, machines, now, next)
  const counts = await shiftCounts(db, machines, now)
  return machines.map((machine) => {
    const { nodeId } = machine
    const heardAt = heard.get(nodeId) ?? null
    const interval = intervalAt(judge(machine, known.get(nodeId) ?? []), now)
    const run = runs.get(nodeId)
    return {
      nodeId,
      state: interval?.state ?? 'no-data',
      label: interval?.label ?? 'not heard',
      since: interval?.from ?? heardAt ?? now,
      heardAt,
      order: run?.order ?? null,
      product: run?.product ?? null,
      ...(counts.get(nodeId) ?? { good: null, scrap: null }),
      openStopId: open.get(nodeId) ?? null,
    }
  })
}

/** What each machine made in its running shift, by counters and people; machines that nobody counts are left out. */
async function shiftCounts(
  db: Database,
  machines: readonly Machine[],
  now: Instant,
): Promise<Map<Id<'EquipmentNode'>, { good: number | null; scrap: number | null }>> {
  const calendars = await listCalendarVersions(db)
  const next = (now + 1) as Instant
  const begins = new Map(
    machines.flatMap(({ nodeId, nodePath }) => {
      const shift = shiftsBetween(calendars, nodePath, now, next)[0]
      return shift === undefined ? [] : [[nodeId, shift.from] as const]
    }),
  )
  const nodeIds = [...begins.keys()]
  const earliest = Math.min(now, ...begins.values()) as Instant
  const steps = Map.groupBy(await listCountSteps(db, nodeIds, earliest, next), (each) => each.nodeId)
  const entries = Map.groupBy(await listEntries(db, nodeIds, earliest, next), (each) => each.nodeId)
  return new Map(
    nodeIds.flatMap((nodeId) => {
      const begin = begins.get(nodeId) ?? now
      const told = [
        ...(steps.get(nodeId) ?? []).filter(({ at }) => at >= begin),
        ...(entries.get(nodeId) ?? []).filter(({ madeAt }) => madeAt >= begin).map(countsOf),
      ]
      return told.length === 0 ? [] : [[nodeId, { good: sumOf(told, 'good'), scrap: sumOf(told, 'scrap') }] as const]
    }),
  )
}

/** Scrap and rework that people find turn parts that the machine counted as good. */
function countsOf({ kind, quantity }: { kind: 'produced' | 'scrap' | 'rework'; quantity: number }) {
  return { good: kind === 'produced' ? quantity : -quantity, scrap: kind === 'scrap' ? quantity : null }
}

function sumOf<Name extends string>(told: readonly Record<Name, number | null>[], name: Name): number | null {
  const known = told.map((each) => each[name]).filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}
