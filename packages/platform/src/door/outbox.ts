import type { Id, Instant } from '@throughline/kernel'
import { messageOf, newId } from '@throughline/kernel'
import type { DomainEventName } from '@throughline/model'
import type { Kysely } from 'kysely'
import type { Database, Tables } from '../database/tables.ts'

/** One event on its way to its subscribers. */
export interface ToldEvent {
  readonly id: Id<'Event'>
  readonly name: DomainEventName
  readonly body: unknown
}

export async function writeEvents(
  trx: Kysely<Tables>,
  at: Instant,
  events: readonly { name: DomainEventName; body: unknown }[],
): Promise<void> {
  if (events.length === 0) return
  await trx
    .insertInto('platform.outbox')
    .values(
      events.map(({ name, body }) => ({
        id: newId<'Event'>(at),
        name,
        at,
        body: JSON.stringify(body),
        delivered: false,
      })),
    )
    .execute()
}

/**
 * Hands committed events to their subscribers, oldest first, at least once. An event is marked only after all its
 * subscribers did their work, so a crash in between repeats it. There is no cursor to run past a late commit: what is
 * not marked is delivered, whenever it appears.
 */
export class OutboxWorker {
  readonly #db: Database
  readonly #deliver: (event: ToldEvent) => Promise<void>
  readonly #onFailure: (event: ToldEvent, reason: string) => void
  #running: Promise<void> | undefined
  #again = false
  #retry: NodeJS.Timeout | undefined
  #stopped = false

  constructor(
    db: Database,
    deliver: (event: ToldEvent) => Promise<void>,
    onFailure: (event: ToldEvent, reason: string) => void,
  ) {
    this.#db = db
    this.#deliver = deliver
    this.#onFailure = onFailure
  }

  /** Something was committed: look at once, or once more when a look is under way. */
  wake(): void {
    if (this.#stopped) return
    if (this.#running !== undefined) {
      this.#again = true
      return
    }
    this.#running = this.#drain().finally(() => {
      this.#running = undefined
      if (this.#again) {
        this.#again = false
        this.wake()
      }
    })
  }

  /** Settles once everything that can be delivered now is delivered. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#retry)
    await this.idle()
  }

  async #drain(): Promise<void> {
    try {
      const failed = new Set<string>()
      for (;;) {
        const waiting = await this.#waiting(failed)
        if (waiting.length === 0) break
        for (const event of waiting) {
          if (!(await this.#tell(event))) failed.add(event.id)
        }
      }
      if (failed.size > 0) this.#tryLater()
    } catch {
      // The database is away for a moment: nothing is lost, the events wait there.
      this.#tryLater()
    }
  }

  async #waiting(failed: ReadonlySet<string>): Promise<ToldEvent[]> {
    let query = this.#db
      .selectFrom('platform.outbox')
      .select(['id', 'name', 'body'])
      .where('delivered', '=', false)
      .orderBy('seq')
      .limit(100)
    if (failed.size > 0) query = query.where('id', 'not in', [...failed])
    const rows = await query.execute()
    return rows.map((row) => ({ id: row.id as Id<'Event'>, name: row.name as DomainEventName, body: row.body }))
  }

  async #tell(event: ToldEvent): Promise<boolean> {
    try {
      await this.#deliver(event)
    } catch (error) {
      this.#onFailure(event, messageOf(error))
      return false
    }
    await this.#db.updateTable('platform.outbox').set({ delivered: true }).where('id', '=', event.id).execute()
    return true
  }

  #tryLater(): void {
    if (this.#stopped) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.wake(), 2000)
    this.#retry.unref()
  }
}
