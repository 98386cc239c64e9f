import type { Id, Instant } from '@throughline/kernel'
import type { DomainEventName, DomainEvents, RecordRef, Signature } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Actor } from './actor.ts'

/** One transaction with its actor, its clock reading and the events that it will tell once committed. */
export interface UnitOfWork {
  /** The transaction; for an operation that changes nothing, a plain connection. */
  readonly trx: Kysely<Tables>
  readonly actor: Actor
  /** Of the audit entry that this work leaves. */
  readonly entryId: Id<'AuditEntry'>
  /** The same instant for every row that this work writes. */
  readonly at: Instant
  /** Nodes at or below which the actor holds the operation's permission; null = the whole plant. */
  readonly scopes: readonly Id<'EquipmentNode'>[] | null
  emit<Name extends DomainEventName>(name: Name, body: DomainEvents[Name]): void
  /** For scope `any`: @throws DomainError `forbidden` unless the node lies within `scopes` */
  assertWithin(nodeId: Id<'EquipmentNode'>): Promise<void>
  /**
   * Puts the signature that came with the request on a record, as it stands after what this work has changed up to now;
   * only for an operation with a signature.
   * @throws DomainError `conflict` when the record is not as the signer saw it, `not-found` when there is none
   */
  sign(record: RecordRef): Promise<Signature>
  /** What the transport does for the caller's session once the work is committed; ignored where there is no transport. */
  readonly session: SessionEffects
  /** The terminal that the request came from. */
  readonly terminal: TerminalEffects
}

export interface SessionEffects {
  /** What the caller's program says it is (the header User-Agent), for people who look at their sessions. */
  readonly device?: string
  start(token: string, maxAgeSeconds: number): void
  end(): void
}

/** What tells one terminal from another, whoever works there (21 CFR 11.10(h)). */
export interface TerminalEffects {
  /** What it was once given and brings with each request; null = it brings nothing. */
  readonly token: string | null
  /** Gives it its token, once the work is committed. */
  bind(token: string, maxAgeSeconds: number): void
}
