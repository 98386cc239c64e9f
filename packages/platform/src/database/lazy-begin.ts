import type { Writable } from 'node:stream'
import type { ClientBase } from 'pg'

type Query = (text: unknown, ...rest: unknown[]) => unknown

/**
 * Sends the `begin` of a transaction together with its first statement: one way to the server and back less for each
 * transaction. The connection must be in pipeline mode.
 */
export function beginWithFirst(client: ClientBase): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  const send = client.query.bind(client) as Query
  let hasToBegin = false
  const query: Query = (text, ...rest) => {
    if (text === 'begin') {
      hasToBegin = true
      return Promise.resolve({ command: 'BEGIN', rowCount: null, rows: [] })
    }
    if (!hasToBegin) return send(text, ...rest)
    hasToBegin = false
    stream.cork()
    try {
      return afterBegin(send('begin'), send(text, ...rest))
    } finally {
      stream.uncork()
    }
  }
  client.query = query as ClientBase['query']
}

/** A statement whose transaction did not begin has failed, whatever the server made of it. */
async function afterBegin(begun: unknown, answer: unknown): Promise<unknown> {
  const [first, second] = await Promise.allSettled([begun, answer])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return second.value
}
