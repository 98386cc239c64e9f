import type { Writable } from 'node:stream'
import type { ClientBase } from 'pg'
import pg from 'pg'

/** The driver's own connection, as far as it is needed here; its types do not tell of it. */
interface Wire {
  readonly stream: Writable
  _send(part: Buffer): unknown
  parse(statement: { name: string; text: string; types: readonly number[] }): void
  bind(statement: { statement: string; values: readonly unknown[] }): void
  execute(portal: object): void
  sync(): void
}

/** What the driver keeps of an answer. */
interface Answer {
  fields: readonly unknown[]
  _parsers: unknown
  _prebuiltEmptyResultObject: unknown
}

type Done = (error: Error | null | undefined, result: unknown) => void

/** The driver's query, with what its types do not tell of. */
interface DriverQuery {
  name: string | undefined
  _result: Answer
  _accumulateRows: boolean
  submit(wire: Wire): Error | null
  prepare(wire: Wire): void
  handleCommandComplete(message: object, wire: Wire): void
  handleReadyForQuery(wire: Wire): void
}

const DriverQuery = pg.Query as unknown as new (text: string, values: readonly unknown[], done: Done) => DriverQuery

/** A text that a connection sends, and what is known of it there. */
export interface Statement {
  readonly text: string
  /** Under which the server keeps its plan; undefined = it does not. */
  readonly name?: string
  /** Of a kept statement: what its rows are made of. It is asked for once. */
  answer?: Answer
}

/** Ends of a transaction that go out together with a statement. */
export interface Edges {
  readonly begin: boolean
  readonly commit: boolean
}

const describes = 'D'.charCodeAt(0)

/** Writes to the server in one piece what the driver would write message by message. */
export class Outlet {
  readonly #wire: Wire
  readonly #parts: Buffer[] = []
  readonly #submit: (query: DriverQuery) => unknown
  #isGathering = false
  #isAnswerKnown = false
  #begin: readonly Buffer[] = []
  #commit: readonly Buffer[] = []

  private constructor(client: ClientBase) {
    this.#submit = client.query.bind(client) as unknown as (query: DriverQuery) => unknown
    this.#wire = (client as unknown as { connection: Wire }).connection
    const { stream } = this.#wire
    this.#wire._send = (part) => {
      if (!this.#isGathering) return stream.writable && stream.write(part)
      return this.#isAnswerKnown && part[0] === describes ? 0 : this.#parts.push(part)
    }
  }

  /** Lets the server keep both edges of a transaction, too. */
  static async open(client: ClientBase): Promise<Outlet> {
    const outlet = new Outlet(client)
    const wire = outlet.#wire
    await new Promise<void>((resolve, reject) => {
      outlet.#submit(new Preparation(['begin', 'commit'], (error) => (error ? reject(error) : resolve())))
    })
    const edge = (statement: string): readonly Buffer[] =>
      outlet.#gathered(false, () => {
        wire.bind({ statement, values: [] })
        wire.execute({})
      })
    outlet.#begin = edge('begin')
    outlet.#commit = edge('commit')
    return outlet
  }

  /** Sends a statement; with an error of it, nothing that goes out behind it happens. */
  send(statement: Statement, values: readonly unknown[], edges: Edges): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const done: Done = (error, result) => (error ? reject(error) : resolve(result))
      this.#submit(new Sent(this, statement, values, edges, done))
    })
  }

  write(isAnswerKnown: boolean, begins: boolean, write: () => void): void {
    const parts = this.#gathered(isAnswerKnown, write)
    const all = Buffer.concat(begins ? [...this.#begin, ...parts] : parts)
    const { stream } = this.#wire
    if (!stream.writable) return
    // What is asked at the same moment goes out together: each packet costs both ends a wake-up.
    stream.cork()
    process.nextTick(() => stream.uncork())
    stream.write(all)
  }

  addCommit(): void {
    this.#parts.push(...this.#commit)
  }

  #gathered(isAnswerKnown: boolean, write: () => void): readonly Buffer[] {
    this.#isGathering = true
    this.#isAnswerKnown = isAnswerKnown
    try {
      write()
      return [...this.#parts]
    } finally {
      this.#isGathering = false
      this.#parts.length = 0
    }
  }
}

/** Statements that the server shall keep, without running them. */
class Preparation extends DriverQuery {
  readonly #texts: readonly string[]

  constructor(texts: readonly string[], done: Done) {
    super('', [], done)
    this.#texts = texts
  }

  override submit(wire: Wire): null {
    for (const text of this.#texts) wire.parse({ name: text, text, types: [] })
    wire.sync()
    return null
  }
}

class Sent extends DriverQuery {
  readonly #outlet: Outlet
  readonly #statement: Statement
  readonly #edges: Edges
  #ended = 0

  constructor(outlet: Outlet, statement: Statement, values: readonly unknown[], edges: Edges, done: Done) {
    super(statement.text, values, done)
    this.name = statement.name
    this.#outlet = outlet
    this.#statement = statement
    this.#edges = edges
  }

  override submit(wire: Wire): null {
    const { answer } = this.#statement
    if (answer !== undefined) {
      Object.assign(this._result, answer)
      this._accumulateRows = true
    }
    this.#outlet.write(answer !== undefined, this.#edges.begin, () => this.prepare(wire))
    return null
  }

  /** The driver's last step of `prepare`. */
  _getRows(wire: Wire): void {
    wire.execute({})
    if (this.#edges.commit) this.#outlet.addCommit()
    wire.sync()
  }

  override handleCommandComplete(message: object, wire: Wire): void {
    const isOwn = this.#ended === (this.#edges.begin ? 1 : 0)
    this.#ended += 1
    if (isOwn) super.handleCommandComplete(message, wire)
  }

  override handleReadyForQuery(wire: Wire): void {
    if (this.name !== undefined && this.#statement.answer === undefined) {
      const { fields, _parsers, _prebuiltEmptyResultObject } = this._result
      this.#statement.answer = { fields, _parsers, _prebuiltEmptyResultObject }
    }
    super.handleReadyForQuery(wire)
  }
}
