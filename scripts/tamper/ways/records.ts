import { randomUUID } from 'node:crypto'
import type { Id } from '@throughline/kernel'
import { renamePerson } from '@throughline/model'
import { openDatabase, systemActor } from '@throughline/platform'
import { sql } from 'kysely'
import type { Forger } from '../forger.ts'
import type { Deed, Draw, TableWay } from '../way.ts'
import { pick } from '../way.ts'

/** Tables of records, and what somebody might like to read otherwise in them. */
const wishes: readonly (readonly [table: string, column: string])[] = [
  ['identity.person', 'printed_name'],
  ['identity.signature', 'printed_name'],
  ['equipment.node', 'description'],
  ['equipment.class_version', 'description'],
  ['equipment.connection', 'endpoint'],
  ['performance.reason', 'code'],
  ['performance.planned_stop', 'label'],
  ['performance.andon_call', 'text'],
  ['alarm.definition', 'message'],
  ['alarm.transition', 'comment'],
  ['alarm.roster', 'name'],
]

async function pickRow(forger: Forger, table: string, draw: Draw): Promise<string> {
  const rows = await forger.run(sql<{ id: string }>`select id::text as id from ${sql.table(table)} order by id`)
  return pick(rows, draw).id
}

const found = (kind: string, table: string, id: string): Deed => ({
  target: `row of ${table} ${id}`,
  product: { kinds: [kind], words: [`${table} ${id}`] },
  bundle: 'not asked',
})

/** What is done to the records themselves, past the door. */
export const recordWays: readonly TableWay[] = [
  {
    name: 'row of a record edited past the door',
    times: 4,
    async tamper(forger, draw) {
      const [table, column] = pick(wishes, draw)
      const id = await pickRow(forger, table, draw)
      await forger.run(sql`update ${sql.table(table)} set ${sql.ref(column)} = 'forged' where id::text = ${id}`)
      return found('altered', table, id)
    },
  },
  {
    name: 'row of a record deleted past the door',
    times: 3,
    async tamper(forger, draw) {
      const [table] = pick(wishes, draw)
      const id = await pickRow(forger, table, draw)
      await forger.run(sql`delete from ${sql.table(table)} where id::text = ${id}`)
      return found('missing', table, id)
    },
  },
  {
    name: 'record put in past the door',
    times: 1,
    async tamper(forger, draw) {
      const [like, id] = [await pickRow(forger, 'identity.person', draw), randomUUID()]
      await forger.run(sql`
        insert into identity.person select (jsonb_populate_record(null::identity.person,
          to_jsonb(each) || jsonb_build_object('id', ${id}::text, 'name', 'eve'))).* from identity.person each
        where id::text = ${like}`)
      return found('altered', 'identity.person', id)
    },
  },
  {
    name: 'signature copied to another record',
    times: 2,
    async tamper(forger, draw) {
      const [like, id] = [await pickRow(forger, 'identity.signature', draw), randomUUID()]
      await forger.run(sql`
        insert into identity.signature select (jsonb_populate_record(null::identity.signature,
          to_jsonb(each) || jsonb_build_object('id', ${id}::text, 'record_id', ${randomUUID()}::text))).*
        from identity.signature each where id::text = ${like}`)
      return found('altered', 'identity.signature', id)
    },
  },
  {
    name: 'signature made to say something else',
    times: 1,
    async tamper(forger, draw) {
      const id = await pickRow(forger, 'identity.signature', draw)
      await forger.run(sql`
        update identity.signature set meaning = 'released', manifest = replace(manifest, 'approved', 'released'),
          manifest_hash = encode(sha256(convert_to(replace(manifest, 'approved', 'released'), 'UTF8')), 'hex')
        where id::text = ${id}`)
      return found('altered', 'identity.signature', id)
    },
  },
  {
    name: 'capture switched off, a row edited, and switched on again',
    times: 2,
    async tamper(forger, draw) {
      const [table, column] = pick(wishes, draw)
      const id = await pickRow(forger, table, draw)
      await forger.run(sql`alter table ${sql.table(table)} disable trigger all`)
      await forger.run(sql`update ${sql.table(table)} set ${sql.ref(column)} = 'forged' where id::text = ${id}`)
      await forger.run(sql`alter table ${sql.table(table)} enable trigger all`)
      return found('altered', table, id)
    },
  },
  {
    name: 'capture switched off under the running product',
    times: 1,
    async tamper(forger, draw) {
      const active = sql<{ id: string }>`select id from identity.person where state = 'active' order by id`
      const personId = pick(await forger.run(active), draw).id
      const { connection } = forger
      return {
        ...found('altered', 'identity.person', personId),
        async during({ platform }) {
          const owner = openDatabase(connection, { asOwner: true, maxConnections: 1 })
          await sql`alter table identity.person disable trigger captured`.execute(owner)
          await owner.destroy()
          await platform.run(renamePerson, systemActor('tamper'), {
            personId: personId as Id<'Person'>,
            printedName: 'Nobody heard of it',
            reason: 'to be changed unheard',
          })
        },
      }
    },
  },
]
