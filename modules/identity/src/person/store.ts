import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Role, RoleGrant } from '@throughline/model'
import { Person } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { tokenHash } from '../credential/token.ts'
import type { PersonRow } from '../tables.ts'
import { inIdentity } from '../tables.ts'

type Db = Kysely<Tables>

/** A person with what only this module may know. */
export interface StoredPerson {
  readonly person: Person
  readonly passwordHash: string | null
}

/** By name. */
export async function listPersonsWithGrants(db: Db): Promise<Person[]> {
  const rows = await inIdentity(db).selectFrom('identity.person').selectAll().orderBy('name').execute()
  const grants = await inIdentity(db).selectFrom('identity.person_grant').selectAll().execute()
  return rows.map((row) => fromRow(row, grants.filter((grant) => grant.person_id === row.id).map(toRoleGrant)))
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

const fromRow = (row: PersonRow, grants: RoleGrant[]): Person =>
  Person.parse({
    id: row.id,
    name: row.name,
    printedName: row.printed_name,
    state: row.state,
    grants,
    createdAt: row.created_at,
  })

/** False when the name is taken. */
export async function insertPerson(db: Db, person: Person): Promise<boolean> {
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
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n) return false
  const grants = person.grants.map(({ role, nodeId }) => ({ person_id: person.id, role, node_id: nodeId }))
  await inIdentity(db).insertInto('identity.person_grant').values(grants).execute()
  return true
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
    .set({ state: 'disabled', disabled_at: at })
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

/** Whether anybody ever was an administrator of the whole plant with a password of their own. */
export async function hasActivatedAdministrator(db: Db): Promise<boolean> {
  const row = await inIdentity(db)
    .selectFrom('identity.person')
    .innerJoin('identity.person_grant', 'identity.person_grant.person_id', 'identity.person.id')
    .select('identity.person.id')
    .where('state', '!=', 'invited')
    .where('role', '=', 'administrator')
    .where('node_id', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** A new link for the person; one that was open ends. */
export async function insertLink(
  db: Db,
  personId: string,
  token: string,
  madeAt: Instant,
  expiresAt: Instant,
): Promise<void> {
  await endLinks(db, personId, madeAt, 'renewal')
  await inIdentity(db)
    .insertInto('identity.activation_link')
    .values({
      id: newId<'ActivationLink'>(madeAt),
      person_id: personId,
      token_hash: tokenHash(token),
      made_at: madeAt,
      expires_at: expiresAt,
      ended_at: null,
      ended_by: null,
    })
    .execute()
}

export async function endLinks(db: Db, personId: string, at: Instant, by: 'renewal' | 'disabling'): Promise<void> {
  await inIdentity(db)
    .updateTable('identity.activation_link')
    .set({ ended_at: at, ended_by: by })
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .execute()
}

/**
 * The person whose open link this is, who stays as they are until this transaction ends; undefined when there is none, it
 * was used or replaced, or it has expired.
 */
export async function lockPersonByLink(db: Db, token: string, at: Instant): Promise<Person | undefined> {
  const link = await inIdentity(db)
    .selectFrom('identity.activation_link')
    .innerJoin('identity.person as person', 'person.id', 'identity.activation_link.person_id')
    .select('person.id')
    .where('token_hash', '=', tokenHash(token))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .where('state', '!=', 'disabled')
    .forUpdate('person')
    .executeTakeFirst()
  return link === undefined ? undefined : (await findPersonById(db, link.id))?.person
}

/** Uses the link up; false when somebody else was quicker. */
export async function takeLink(db: Db, token: string, at: Instant): Promise<boolean> {
  const taken = await inIdentity(db)
    .updateTable('identity.activation_link')
    .set({ ended_at: at, ended_by: 'use' })
    .where('token_hash', '=', tokenHash(token))
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}
