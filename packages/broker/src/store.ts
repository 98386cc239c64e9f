import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '@throughline/kernel'
import type { ReportFault } from './fault.ts'

/** One message as the broker keeps it. */
export interface StoredMessage {
  readonly topic: string
  readonly payload: Uint8Array
  readonly qos: number
  readonly retain: boolean
}

export interface StoredSession {
  readonly clientId: string
  readonly username: string
  readonly subscriptions: readonly { readonly topic: string; readonly qos: number }[]
  readonly queue: readonly (StoredMessage & { readonly key: string })[]
}

type Job = (database: DatabaseSync) => void

const schema = `
  CREATE TABLE IF NOT EXISTS retained (topic TEXT PRIMARY KEY, payload BLOB NOT NULL, qos INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS session (client_id TEXT PRIMARY KEY, username TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS subscription (
    client_id TEXT NOT NULL, topic TEXT NOT NULL, qos INTEGER NOT NULL, PRIMARY KEY (client_id, topic)) STRICT;
  CREATE TABLE IF NOT EXISTS outgoing (
    position INTEGER PRIMARY KEY, client_id TEXT NOT NULL, key TEXT NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL,
    qos INTEGER NOT NULL, retain INTEGER NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS outgoing_key ON outgoing (client_id, key);
  CREATE TABLE IF NOT EXISTS will (
    client_id TEXT PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, qos INTEGER NOT NULL, retain INTEGER NOT NULL
  ) STRICT;`

/**
 * What outlives a restart, in one SQLite file. Changes gather in memory and are written every `flushEveryMs`: a topic
 * retained a thousand times a second costs one row a flush, and a queued message acknowledged at once costs none.
 */
export class BrokerStore {
  readonly #database: DatabaseSync
  readonly #timer: NodeJS.Timeout
  readonly #reportFault: ReportFault
  #pending = new Map<string, Job>()

  constructor(file: string, flushEveryMs: number, reportFault: ReportFault) {
    this.#reportFault = reportFault
    // Made first, so that the mode also holds for the files that SQLite adds beside it.
    closeSync(openSync(file, 'a', 0o600))
    this.#database = new DatabaseSync(file)
    // NORMAL: a killed process loses nothing written, a power cut may lose the last moments, neither damages the file.
    // MQTT's acknowledgement is never Throughline's point of "recorded", so an fsync per flush would buy nothing.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;')
    this.#database.exec(schema)
    this.#timer = setInterval(() => this.flush(), flushEveryMs)
  }

  retained(): StoredMessage[] {
    return this.#database
      .prepare('SELECT topic, payload, qos FROM retained ORDER BY topic')
      .all()
      .map((row) => rowToMessage({ ...row, retain: 1 }))
  }

  wills(): StoredMessage[] {
    return this.#database
      .prepare('SELECT topic, payload, qos, retain FROM will ORDER BY client_id')
      .all()
      .map(rowToMessage)
  }

  sessions(): StoredSession[] {
    const subscriptions = this.#database.prepare(
      'SELECT topic, qos FROM subscription WHERE client_id = ? ORDER BY topic',
    )
    const queue = this.#database.prepare(
      'SELECT key, topic, payload, qos, retain FROM outgoing WHERE client_id = ? ORDER BY position',
    )
    return this.#database
      .prepare('SELECT client_id, username FROM session ORDER BY client_id')
      .all()
      .map(({ client_id: id, username }) => ({
        clientId: text(id),
        username: text(username),
        subscriptions: subscriptions.all(text(id)).map(({ topic, qos }) => ({ topic: text(topic), qos: Number(qos) })),
        queue: queue.all(text(id)).map(({ key, ...row }) => ({ ...rowToMessage(row), key: text(key) })),
      }))
  }

  /** An empty payload ends the retained message. */
  retain(message: StoredMessage): void {
    const { topic, payload, qos } = message
    this.#pending.set(`retained ${topic}`, (database) => {
      if (payload.length === 0) database.prepare('DELETE FROM retained WHERE topic = ?').run(topic)
      else database.prepare('INSERT OR REPLACE INTO retained VALUES (?, ?, ?)').run(topic, payload, qos)
    })
  }

  putWill(clientId: string, { topic, payload, qos, retain }: StoredMessage): void {
    this.#pending.set(`will ${clientId}`, (database) => {
      database
        .prepare('INSERT OR REPLACE INTO will VALUES (?, ?, ?, ?, ?)')
        .run(clientId, topic, payload, qos, Number(retain))
    })
  }

  deleteWill(clientId: string): void {
    this.#pending.set(`will ${clientId}`, (database) => {
      database.prepare('DELETE FROM will WHERE client_id = ?').run(clientId)
    })
  }

  clearWills(): void {
    this.#pending.set('wills', (database) => database.exec('DELETE FROM will'))
  }

  /** Replaces what is known of one session's subscriptions; the queue stays. */
  putSession(clientId: string, username: string, subscriptions: readonly { topic: string; qos: number }[]): void {
    this.#pending.set(`session ${clientId}`, (database) => {
      database.prepare('INSERT OR REPLACE INTO session VALUES (?, ?)').run(clientId, username)
      database.prepare('DELETE FROM subscription WHERE client_id = ?').run(clientId)
      const insert = database.prepare('INSERT INTO subscription VALUES (?, ?, ?)')
      for (const { topic, qos } of subscriptions) insert.run(clientId, topic, qos)
    })
  }

  deleteSession(clientId: string): void {
    const start = `outgoing ${clientId} `
    for (const key of this.#pending.keys()) if (key.startsWith(start)) this.#pending.delete(key)
    this.#pending.delete(`session ${clientId}`)
    // A key of its own, last in line: a session that begins again before the flush must not undo the end of the old one.
    this.#pending.delete(`session-end ${clientId}`)
    this.#pending.set(`session-end ${clientId}`, (database) => {
      for (const table of ['session', 'subscription', 'outgoing']) {
        database.prepare(`DELETE FROM ${table} WHERE client_id = ?`).run(clientId)
      }
    })
  }

  enqueue(clientId: string, key: string, { topic, payload, qos, retain }: StoredMessage): void {
    this.#pending.set(`outgoing ${clientId} ${key}`, (database) => {
      database
        .prepare(
          'INSERT OR REPLACE INTO outgoing (client_id, key, topic, payload, qos, retain) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(clientId, key, topic, payload, qos, Number(retain))
    })
  }

  dequeue(clientId: string, key: string): void {
    // Acknowledged before it was written: there is nothing on the disk to delete.
    if (this.#pending.delete(`outgoing ${clientId} ${key}`)) return
    this.#pending.set(`outgoing-done ${clientId} ${key}`, (database) => {
      database.prepare('DELETE FROM outgoing WHERE client_id = ? AND key = ?').run(clientId, key)
    })
  }

  flush(): void {
    if (this.#pending.size === 0) return
    const jobs = this.#pending
    this.#pending = new Map()
    try {
      this.#database.exec('BEGIN')
      for (const job of jobs.values()) job(this.#database)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      // Kept for the next flush, the newer change of the same thing winning: a full disk may empty again.
      this.#pending = new Map([...jobs, ...this.#pending])
      this.#reportFault('broker-store-failed', messageOf(error))
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.flush()
    this.#database.close()
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function rowToMessage({ topic, payload, qos, retain }: Record<string, unknown>): StoredMessage {
  return {
    topic: text(topic),
    payload: payload instanceof Uint8Array ? payload : new Uint8Array(),
    qos: Number(qos),
    retain: retain === 1,
  }
}
