import type { Kysely, QueryResult } from 'kysely'
import { CompiledQuery } from 'kysely'

/** A part of a statement; it adds its values to the draft. */
export type Part = (draft: Draft) => string

/** A statement in the making, for those that every operation sends: built as text, at a fraction of a builder's cost. */
export class Draft {
  readonly #values: unknown[] = []

  /** The name under which the value stands in the text. */
  value(value: unknown): string {
    return `$${this.#values.push(value)}`
  }

  async execute<DB>(db: Kysely<DB>, text: string): Promise<QueryResult<unknown>> {
    return await db.executeQuery(CompiledQuery.raw(text, this.#values))
  }
}
