import type { Clock } from '@throughline/kernel'
import type { DomainEventName, DomainEvents, Operation } from '@throughline/model'
import type { z } from 'zod'
import type { Database } from './database/tables.ts'
import type { Actor } from './door/actor.ts'
import type { Authenticator, Hierarchy } from './door/ports.ts'
import type { UnitOfWork } from './door/unit-of-work.ts'

export type Handler<Input extends z.ZodType, Output extends z.ZodType> = (
  uow: UnitOfWork,
  input: z.output<Input>,
) => Promise<z.input<Output>>

export interface Platform {
  readonly db: Database
  readonly clock: Clock
  /** Mounts the one handler of an operation. */
  handle<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    handler: Handler<Input, Output>,
  ): void
  /** Hears an event after its commit, in a transaction of its own, at least once: hearing it twice must change nothing. */
  on<Name extends DomainEventName>(
    name: Name,
    subscriber: string,
    run: (uow: UnitOfWork, body: DomainEvents[Name]) => Promise<void>,
  ): void
  /** Puts a guard in front of an operation: it may throw to refuse, and change nothing. */
  guard<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    name: string,
    check: (uow: UnitOfWork, input: z.output<Input>) => Promise<void>,
  ): void
  authenticateWith(authenticator: Authenticator): void
  locateWith(hierarchy: Hierarchy): void
  run<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output>,
    actor: Actor,
    input: z.input<Input>,
    options?: { idempotencyKey?: string },
  ): Promise<z.output<Output>>
}
