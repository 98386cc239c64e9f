import { DomainError } from '@throughline/kernel'
import type { ConnectionProvider, DatabaseConnection } from 'kysely'
import { CompiledQuery, PostgresDialect, Transaction } from 'kysely'
import type { Database, Tables } from './tables.ts'

/** A transaction has its connection: what Kysely wants to know beside it is never used. */
const dialect = new PostgresDialect({ pool: () => Promise.reject(new TypeError('a transaction opens no connection')) })
const unused = { config: { dialect }, dialect, driver: dialect.createDriver() }

/**
 * A transaction whose statements go out as they are asked for, so that those of one moment share a way to the server.
 * Kysely's own waits for each answer before it sends the next statement.
 */
export async function transact<Answer>(
  db: Database,
  work: (trx: Transaction<Tables>) => Promise<Answer>,
): Promise<Answer> {
  const executor = db.getExecutor()
  return await executor.provideConnection(async (connection) => {
    const line = new Line(connection)
    const trx = new Transaction<Tables>({ ...unused, executor: executor.withConnectionProvider(line) })
    await connection.executeQuery(CompiledQuery.raw('begin'))
    try {
      const answer = await work(trx)
      line.close()
      await connection.executeQuery(CompiledQuery.raw('commit'))
      return answer
    } catch (error) {
      line.close()
      // A connection that broke has undone it already; what matters is why.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {})
      throw error
    }
  })
}

/** The connection of one transaction, for as long as that lasts: then it is somebody else's. */
class Line implements ConnectionProvider {
  readonly #connection: DatabaseConnection
  #isClosed = false

  constructor(connection: DatabaseConnection) {
    this.#connection = connection
  }

  close(): void {
    this.#isClosed = true
  }

  async provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    if (this.#isClosed) {
      throw new DomainError('defect', 'platform.transaction-over', 'A statement came behind the end of its transaction')
    }
    return await consumer(this.#connection)
  }
}
