import type { Writable } from 'node:stream'
import type { ClientBase } from 'pg'
import { ClosingQuestion, closingQuestion } from './closing-question.ts'
import type { Statement } from './statement.ts'
import { Outlet } from './statement.ts'

/** A statement that came this often will come again. */
const often = 5
const keptAtMost = 300
/** A statement with a list in it is another one for each length: those are long, and rarely come again. */
const longest = 4_000

/** Begins the text of the last statement of a transaction: it goes out with the `commit`, which fails when it does. */
export const lastOfTransaction = '/* last of its transaction */'

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => unknown

/**
 * Makes each way to the server worth it: the `begin` of a transaction goes out with its first statement, the `commit` with
 * its last one where that is known, the closing question with the statement before it, and the server keeps the plan of a
 * statement that comes again and again. For the small statements of an operation, planning and going there cost more than
 * running. The connection must be in pipeline mode.
 */
export async function saveRoundTrips(client: ClientBase): Promise<void> {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  const send = client.query.bind(client) as Query
  const outlet = await Outlet.open(client)
  const statements = new Statements()
  let hasToBegin = false
  let last: { readonly text: string; readonly values: readonly unknown[] } | undefined

  const sendAs = (statement: Statement, values: readonly unknown[], commit = false): Promise<unknown> => {
    const edges = { begin: hasToBegin, commit }
    hasToBegin = false
    return outlet.send(statement, values, edges)
  }
  const closing = new ClosingQuestion((text, values) => sendAs(statements.get(text), values))
  const sendOne = (text: string, values: readonly unknown[], commit = false): Promise<unknown> => {
    const statement = statements.get(text)
    closing.follow(statement)
    return sendAs(statement, values, commit)
  }
  /** A statement that was held back for a `commit`, and something else came. */
  const sendLast = (): Promise<unknown> | undefined => {
    const held = last
    last = undefined
    return held && sendOne(held.text, held.values)
  }
  const commit = (): unknown => {
    const held = last
    closing.close()
    last = undefined
    if (held !== undefined) return sendOne(held.text, held.values, true).then(() => answered('COMMIT'))
    if (!hasToBegin) return send('commit')
    hasToBegin = false
    return Promise.resolve(answered('COMMIT'))
  }
  const rollback = (): unknown => {
    last = undefined
    closing.close()
    if (!hasToBegin) return send('rollback')
    hasToBegin = false
    return Promise.resolve(answered('ROLLBACK'))
  }
  const query: Query = (text, values, ...rest) => {
    if (text === 'begin') {
      hasToBegin = true
      closing.open()
      return Promise.resolve(answered('BEGIN'))
    }
    if (text === 'commit') return commit()
    if (text === 'rollback') return rollback()
    const earlier = sendLast()
    if (typeof text === 'string' && Array.isArray(values) && values.length > 0) {
      if (text.startsWith(closingQuestion)) return after(earlier, closing.ask(text, values))
      if (!text.startsWith(lastOfTransaction)) return after(earlier, sendOne(text, values))
      last = { text, values }
      return Promise.resolve(answered('INSERT')).then((answer) => after(earlier, answer))
    }
    closing.interrupt()
    if (!hasToBegin) return after(earlier, send(text, values, ...rest))
    hasToBegin = false
    stream.cork()
    try {
      return after(send('begin'), send(text, values, ...rest))
    } finally {
      stream.uncork()
    }
  }
  client.query = query as ClientBase['query']
}

const answered = (command: string): object => ({ command, rowCount: 0, rows: [] })

/** A statement before which another one failed has failed, whatever the server made of it. */
function after(earlier: unknown, answer: unknown): unknown {
  return earlier === undefined ? answer : bothOf(earlier, answer)
}

async function bothOf(earlier: unknown, answer: unknown): Promise<unknown> {
  const [first, second] = await Promise.allSettled([earlier, answer])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return second.value
}

/** Which statements of a connection come again and again. */
class Statements {
  readonly #counts = new Map<string, number>()
  readonly #kept = new Map<string, Statement>()

  get(text: string): Statement {
    const known = this.#kept.get(text)
    if (known !== undefined) return known
    if (this.#kept.size >= keptAtMost || text.length > longest) return { text }
    const count = (this.#counts.get(text) ?? 0) + 1
    if (this.#counts.size > 10 * keptAtMost) this.#counts.clear()
    this.#counts.set(text, count)
    if (count < often) return { text }
    this.#counts.delete(text)
    const statement = { text, name: `kept_${this.#kept.size}` }
    this.#kept.set(text, statement)
    return statement
  }
}
