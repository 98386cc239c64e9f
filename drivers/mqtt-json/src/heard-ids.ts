import { DatabaseSync } from 'node:sqlite'

const maxIds = 100_000
/** Readings are on the agent's disk within 20 ms: an id that is kept sooner could outlive what it stands for. */
const keepAfterMs = 200

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table if not exists heard (id text primary key, place integer not null) strict, without rowid;
  create index if not exists heard_place on heard (place);
`

/** The ids of messages that were heard, over sessions and restarts: the newest 100,000. */
export class HeardIds {
  readonly #database: DatabaseSync
  #fresh = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #place: number

  constructor(file: string) {
    this.#database = new DatabaseSync(file)
    this.#database.exec(schema)
    this.#place = Number(this.#database.prepare('select max(place) as place from heard').get()?.['place'] ?? 0)
  }

  has(id: string): boolean {
    return this.#fresh.has(id) || this.#database.prepare('select 1 from heard where id = ?').get(id) !== undefined
  }

  add(id: string): void {
    this.#fresh.add(id)
    this.#timer ??= setTimeout(() => this.#keep(), keepAfterMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#keep()
    this.#database.close()
  }

  #keep(): void {
    this.#timer = undefined
    const ids = this.#fresh
    this.#fresh = new Set()
    if (ids.size === 0) return
    const insert = this.#database.prepare('insert or ignore into heard (id, place) values (?, ?)')
    this.#database.exec('begin')
    for (const id of ids) insert.run(id, ++this.#place)
    this.#database.prepare('delete from heard where place <= ?').run(this.#place - maxIds)
    this.#database.exec('commit')
  }
}
