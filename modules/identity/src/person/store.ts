import type { Id, Instant } from '@throughline/kernel'
import type { Role, RoleGrant } from '@throughline/model'
import { Person, PersonAccount } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely, Selectable } from 'kysely'
import type { PersonRow } from '../tables.ts'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

/** A person with what only this module may know. */
export interface StoredPerson {
  readonly person: Person
  readonly passwordHash: string | null
}

/** By name. */
export async function listPersonAccounts(db: Db): Promise<PersonAccount[]> {
  const rows = await inIdentity(db).selectFrom('identity.person').selectAll().orderBy('name').execute()
  const grants = await inIdentity(db)
    .selectFrom('identity.person_grant')
    .selectAll()
    .orderBy('role')
    .orderBy('node_id')
    .execute()
  const signIns = await lastSignIns(db)
  const grantsOf = Map.groupBy(grants, (grant) => grant.person_id)
  return rows.map((row) =>
    PersonAccount.parse({
      ...fromRow(row, (grantsOf.get(row.id) ?? []).map(toRoleGrant)),
      identityChecked: row.identity_checked,
      invitedBy: whoIs(row.invited_by, row.invited_by_name),
      approvedBy: whoIs(row.approved_by, row.approved_by_name),
      approvedAt: row.approved_at,
      approvalExempt: row.approval_exempt,
      lastSignInAt: signIns.get(row.id) ?? null,
    }),
  )
}

const whoIs = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id })

/** When each person last signed in; sessions are never deleted. */
async function lastSignIns(db: Db): Promise<Map<string, number>> {
  const rows = await inIdentity(db)
    .selectFrom('identity.session')
    .select(['person_id', (eb) => eb.fn.max('opened_at').as('at')])
    .groupBy('person_id')
    .execute()
  return new Map(rows.map(({ person_id, at }) => [person_id, Number(at)]))
}

/** Since when each role is held; null = not known. By person. */
export async function listGrantTimes(db: Db): Promise<Map<string, (RoleGrant & { grantedAt: Instant | null })[]>> {
  const rows = await inIdentity(db)
    .selectFrom('identity.person_grant')
    .selectAll()
    .orderBy('role')
    .orderBy('node_id')
    .execute()
  const told = rows.map((row) => ({
    ...toRoleGrant(row),
    grantedAt: row.granted_at as Instant | null,
    id: row.person_id,
  }))
  const byPerson = Map.groupBy(told, ({ id }) => id)
  return new Map(
    [...byPerson].map(([id, grants]) => [
      id,
      grants.map(({ role, nodeId, grantedAt }) => ({ role, nodeId, grantedAt })),
    ]),
  )
}

export const findPersonById = (db: Db, id: string): Promise<StoredPerson | undefined> => findPerson(db, 'id', id)
export const findPersonByName = (db: Db, name: string): Promise<StoredPerson | undefined> =>
  findPerson(db, 'name', name)

async function findPerson(db: Db, column: 'id' | 'name', value: string): Promise<StoredPerson | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.person')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { person: fromRow(row, await listGrants(db, row.id)), passwordHash: row.password_hash }
}

export async function listGrants(db: Db, personId: string): Promise<RoleGrant[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.person_grant')
    .select(['role', 'node_id'])
    .where('person_id', '=', personId)
    .orderBy('role')
    .orderBy('node_id')
    .execute()
  return rows.map(toRoleGrant)
}

/** A role is a word of the model's list when it enters; it is read back as it was written. */
export const toRoleGrant = (row: { role: string; node_id: string | null }): RoleGrant => ({
  role: row.role as Role,
  nodeId: row.node_id as Id<'EquipmentNode'> | null,
})

const fromRow = (row: Selectable<PersonRow>, grants: RoleGrant[]): Person =>
  Person.parse({
    id: row.id,
    name: row.name,
    printedName: row.printed_name,
    state: row.state,
    grants,
    createdAt: row.created_at,
  })

/** How an account came about. */
export interface PersonOrigin {
  readonly identityChecked: string
  readonly invitedBy: { readonly id: string; readonly name: string }
  /** Why nobody has to approve; null = somebody has to. */
  readonly approvalExempt: string | null
}

