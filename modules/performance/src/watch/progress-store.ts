import type { Database } from '@throughline/platform'
import { sql } from 'kysely'
import { derivedTables } from '../state/tables.ts'
import type { Changed } from './difference.ts'

/** How far a machine is worked out, and what its stops and results still have to follow. */
export interface Progress {
  readonly nodeId: string
  /** What is stored up to here is final; null = nothing is. */
  readonly resumeAt: number | null
  readonly heardAt: number | null
  readonly changed: (Changed & { readonly cause: string }) | null
}

/** Of all machines that were ever followed. */
export async function listProgress(db: Database): Promise<Progress[]> {
  const rows = await derivedTables(db).selectFrom('progress').selectAll().execute()
  return rows.map((row) => ({
    nodeId: row.node_id,
    resumeAt: row.resume_at,
    heardAt: row.heard_at,
    changed:
      row.changed_from === null
        ? null
        : { from: row.changed_from, to: row.changed_to ?? row.changed_from, cause: row.cause ?? 'late data' },
  }))
}

/**
 * Says how far a machine is worked out, and answers how far it is now: where somebody else changed that since it was
 * `knownAt`, the earlier of both holds, until a derivation takes it up.
 */
export async function putProgress(
  db: Database,
  nodeId: string,
  { resumeAt, heardAt }: { resumeAt: number | null; heardAt: number | null },
  knownAt: number | null,
): Promise<number | null> {
  const { rows } = await sql<{ resumeAt: number | null }>`
    insert into performance.progress (node_id, resume_at, heard_at) values (${nodeId}, ${resumeAt}, ${heardAt})
    on conflict (node_id) do update set
      resume_at = case when progress.resume_at is not distinct from ${knownAt}::bigint then excluded.resume_at
        else least(progress.resume_at, excluded.resume_at) end,
      heard_at = coalesce(excluded.heard_at, progress.heard_at)
    returning resume_at as "resumeAt"`.execute(db)
  return rows[0]?.resumeAt ?? null
}

/** How far a machine is worked out, and how many rules there are, at one instant. */
export async function findProgress(
  db: Database,
  nodeId: string,
): Promise<{ readonly resumeAt: number | null; readonly rules: number }> {
  const { rows } = await sql<{ resumeAt: number | null; rules: number }>`
    select (select resume_at from performance.progress where node_id = ${nodeId}) as "resumeAt",
      (select count(*)::integer from performance.state_rule) as rules`.execute(db)
  return rows[0] ?? { resumeAt: null, rules: 0 }
}

/** What machines did, or are judged by, changed: their stops and results will follow. Told in the caller's transaction. */
export async function markChanged(
  db: Database,
  nodeIds: readonly string[],
  { from, to }: Changed,
  cause: string,
): Promise<void> {
  if (nodeIds.length === 0) return
  await sql`
    insert into performance.progress (node_id, changed_from, changed_to, cause)
    select unnest(${[...nodeIds].sort()}::uuid[]), ${from}::bigint, ${to}::bigint, ${cause}
    on conflict (node_id) do update set changed_from = least(progress.changed_from, excluded.changed_from),
      changed_to = greatest(progress.changed_to, excluded.changed_to), cause = excluded.cause`.execute(db)
}

/** The states of machines are to be derived anew from an instant on. Told in the caller's transaction. */
export async function markUnsure(db: Database, nodeIds: readonly string[], from: number): Promise<void> {
  if (nodeIds.length === 0) return
  await sql`
    insert into performance.progress (node_id, resume_at)
    select unnest(${[...nodeIds].sort()}::uuid[]), ${from}::bigint
    on conflict (node_id) do update set resume_at = least(progress.resume_at, excluded.resume_at)`.execute(db)
}

/** Takes what changed, to follow it: null = nothing is left to follow. */
export async function takeChanged(
  db: Database,
  nodeId: string,
): Promise<(Changed & { readonly cause: string }) | null> {
  const { rows } = await sql<{ from: number | null; to: number | null; cause: string | null }>`
    with before as (select * from performance.progress where node_id = ${nodeId} for update)
    update performance.progress set changed_from = null, changed_to = null, cause = null
    from before where progress.node_id = before.node_id
    returning before.changed_from as "from", before.changed_to as "to", before.cause`.execute(db)
  const row = rows[0]
  if (row === undefined || row.from === null) return null
  return { from: row.from, to: row.to ?? row.from, cause: row.cause ?? 'late data' }
}

/** Machines of which something is still to follow, and how many rules there are: what a glance a second looks at. */
export async function glance(db: Database): Promise<{ changed: string[]; rules: number }> {
  const { rows } = await sql<{ changed: string[]; rules: number }>`
    select array(select node_id::text from performance.progress where changed_from is not null) as changed,
      (select count(*)::integer from performance.state_rule) as rules`.execute(db)
  return rows[0] ?? { changed: [], rules: 0 }
}
