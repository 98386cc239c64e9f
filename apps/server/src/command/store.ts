import type { Id, Instant } from '@throughline/kernel'
import type { AgentCommand, DomainEvents } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/** A command that waits for its answer. */
export interface OpenCommand {
  readonly id: Id<'Command'>
  readonly agent: string
  readonly body: AgentCommand
  readonly expiresAt: Instant
}

/** What came of a command, for good. */
export type Settled = Pick<DomainEvents['command.settled'], 'outcome' | 'at' | 'reason'>

export interface NewCommand {
  readonly id: Id<'Command'>
  /** Null = there is no agent that could be asked. */
  readonly agent: string | null
  readonly body: AgentCommand
  readonly cause: string
  readonly by: string
  readonly at: Instant
  readonly expiresAt: Instant
}

/** Adds a command; false when there is one for this cause already. */
export async function insertCommand(
  db: Kysely<Tables>,
  command: NewCommand,
  settled: Settled | null,
): Promise<boolean> {
  const { id, agent, body, cause, by, at, expiresAt } = command
  const added = await sql`
    insert into command.command (id, kind, agent, body, cause, requested_by, requested_at, expires_at, state, settled_at,
      reason)
    values (${id}, ${body.kind}, ${agent}, ${JSON.stringify(body)}::jsonb, ${cause}, ${by}, ${at}, ${expiresAt},
      ${settled?.outcome ?? 'open'}, ${settled?.at ?? null}, ${settled?.reason ?? ''})
    on conflict (cause) do nothing returning id`.execute(db)
  return added.rows.length > 0
}

export async function listOpenCommands(db: Kysely<Tables>, id: Id<'Command'> | null = null): Promise<OpenCommand[]> {
  const found = await sql<OpenCommand>`
    select id, agent, body, expires_at as "expiresAt" from command.command
    where state = 'open' and (${id}::uuid is null or id = ${id}) order by requested_at, id`.execute(db)
  return found.rows
}

/** Undefined when it is settled already. */
export async function settleCommand(
  db: Kysely<Tables>,
  id: Id<'Command'>,
  { outcome, at, reason }: Settled,
): Promise<{ kind: string; cause: string } | undefined> {
  const found = await sql<{ kind: string; cause: string }>`
    update command.command set state = ${outcome}, settled_at = ${at}, reason = ${reason}
    where id = ${id} and state = 'open' returning kind, cause`.execute(db)
  return found.rows[0]
}