/** False when the name is taken. */
export async function insertPerson(db: Db, person: Person, origin?: PersonOrigin): Promise<boolean> {
  const inserted = await inIdentity(db)
    .insertInto('identity.person')
    .values({
      id: person.id,
      name: person.name,
      printed_name: person.printedName,
      state: person.state,
      password_hash: null,
      created_at: person.createdAt,
      disabled_at: null,
      identity_checked: origin?.identityChecked ?? null,
      invited_by: origin?.invitedBy.id ?? null,
      invited_by_name: origin?.invitedBy.name ?? null,
      approval_exempt: origin?.approvalExempt ?? null,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  await insertGrants(db, person.id, person.grants, person.createdAt)
  return true
}

async function insertGrants(db: Db, personId: string, grants: readonly RoleGrant[], at: Instant): Promise<void> {
  if (grants.length === 0) return
  const rows = grants.map(({ role, nodeId }) => ({ person_id: personId, role, node_id: nodeId, granted_at: at }))
  await inIdentity(db).insertInto('identity.person_grant').values(rows).execute()
}

/** Takes away and gives only what differs, so that what stays keeps its date; false when nothing differs. */
export async function replaceGrants(
  db: Db,
  personId: string,
  wanted: readonly RoleGrant[],
  at: Instant,
): Promise<boolean> {
  const isIn = (grants: readonly RoleGrant[], { role, nodeId }: RoleGrant): boolean =>
    grants.some((grant) => grant.role === role && grant.nodeId === nodeId)
  const held = await listGrants(db, personId)
  const gone = held.filter((grant) => !isIn(wanted, grant))
  const added = wanted.filter((grant) => !isIn(held, grant))
  for (const { role, nodeId } of gone) {
    await inIdentity(db)
      .deleteFrom('identity.person_grant')
      .where('person_id', '=', personId)
      .where('role', '=', role)
      .where('node_id', nodeId === null ? 'is' : '=', nodeId)
      .execute()
  }
  await insertGrants(db, personId, added, at)
  return gone.length + added.length > 0
}

export interface LockedPerson {
  readonly person: Person
  /** Id of whoever invited them; null when not known. */
  readonly invitedBy: string | null
  /** The state before disabling. */
  readonly before: Person['state'] | null
}

/** The person, who stays as they are until this transaction ends. */
export async function lockPerson(db: Db, id: string): Promise<LockedPerson | undefined> {
  const row = await inIdentity(db)
    .selectFrom('identity.person')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    person: fromRow(row, await listGrants(db, row.id)),
    invitedBy: row.invited_by,
    before: row.state_before_disabling,
  }
}

export async function setApproved(
  db: Db,
  personId: string,
  by: { readonly id: string; readonly name: string },
  at: Instant,
): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.person')
    .set({ state: 'invited', approved_by: by.id, approved_by_name: by.name, approved_at: at })
    .where('id', '=', personId)
    .execute()
}

export async function setEnabled(db: Db, personId: string, state: Person['state']): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.person')
    .set({ state, disabled_at: null, state_before_disabling: null })
    .where('id', '=', personId)
    .execute()
}

export async function setPrintedName(db: Db, personId: string, printedName: string): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.person')
    .set({ printed_name: printedName })
    .where('id', '=', personId)
    .execute()
}

/** Whether anybody else than this person ever had an account of their own with one of the roles for the whole plant. */
export async function hasOtherHolder(db: Db, personId: string, roles: readonly Role[]): Promise<boolean> {
  const row = await inIdentity(db)
    .selectFrom('identity.person')
    .innerJoin('identity.person_grant', 'identity.person_grant.person_id', 'identity.person.id')
    .select('identity.person.id')
    .where('identity.person.id', '!=', personId)
    .where('state', 'in', ['active', 'disabled'])
    .where('role', 'in', roles)
    .where('node_id', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function setPassword(db: Db, personId: string, passwordHash: string): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.person')
    .set({ password_hash: passwordHash, state: 'active' })
    .where('id', '=', personId)
    .execute()
}

export async function setDisabled(db: Db, personId: string, at: Instant): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.person')
    .set((eb) => ({ state: 'disabled', disabled_at: at, state_before_disabling: eb.ref('state') }))
    .where('id', '=', personId)
    .execute()
}

/**
 * Ids of the active people who administer the whole plant. They stay as they are until this transaction ends: two
 * administrators who disable each other at the same moment must not both succeed.
 */
export async function lockAdministrators(db: Db): Promise<string[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.person as person')
    .innerJoin('identity.person_grant', 'identity.person_grant.person_id', 'person.id')
    .select('person.id')
    .where('state', '=', 'active')
    .where('role', '=', 'administrator')
    .where('node_id', 'is', null)
    .orderBy('person.id')
    .forUpdate('person')
    .execute()
  return rows.map((row) => row.id)
}

/** Names of the active people who administer the whole plant. */
export async function listAdministratorNames(db: Db): Promise<string[]> {
  const rows = await inIdentity(db)
    .selectFrom('identity.person')
    .innerJoin('identity.person_grant', 'identity.person_grant.person_id', 'identity.person.id')
    .select('name')
    .where('state', '=', 'active')
    .where('role', '=', 'administrator')
    .where('node_id', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map((row) => row.name)
}

/** Whether anybody ever was an administrator of the whole plant with a password of their own. */
export async function hasActivatedAdministrator(db: Db): Promise<boolean> {
  const row = await inIdentity(db)
    .selectFrom('identity.person')
    .innerJoin('identity.person_grant', 'identity.person_grant.person_id', 'identity.person.id')
    .select('identity.person.id')
    .where('state', 'in', ['active', 'disabled'])
    .where('role', '=', 'administrator')
    .where('node_id', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}
