import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'

/**
 * The next `count` numbers of a series, without gaps or doubles: two who ask at once take turns, and what is not committed
 * was never given.
 */
export async function takeNumbers(trx: Kysely<Tables>, series: string, count: number): Promise<number[]> {
  const { rows } = await sql<{ last: number }>`
    insert into material.number as number (series, last) values (${series}, ${count})
    on conflict (series) do update set last = number.last + excluded.last
    returning last`.execute(trx)
  const last = rows[0]?.last ?? count
  return Array.from({ length: count }, (_, index) => last - count + 1 + index)
}
