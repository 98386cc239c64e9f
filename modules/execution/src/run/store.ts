import type { Decimal, Id, Instant } from '@throughline/kernel'
import { DomainError, decimalOf, newId } from '@throughline/kernel'
import type { OperationRun, RunState } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'

type Db = Kysely<Tables>
type NodeId = Id<'EquipmentNode'>
type RunId = Id<'OperationRun'>
type OrderId = Id<'Order'>
type LotId = Id<'Lot'>

/** A run as it is kept, without what the plant's model adds. */
export interface StoredRun extends Omit<OperationRun, 'candidates'> {
  readonly siteId: NodeId
  readonly workDefinitionId: Id<'WorkDefinition'>
  readonly atPath: string | null
  readonly atClass: string | null
  readonly reworkOf: RunId | null
  /** When the last thing happened to it. */
  readonly lastAt: Instant
}

/** What a new run needs; the rest of it has not happened yet. */
export interface NewRun {
  readonly id: RunId
  readonly orderId: OrderId
  readonly sequence: number
  readonly name: string
  readonly attempt: number
  readonly reworkOf: RunId | null
  readonly state: RunState
  readonly atPath: string | null
  readonly atClass: string | null
  readonly instructionId: Id<'WorkInstruction'> | null
  readonly subjects: readonly LotId[]
  readonly quantity: Decimal
  readonly lastAt: Instant
}

const selected = sql`
  r.id, r.order_id as "orderId", o.code as "orderCode", o.product, o.site_id as "siteId",
  o.work_definition_id as "workDefinitionId", r.sequence, r.name, r.attempt, r.rework_of as "reworkOf", r.state,
  r.at_path as "atPath", r.at_class as "atClass", r.node_id as "nodeId", r.instruction_id as "instructionId",
  r.subjects, array(select s.code from unnest(r.subjects) with ordinality as u (id, n)
    join execution.order_subject s on s.id = u.id order by u.n) as "subjectCodes",
  r.quantity::text as quantity, r.good::text as good, r.scrap::text as scrap, r.rework::text as rework,
  case when r.held_by is null then null else jsonb_build_object('id', r.held_by, 'name', r.held_by_name) end as "heldBy",
  r.started_at as "startedAt", r.completed_at as "completedAt", r.last_at as "lastAt",
  coalesce((select jsonb_agg(jsonb_build_object('personId', l.person_id, 'name', l.name, 'from', l.from_at, 'to', l.to_at)
    order by l.from_at, l.id) from execution.labour l where l.run_id = r.id), '[]'::jsonb) as labour,
  r.tools, r.pause_reason as "pauseReason", r.version`
/** Runs of one operation stand in the order of their pieces. */
const firstPiece = sql`(select s.ordinal from execution.order_subject s where s.id = r.subjects[1])`
const source = sql`execution.run r join execution.order o on o.id = r.order_id`

async function read(db: Db, rest: RawBuilder<unknown>, more: RawBuilder<unknown> = sql``): Promise<StoredRun[]> {
  const { rows } = await sql<StoredRun>`select ${selected} ${more} from ${source} ${rest}`.execute(db)
  return rows.map((row) => ({
    ...row,
    quantity: decimalOf(row.quantity),
    good: decimalOf(row.good),
    scrap: decimalOf(row.scrap),
    rework: decimalOf(row.rework),
  }))
}

export const findRun = async (db: Db, id: RunId): Promise<StoredRun | undefined> =>
  (await read(db, sql`where r.id = ${id}`))[0]

/** @throws DomainError `not-found` */
export async function getStoredRun(db: Db, id: RunId): Promise<StoredRun> {
  const found = await findRun(db, id)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'execution.run-unknown', `There is no operation ${id} of an order`, { id })
}

/** Every run of an order, in sequence, the first doing of an operation before its rework. */
export const listRunsOf = (db: Db, orderId: OrderId): Promise<StoredRun[]> =>
  read(db, sql`where r.order_id = ${orderId} order by r.sequence, r.attempt, ${firstPiece}, r.id`)

