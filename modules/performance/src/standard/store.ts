import type { Id } from '@throughline/kernel'
import type { ProductStandard } from '@throughline/model'
import type { Database, UnitOfWork } from '@throughline/platform'
import { sql } from 'kysely'

interface ProductStandardRow {
  id: string
  class_name: string
  node_id: string | null
  product: string
  ideal_cycle_seconds: number
  planned_scrap_ratio: number
  reason: string
  recorded_by: string
  recorded_at: number
}

const tables = (db: Database) => db.withSchema('performance').withTables<{ product_standard: ProductStandardRow }>()

/** By class, product and machine; those of one class when it is named. */
export async function listProductStandards(db: Database, className?: string): Promise<ProductStandard[]> {
  const rows = await tables(db)
    .selectFrom('product_standard')
    .selectAll()
    .$if(className !== undefined, (query) => query.where('class_name', '=', className ?? ''))
    .orderBy('class_name')
    .orderBy('product')
    .orderBy(
      (each) => each.ref('node_id'),
      (order) => order.nullsFirst(),
    )
    .execute()
  return rows.map((row) => ({
    id: row.id as Id<'ProductStandard'>,
    className: row.class_name,
    nodeId: row.node_id as Id<'EquipmentNode'> | null,
    product: row.product,
    idealCycleSeconds: row.ideal_cycle_seconds,
    plannedScrapRatio: row.planned_scrap_ratio,
  }))
}

/** Puts the standard in the place of the one for the same class, machine and product; answers it with the id it has. */
export async function putStandard(
  uow: UnitOfWork,
  standard: ProductStandard,
  reason: string,
): Promise<ProductStandard> {
  const { idealCycleSeconds: ideal_cycle_seconds, plannedScrapRatio: planned_scrap_ratio } = standard
  const told = { ideal_cycle_seconds, planned_scrap_ratio, reason, recorded_by: uow.actor.name, recorded_at: uow.at }
  const row = await tables(uow.trx)
    .insertInto('product_standard')
    .values({
      id: standard.id,
      class_name: standard.className,
      node_id: standard.nodeId,
      product: standard.product,
      ...told,
    })
    .onConflict((conflict) => conflict.columns(['class_name', 'node_id', 'product']).doUpdateSet(told))
    .returning(sql<string>`id`.as('id'))
    .executeTakeFirstOrThrow()
  return { ...standard, id: row.id as Id<'ProductStandard'> }
}
