import { startMaterial } from './start-material.ts'
import { setLotStatus } from '@throughline/model'
import { sql } from 'kysely'
const p = await startMaterial()
await p.adopt([p.content('MIX')])
const lot = await p.receive('MIX', '10')
await p.database.owner.transaction().execute(async (trx) => {
  await sql`set local statement_timeout = 0`.execute(trx)
  await sql`alter table material.lot disable trigger all`.execute(trx)
  await sql`create temp table x as select gen_random_uuid() as id, n from generate_series(1, 60000) n`.execute(trx)
  await sql`insert into material.lot select x.id, 'X-' || n, material, definition_id, control, quantity, unit, status, status_reason, expires_at, out_limit_us, out_used_us, out_since, out_changed_at, supplier, supplier_lot, certificate_number, certificate_document, certificate_needed, node_id, last_node_id, place, container_id, open_deviations, order_id, made_at, version from material.lot, x where code = ${lot.code}`.execute(trx)
  await sql`create index on x (n)`.execute(trx)
  await sql`analyze x`.execute(trx)
  await sql`insert into material.lot_edge select ${lot.id}::uuid, id from x where n <= 100`.execute(trx)
  await sql`insert into material.lot_edge select a.id, b.id from x b join x a on a.n = b.n - 100 where b.n between 101 and 10000`.execute(trx)
  for (const d of [100, 7, 1, 33, 250, 900]) await sql`insert into material.lot_edge select a.id, b.id from x b join x a on a.n = b.n - ${d}::int where b.n > 20000 on conflict do nothing`.execute(trx)
  await sql`analyze material.lot`.execute(trx)
  await sql`analyze material.lot_edge`.execute(trx)
})
console.log((await sql`select count(*) from material.lot_edge`.execute(p.database.db)).rows)
let version = 1
for (const status of ['quarantine', 'available', 'quarantine', 'available', 'quarantine'] as const) {
  const t = performance.now()
  const { descendants } = await p.platform.run(setLotStatus, p.system, { lotId: lot.id, version: version++, status, reason: 'for the time' })
  console.log(status, (performance.now() - t).toFixed(0), 'ms', descendants.length)
}
await p.stop()
