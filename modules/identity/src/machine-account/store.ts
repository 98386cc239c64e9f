import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { MachineAccountEntry } from '@throughline/model'
import { MachineAccount } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { keyHint, tokenHash } from '../credential/token.ts'
import { toRoleGrant } from '../person/store.ts'
import type { MachineAccountRow } from '../tables.ts'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

/** By name, an active account before revoked ones of the same name. */
export async function listAccounts(db: Db): Promise<MachineAccountEntry[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.machine_account')
    .selectAll()
    .orderBy('name')
    .orderBy('state')
    .orderBy('created_at', 'desc')
    .execute()
  const uses = await inIdentity(db).selectFrom('identity.machine_account_use').selectAll().execute()
  const lastUse = new Map(uses.map((use) => [use.account_id, use.last_used_at as Instant]))
  return await Promise.all(
    rows.map(async (row) => ({ ...(await fromRow(db, row)), lastUsedAt: lastUse.get(row.id) ?? null })),
  )
}

/** Exact to an hour: every call with a key would be a write otherwise. */
const notedEveryMs = 3_600_000

export async function noteAccountUse(db: Db, accountId: string, at: Instant): Promise<void> {
  const noted = await inIdentity(db)
    .selectFrom('identity.machine_account_use')
    .select('account_id')
    .where('account_id', '=', accountId)
    .where('last_used_at', '>', plusMs(at, -notedEveryMs))
    .executeTakeFirst()
  if (noted !== undefined) return
  await inIdentity(db)
    .insertInto('identity.machine_account_use')
    .values({ account_id: accountId, last_used_at: at })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ last_used_at: at }))
    .execute()
}

/** Which of these accounts are revoked, or none at all. */
export async function findRevokedAccounts(db: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await inIdentity(db)
    .selectFrom('identity.machine_account')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', 'active')
    .execute()
  const active = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => !active.has(id))
}

export async function findAccountById(db: Db, id: string): Promise<MachineAccount | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.machine_account')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row && (await fromRow(db, row))
}

/** The account that holds the name now; a revoked one gave it up. */
export async function findActiveAccount(db: Db, name: string): Promise<MachineAccount | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.machine_account')
    .selectAll()
    .where('name', '=', name)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return row && (await fromRow(db, row))
}

/** The active account whose key begins like this, with the hash that the whole key must have. */
export async function findAccountByKeyHint(
  db: Db,
  key: string,
): Promise<{ account: MachineAccount; keyHash: Buffer } | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.machine_account')
    .selectAll()
    .where('key_hint', '=', keyHint(key))
    .where('state', '=', 'active')
    .executeTakeFirst()
  return row && { account: await fromRow(db, row), keyHash: row.key_hash }
}

async function fromRow(db: Db, row: MachineAccountRow): Promise<MachineAccount> {
  const grants = await inIdentity(db)
    .selectFrom('identity.machine_account_grant')
    .select(['role', 'node_id'])
    .where('account_id', '=', row.id)
    .orderBy('role')
    .orderBy('node_id')
    .execute()
  const { id, name, state, created_at: createdAt } = row
  return MachineAccount.parse({ id, name, state, grants: grants.map(toRoleGrant), createdAt })
}

/** False when an active account has the name. */
export async function insertAccount(db: Db, account: MachineAccount, key: string): Promise<boolean> {
  const inserted = await inIdentity(db)
    .insertInto('identity.machine_account')
    .values({
      id: account.id,
      name: account.name,
      state: account.state,
      key_hint: keyHint(key),
      key_hash: tokenHash(key),
      created_at: account.createdAt,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('name').where('state', '=', 'active').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  const grants = account.grants.map(({ role, nodeId }) => ({ account_id: account.id, role, node_id: nodeId }))
  await inIdentity(db).insertInto('identity.machine_account_grant').values(grants).execute()
  return true
}

/** False when it was revoked before. */
export async function setRevoked(db: Db, accountId: string, at: Instant): Promise<boolean> {
  const revoked = await inIdentity(db)
    .updateTable('identity.machine_account')
    .set({ state: 'revoked', revoked_at: at })
    .where('id', '=', accountId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  return revoked.numUpdatedRows === 1n
}
