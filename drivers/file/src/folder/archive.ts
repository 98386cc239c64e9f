import { createHash, randomUUID } from 'node:crypto'
import { appendFile, chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { makeFolder } from './make-folder.ts'

/** What happened to a file: one line of the manifest. */
const Note = z.object({
  /** ISO 8601. */
  at: z.string(),
  what: z.enum(['archived', 'duplicate', 'refused', 'delivered', 'not-taken']),
  hash: z.string().nullable(),
  name: z.string(),
  size: z.number(),
  modified: z.string(),
  /** Whether the server is to get the whole of it. */
  document: z.boolean(),
  reason: z.string().nullable(),
})
export type Note = z.infer<typeof Note>

/** A file that was taken. */
export interface Archived {
  readonly hash: string
  readonly name: string
  readonly modified: string
  readonly size: number
  /** The server is to get it and has not said yet that it has it. */
  readonly isOnItsWay: boolean
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/**
 * Originals by the SHA-256 of their content, read-only and never changed, with a manifest that only grows: a file is in
 * here once, whatever its names were.
 */
export class Archive {
  readonly #dir: string
  readonly #manifest: string
  readonly #byHash = new Map<string, Archived>()

  private constructor(dir: string) {
    this.#dir = dir
    this.#manifest = join(dir, 'manifest.jsonl')
  }

  /** Opens or makes it; a line that a crash cut off counts as not written. */
  static async open(dir: string): Promise<Archive> {
    const archive = new Archive(dir)
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const text = await readFile(archive.#manifest, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const lines = text.split('\n')
    for (const line of lines) {
      const note = parseNote(line)
      if (note !== undefined) archive.#hear(note)
    }
    if (lines.at(-1) !== '') await appendFile(archive.#manifest, '\n')
    return archive
  }

  get(hash: string): Archived | undefined {
    return this.#byHash.get(hash)
  }

  /** What was taken, the newest first. */
  *newest(): Iterable<Archived> {
    yield* [...this.#byHash.values()].reverse()
  }

  /** Keeps the bytes: durable, read-only and under their hash when it returns. */
  async keep(hash: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(hash)
    const there = await readFile(path).catch(() => undefined)
    if (there !== undefined && hashOf(there) === hash) return
    await makeFolder(dirname(path))
    const beside = join(this.#dir, `${randomUUID()}.part`)
    try {
      const file = await open(beside, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await chmod(beside, 0o400)
      await rename(beside, path)
      await syncFolder(dirname(path))
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {})
      throw error
    }
  }

  /** @throws DomainError `defect` (`file.archive-damaged`) when it is not what was kept */
  async read(hash: string): Promise<Uint8Array> {
    const bytes = await readFile(this.#pathOf(hash))
    if (hashOf(bytes) === hash) return bytes
    const message = `${this.#pathOf(hash)} is no longer what was archived: bring it back from a backup`
    throw new DomainError('defect', 'file.archive-damaged', message)
  }

  /** Adds lines to the manifest: on disk when it returns. */
  async note(notes: readonly Note[]): Promise<void> {
    if (notes.length === 0) return
    const file = await open(this.#manifest, 'a', 0o600)
    try {
      await file.appendFile(notes.map((note) => `${JSON.stringify(note)}\n`).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
    for (const note of notes) this.#hear(note)
  }

  #hear(note: Note): void {
    if (note.hash === null) return
    const known = this.#byHash.get(note.hash)
    if (note.what === 'archived' && known === undefined) {
      const { hash, name, modified, size, document } = note
      this.#byHash.set(hash, { hash, name, modified, size, isOnItsWay: document })
    } else if (known !== undefined && (note.what === 'delivered' || note.what === 'not-taken')) {
      this.#byHash.set(note.hash, { ...known, isOnItsWay: false })
    }
  }

  #pathOf(hash: string): string {
    return join(this.#dir, hash.slice(0, 2), hash)
  }
}

function parseNote(line: string): Note | undefined {
  try {
    return Note.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
