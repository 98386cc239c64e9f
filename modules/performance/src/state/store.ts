import type { Id, Instant } from '@throughline/kernel'
import type { LineSetting, MachineState } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import type { Generated } from 'kysely'
import { inLine } from '../line/rules.ts'
import { listLineSettings } from '../line/store.ts'
import type { MachineInterval } from './interval.ts'
import { endOf } from './interval.ts'
import type { ManualState } from './manual.ts'
import { correctedBy } from './manual.ts'
import { derivedTables } from './tables.ts'

type NodeId = Id<'EquipmentNode'>

interface ManualStateRow {
  id: string
  seq: Generated<number>
  node_id: string
  from_at: number
  to_at: number | null
  state: MachineState
  comment: string
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ manual_state: ManualStateRow }>()

/** A neighbour may have come to a stand so long before a machine waits for it. */
const reachUs = 3_600e6

/**
 * States of machines that overlap `[from, to)`, uncut, by machine and time, exclusive per machine: by the rule of the class,
 * by the line (blocked, starved, with the first cause), and by people, who beat both. Where nothing is known there is none,
 * and breaks and planned stops are not in it: see `underCalendar`.
 */
export async function listIntervals(
  db: Database,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<MachineInterval[]> {
  if (nodeIds.length === 0) return []
  const lines = await listLineSettings(db)
  const mates = matesOf(lines, nodeIds)
  const isAlone = mates.size === nodeIds.length
  const back = isAlone ? from : (await earliestOverlapping(db, nodeIds, from)) - reachOf(lines)
  const signals = await listSignalIntervals(db, [...mates], back, to)
  const manual = await listManualStates(db, [...mates], to)
  return intervalsIn(lines, nodeIds, { signals, manual }, from, to)
}

/** How far back the neighbours of a machine matter for an interval of its own. */
export const reachOf = (lines: readonly LineSetting[]): number =>
  reachUs + Math.max(0, ...lines.flatMap(({ machines }) => machines.map((each) => each.bufferSeconds * 1e6)))

/** The same out of what is stored of the machines and all that stand in a line with them. */
export function intervalsIn(
  lines: readonly LineSetting[],
  nodeIds: readonly string[],
  stored: { readonly signals: readonly MachineInterval[]; readonly manual: readonly ManualState[] },
  from: number,
  to: number,
): MachineInterval[] {
  const signals = Map.groupBy(stored.signals, (each) => each.nodeId)
  const manuals = Map.groupBy(stored.manual, (each) => each.nodeId)
  const statesOf = new Map(
    [...matesOf(lines, nodeIds)].map((id) => {
      const nodeId = id as NodeId
      return [nodeId, correctedBy(signals.get(nodeId) ?? [], manuals.get(nodeId) ?? [])]
    }),
  )
  return [...nodeIds].sort().flatMap((nodeId) => {
    const line = lines.find(({ machines }) => machines.some((machine) => machine.nodeId === nodeId))
    const own = statesOf.get(nodeId as NodeId) ?? []
    const told = line === undefined ? own : inLine(line, nodeId as NodeId, statesOf)
    return told.filter((each) => endOf(each) > from && each.from < to)
  })
}

/** The machines, and all that stand in a line with one of them. */
export function matesOf(lines: readonly LineSetting[], nodeIds: readonly string[]): Set<string> {
  const mates = new Set(nodeIds)
  for (const { machines } of lines) {
    if (machines.some(({ nodeId }) => nodeIds.includes(nodeId))) for (const { nodeId } of machines) mates.add(nodeId)
  }
  return mates
}

async function earliestOverlapping(db: Database, nodeIds: readonly string[], from: number): Promise<number> {
  const row = await derivedTables(db)
    .selectFrom('signal_interval')
    .select((each) => each.fn.min('from_at').as('earliest'))
    .where('node_id', 'in', [...nodeIds])
    .where('from_at', '<=', from)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .executeTakeFirst()
  return Math.min(from, row?.earliest ?? from)
}

/** What the rule alone says, also where a person said otherwise; uncut, by machine and time. */
export async function listSignalIntervals(
  db: Database,
  nodeIds: readonly string[],
  from: number,
  to: number,
): Promise<MachineInterval[]> {
  const rows = await derivedTables(db)
    .selectFrom('signal_interval')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('from_at', '<', to)
    .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from)]))
    .orderBy('node_id')
    .orderBy('from_at')
    .execute()
  return rows.map((row) => ({
    nodeId: row.node_id as NodeId,
    from: row.from_at as Instant,
    to: row.to_at as Instant | null,
    state: row.state,
    label: row.label,
    source: 'rule',
    stopId: null,
    causedBy: null,
  }))
}

/** What people said that begins before `to`, in the order of recording. */
async function listManualStates(db: Database, nodeIds: readonly string[], to: number): Promise<ManualState[]> {
  const rows = await tables(db)
    .selectFrom('manual_state')
    .selectAll()
    .where('node_id', 'in', [...nodeIds])
    .where('from_at', '<', to)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    id: row.id as Id<'ManualState'>,
    nodeId: row.node_id as NodeId,
    from: row.from_at as Instant,
    to: row.to_at as Instant | null,
    state: row.state,
    comment: row.comment,
  }))
}

export async function insertManualState(uow: UnitOfWork, manual: ManualState): Promise<void> {
  await tables(uow.trx)
    .insertInto('manual_state')
    .values({
      id: manual.id,
      node_id: manual.nodeId,
      from_at: manual.from,
      to_at: manual.to,
      state: manual.state,
      comment: manual.comment,
      recorded_by: uow.actor.name,
      recorded_at: uow.at,
    })
    .execute()
}
