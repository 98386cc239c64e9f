import type { Id, Instant } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** An operation that a gauge or tool was used for. */
export interface GaugeUse {
  readonly orderId: Id<'Order'>
  readonly orderCode: string
  readonly runId: Id<'OperationRun'>
  readonly sequence: number
  readonly name: string
  /** Pieces that it was used on: those of the entries that name it, or all of the operation. */
  readonly lots: readonly Id<'Lot'>[]
}

/** What a gauge or tool was used for after `since` (null = ever) and up to `until`: scanned at a start, or named by an entry that stands. */
export async function listGaugeUses(
  db: Kysely<Tables>,
  gauge: string,
  since: Instant | null,
  until: Instant,
): Promise<GaugeUse[]> {
  const { rows } = await sql<GaugeUse>`
    select o.id as "orderId", o.code as "orderCode", r.id as "runId", r.sequence, r.name,
      case when used.whole then r.subjects else used.lots end as lots
    from (
      select run_id, bool_or(subject is null) as whole, array_agg(distinct subject) as lots from (
        select id as run_id, null::uuid as subject from execution.run
        where started_at <= ${until} and (completed_at is null or completed_at > ${since ?? 0})
          and exists (select from unnest(tools) as tool where lower(tool) = lower(${gauge}))
        union all
        select e.run_id, e.subject from execution.step_entry e
        where e.at > ${since ?? 0} and e.at <= ${until} and not exists (
            select from execution.step_entry later where later.corrects = e.id)
          and lower(coalesce(e.value ->> 'gauge', case when e.consumed is null then e.value ->> 'code' end)) = lower(${gauge})
      ) as each group by run_id
    ) used
    join execution.run r on r.id = used.run_id join execution.order o on o.id = r.order_id
    order by o.code, r.sequence, r.id`.execute(db)
  return rows
}
