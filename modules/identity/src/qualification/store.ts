import type { Id, Instant } from '@throughline/kernel'
import type { Person, Qualification } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

type Connection = Kysely<Tables>

const columns = sql`
  q.id, q.person_id as "personId", q.skill, q.evidence, q.valid_from as "validFrom", q.valid_to as "validTo",
  q.only_for as "onlyFor", q.recorded_by as "recordedBy", q.recorded_at as "recordedAt",
  case when q.revoked_at is null then null
    else jsonb_build_object('at', q.revoked_at, 'by', q.revoked_by, 'reason', q.revoked_reason) end as revoked`

export type NamedQualification = Qualification & { readonly personName: string; readonly printedName: string }

/** The soonest to end first; those without an end last. */
export async function listNamed(
  db: Connection,
  want: {
    readonly personId?: string | undefined
    readonly skill?: string | undefined
    readonly at?: Instant | undefined
  },
): Promise<NamedQualification[]> {
  const { rows } = await sql<NamedQualification>`
    select ${columns}, p.name as "personName", p.printed_name as "printedName"
    from identity.qualification q join identity.person p on p.id = q.person_id
    where (${want.personId ?? null}::uuid is null or q.person_id = ${want.personId ?? null}::uuid)
      and (${want.skill ?? null}::text is null or q.skill = ${want.skill ?? null})
      and (${want.at ?? null}::bigint is null or (q.valid_from <= ${want.at ?? null}::bigint
        and (q.valid_to is null or q.valid_to > ${want.at ?? null}::bigint)
        and (q.revoked_at is null or q.revoked_at > ${want.at ?? null}::bigint)))
    order by q.valid_to nulls last, p.name, q.skill, q.id`.execute(db)
  return rows
}

/** Everybody who is not disabled, by name, with the badges that they can use. */
export async function listUsable(
  db: Connection,
): Promise<(Pick<Person, 'id' | 'name' | 'printedName' | 'grants'> & { readonly badges: string[] })[]> {
  const { rows } = await sql<Pick<Person, 'id' | 'name' | 'printedName' | 'grants'> & { badges: string[] }>`
    select p.id, p.name, p.printed_name as "printedName",
      array(select b.ending from identity.badge b where b.person_id = p.id and b.state = 'active' order by b.issued_at)
        as badges,
      coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'nodeId', g.node_id)) from identity.person_grant g
        where g.person_id = p.id), '[]'::jsonb) as grants
    from identity.person p where p.state <> 'disabled' order by p.name`.execute(db)
  return rows
}

/** Everything that somebody ever earned, also what ended or was revoked. */
export async function listOfPerson(db: Connection, personId: string): Promise<Qualification[]> {
  const { rows } = await sql<Qualification>`
    select ${columns} from identity.qualification q where q.person_id = ${personId} order by q.id`.execute(db)
  return rows
}

/** Locked until the end of the transaction. */
export async function lockQualification(db: Connection, id: Id<'Qualification'>): Promise<Qualification | undefined> {
  const { rows } = await sql<Qualification>`
    select ${columns} from identity.qualification q where q.id = ${id} for update`.execute(db)
  return rows[0]
}

export async function insertQualification(db: Connection, each: Qualification): Promise<void> {
  await sql`
    insert into identity.qualification (id, person_id, skill, evidence, valid_from, valid_to, only_for, recorded_by, recorded_at)
    values (${each.id}, ${each.personId}, ${each.skill}, ${each.evidence}, ${each.validFrom}, ${each.validTo},
      ${each.onlyFor}, ${each.recordedBy}, ${each.recordedAt})`.execute(db)
}

export async function setRevoked(
  db: Connection,
  id: Id<'Qualification'>,
  revoked: NonNullable<Qualification['revoked']>,
): Promise<void> {
  await sql`
    update identity.qualification
    set revoked_at = ${revoked.at}, revoked_by = ${revoked.by}, revoked_reason = ${revoked.reason}
    where id = ${id}`.execute(db)
}