/** Runs of an order that hold one of these pieces. */
export const listRunsWith = (db: Db, orderId: OrderId, subjects: readonly LotId[]): Promise<StoredRun[]> =>
  read(
    db,
    sql`where r.order_id = ${orderId} and r.subjects && ${[...subjects]}::uuid[] order by r.sequence, r.attempt, ${firstPiece}, r.id`,
  )

/** What pieces went through before their order was split off another. */
export const listRunsBeforeSplit = (db: Db, orderId: OrderId, subjects: readonly LotId[]): Promise<StoredRun[]> =>
  read(
    db,
    sql`where r.order_id in (
        with recursive above (id) as (
          select split_from from execution.order where id = ${orderId}
          union select p.split_from from above join execution.order p on p.id = above.id)
        select id from above where id is not null)
      and r.state = 'completed' and r.subjects && ${[...subjects]}::uuid[] order by r.sequence, r.attempt, ${firstPiece}, r.id`,
  )

/** Runs that these pieces went through or still have to, also before their order was split off another. */
export const listRunsOfLots = (db: Db, lots: readonly LotId[]): Promise<StoredRun[]> =>
  read(
    db,
    sql`where r.order_id in (
        with recursive family (id) as (
          select order_id from execution.order_subject where id = any(${[...lots]}::uuid[])
          union select p.split_from from family join execution.order p on p.id = family.id)
        select id from family where id is not null)
      and r.subjects && ${[...lots]}::uuid[] order by r.sequence, r.attempt, r.started_at nulls last, r.id`,
  )

/** Runs by their ids, oldest first; `after` = the last one of the page before. */
export async function listRunIdsAfter(db: Db, after: RunId | null, limit: number): Promise<RunId[]> {
  const { rows } = await sql<{ id: RunId }>`
    select id from execution.run where ${after}::uuid is null or id > ${after}::uuid order by id limit ${limit}`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

export interface DispatchRow extends StoredRun {
  readonly priority: number
  readonly dueAt: Instant | null
  readonly held: boolean
}

export interface DispatchQuestion {
  readonly states: readonly RunState[]
  /** Nodes at which a run in hand is shown. */
  readonly nodes: readonly NodeId[]
  /** Lower-case paths and class names that the work may be planned for. */
  readonly paths: readonly string[]
  readonly classes: readonly string[]
  /** Sites whose equipment of those classes is meant. */
  readonly sites: readonly NodeId[]
  readonly limit: number
}

/** What is in hand first, then by priority and due time. */
export async function listDispatchRuns(db: Db, asked: DispatchQuestion): Promise<DispatchRow[]> {
  const { states, nodes, paths, classes, sites, limit } = asked
  const rows = await read(
    db,
    sql`where r.state = any(${[...states]}::text[]) and o.state in ('released', 'running')
        and (r.node_id = any(${[...nodes]}::uuid[]) or (r.node_id is null and (lower(r.at_path) = any(${[...paths]}::text[])
          or (lower(r.at_class) = any(${[...classes]}::text[]) and o.site_id = any(${[...sites]}::uuid[])))))
      order by case r.state when 'running' then 0 when 'paused' then 1 else 2 end, o.priority, o.due_at nulls last,
        o.created_at, o.id, r.sequence, r.attempt, ${firstPiece}, r.id
      limit ${limit}`,
    sql`, o.priority, o.due_at as "dueAt",
      exists (select from execution.order_hold h where h.order_id = o.id and h.ended_at is null) as held`,
  )
  return rows as DispatchRow[]
}

/** Orders that have work in hand at one of these nodes, also work that is paused. */
export async function listOrdersInHandAt(db: Db, nodes: readonly NodeId[]): Promise<OrderId[]> {
  const { rows } = await sql<{ id: OrderId }>`
    select distinct order_id as id from execution.run
    where node_id = any(${[...nodes]}::uuid[]) and state in ('running', 'paused') order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

/** Runs that are in hand at a node. */
export const listRunningAt = (db: Db, nodeId: NodeId): Promise<StoredRun[]> =>
  read(db, sql`where r.node_id = ${nodeId} and r.state = 'running' order by r.started_at, r.id`)

export async function insertRuns(db: Db, runs: readonly NewRun[]): Promise<void> {
  if (runs.length === 0) return
  await sql`
    insert into execution.run (id, order_id, sequence, name, attempt, rework_of, state, at_path, at_class, instruction_id,
      subjects, quantity, good, scrap, rework, last_at, tools, pause_reason, version)
    select each.id, each."orderId", each.sequence, each.name, each.attempt, each."reworkOf", each.state, each."atPath",
      each."atClass", each."instructionId", each.subjects, each.quantity, 0, 0, 0, each."lastAt", '{}', '', 1
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as each (id uuid, "orderId" uuid, sequence integer, name text,
      attempt integer, "reworkOf" uuid, state text, "atPath" text, "atClass" text, "instructionId" uuid, subjects uuid[],
      quantity numeric, "lastAt" bigint)`.execute(db)
}

/** Writes what may change of a run, as its next version. */
export async function updateRun<Run extends StoredRun>(db: Db, run: Run): Promise<Run> {
  const next = { ...run, version: run.version + 1 }
  await sql`
    update execution.run set order_id = ${next.orderId}, state = ${next.state}, node_id = ${next.nodeId},
      subjects = ${[...next.subjects]}::uuid[], quantity = ${next.quantity}::numeric, good = ${next.good}::numeric,
      scrap = ${next.scrap}::numeric, rework = ${next.rework}::numeric, held_by = ${next.heldBy?.id ?? null},
      held_by_name = ${next.heldBy?.name ?? null}, started_at = ${next.startedAt}, completed_at = ${next.completedAt},
      last_at = ${next.lastAt}, tools = ${[...next.tools]}::text[], pause_reason = ${next.pauseReason},
      version = ${next.version}
    where id = ${next.id}`.execute(db)
  return next
}

/** Somebody begins to work on a run, unless they do already. */
export async function insertLabour(
  db: Db,
  runId: RunId,
  person: { readonly id: string; readonly name: string },
  from: Instant,
): Promise<void> {
  await sql`
    insert into execution.labour (id, run_id, person_id, name, from_at)
    values (${newId<'Labour'>(from)}, ${runId}, ${person.id}, ${person.name}, ${from})
    on conflict (run_id, person_id) where to_at is null do nothing`.execute(db)
}

/** Ends the work of one person on a run, or of all of them. */
export async function endLabour(db: Db, runId: RunId, personId: string | null, to: Instant): Promise<void> {
  await sql`
    update execution.labour set to_at = greatest(from_at, ${to})
    where run_id = ${runId} and to_at is null and (${personId}::text is null or person_id = ${personId})`.execute(db)
}

export interface Report {
  readonly kind: 'good' | 'scrap' | 'rework'
  readonly quantity: Decimal
  readonly lotId: LotId | null
  readonly reasonId: Id<'Reason'> | null
  readonly reason: string
}

export async function insertReports(
  db: Db,
  runId: RunId,
  reports: readonly Report[],
  about: {
    readonly at: Instant
    readonly recordedAt: Instant
    readonly by: { readonly id: string; readonly name: string }
  },
): Promise<void> {
  if (reports.length === 0) return
  const rows = reports.map((each) => ({ ...each, id: newId<'Report'>(about.recordedAt) }))
  await sql`
    insert into execution.report (id, run_id, kind, quantity, lot_id, reason_id, reason, at, recorded_at, reported_by,
      reported_by_name)
    select each.id, ${runId}::uuid, each.kind, each.quantity, each."lotId", each."reasonId", each.reason,
      ${about.at}::bigint, ${about.recordedAt}::bigint, ${about.by.id}::text, ${about.by.name}::text
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as each (id uuid, kind text, quantity numeric, "lotId" uuid,
      "reasonId" uuid, reason text)`.execute(db)
}

/** What was reported of a run, in its order. */
export async function listReports(db: Db, runId: RunId): Promise<Report[]> {
  const { rows } = await sql<Report & { quantity: string }>`
    select kind, quantity::text as quantity, lot_id as "lotId", reason_id as "reasonId", reason
    from execution.report where run_id = ${runId} order by at, id`.execute(db)
  return rows.map((row) => ({ ...row, quantity: decimalOf(row.quantity) }))
}

/** Of lots that became scrap: the run that the last of them went to. */
export async function findScrappingRuns(db: Db, lots: readonly LotId[]): Promise<Map<LotId, RunId>> {
  const { rows } = await sql<{ lotId: LotId; runId: RunId }>`
    select distinct on (lot_id) lot_id as "lotId", run_id as "runId" from execution.report
    where kind = 'scrap' and lot_id = any(${[...lots]}::uuid[]) order by lot_id, at desc, id desc`.execute(db)
  return new Map(rows.map(({ lotId, runId }) => [lotId, runId]))
}

/** An open run, as its way through the routing knows it. */
export interface OpenRun {
  readonly id: RunId
  readonly sequence: number
  readonly attempt: number
  readonly state: RunState
  readonly subjects: readonly LotId[]
  readonly quantity: Decimal
}

/** Everything of an order that is not at its end. */
export async function listOpenRuns(db: Db, orderId: OrderId): Promise<OpenRun[]> {
  const { rows } = await sql<OpenRun & { quantity: string }>`
    select id, sequence, attempt, state, subjects, quantity::text as quantity from execution.run
    where order_id = ${orderId} and state in ('waiting', 'ready', 'running', 'paused')
    order by sequence, attempt, id`.execute(db)
  return rows.map((row) => ({ ...row, quantity: decimalOf(row.quantity) }))
}

/** What these runs wait for has come. */
export async function setReady(db: Db, ids: readonly RunId[], at: Instant): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update execution.run set state = 'ready', last_at = greatest(last_at, ${at}), version = version + 1
    where id = any(${[...ids]}::uuid[])`.execute(db)
}

/** Pieces of runs that were not begun; one without any is skipped. */
export async function updateWaiting(
  db: Db,
  runs: readonly (OpenRun & { readonly isEmpty: boolean })[],
  at: Instant,
): Promise<void> {
  if (runs.length === 0) return
  await sql`
    update execution.run set subjects = case when each."isEmpty" then run.subjects else each.subjects end,
      quantity = case when each."isEmpty" then run.quantity else each.quantity end,
      state = case when each."isEmpty" then 'skipped' else run.state end,
      pause_reason = case when each."isEmpty" then 'its pieces became scrap' else pause_reason end,
      last_at = greatest(last_at, ${at}), version = version + 1
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as each (id uuid, subjects uuid[], quantity numeric,
      "isEmpty" boolean) where run.id = each.id`.execute(db)
}

/** A lot was split: its part goes wherever the lot is on its way. */
export async function addPartToRuns(db: Db, orderId: OrderId, lot: LotId, part: LotId): Promise<void> {
  await sql`
    update execution.run set subjects = subjects || ${part}::uuid, version = version + 1
    where order_id = ${orderId} and state in ('waiting', 'ready', 'running', 'paused')
      and ${lot}::uuid = any(subjects)`.execute(db)
}

/** What a piece of equipment was busy with, for whoever finds something wrong with it. */
export interface WorkAt {
  readonly orderId: OrderId
  readonly orderCode: string
  readonly runId: RunId
  readonly lots: readonly LotId[]
}

/** The run that was in hand at a node at an instant, the one begun last; undefined = none. */
export async function workAt(db: Db, nodeId: NodeId, at: Instant): Promise<WorkAt | undefined> {
  const { rows } = await sql<WorkAt>`
    select r.order_id as "orderId", o.code as "orderCode", r.id as "runId", r.subjects as lots
    from execution.run r join execution.order o on o.id = r.order_id
    where r.node_id = ${nodeId} and r.started_at <= ${at} and (r.completed_at is null or r.completed_at > ${at})
      and (r.state <> 'paused' or exists (select from execution.labour l
        where l.run_id = r.id and l.from_at <= ${at} and l.to_at > ${at}))
    order by r.started_at desc, r.id limit 1`.execute(db)
  return rows[0]
}
