import { randomUUID } from 'node:crypto'
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'

interface Holder {
  readonly host: string
  readonly process: number
  readonly token: string
}

const staleAfterMs = 60_000
/** Locks that live sessions of this process hold. */
const held = new Set<string>()

/**
 * A folder is worked in by one session at a time: two would take each other's files. The holder touches its lock with
 * each look; one that a dead process left is taken over.
 */
export class FolderLock {
  readonly #path: string
  readonly #token: string

  private constructor(path: string, token: string) {
    this.#path = path
    this.#token = token
  }

  /** @throws DomainError `unavailable` (`file.folder-in-use`) naming the holder */
  static async take(dir: string): Promise<FolderLock> {
    const path = join(dir, 'in-use.lock')
    const holder: Holder = { host: hostname(), process: process.pid, token: randomUUID() }
    const text = JSON.stringify(holder)
    try {
      await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      await assertLeft(path, dir)
      await rm(path, { force: true })
      await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    }
    held.add(holder.token)
    return new FolderLock(path, holder.token)
  }

  /** Says that the session lives, by the file server's own clock. Written over in place: whoever looks never finds it empty. */
  async touch(): Promise<void> {
    const file = await open(this.#path, 'r+')
    try {
      await file.write(await file.readFile(), 0, undefined, 0)
    } finally {
      await file.close()
    }
  }

  async release(): Promise<void> {
    if (!held.delete(this.#token)) return
    const holder = await holderOf(this.#path).catch(() => 'unknown' as const)
    if (typeof holder === 'object' && holder.token === this.#token)
      await rm(this.#path, { force: true }).catch(() => {})
  }
}

async function assertLeft(path: string, dir: string): Promise<void> {
  const holder = await holderOf(path)
  if (holder === 'nobody') return
  if (holder === 'unknown') {
    if (await isStale(path, dir)) return
    throw inUse(dir, 'its lock is being written')
  }
  const isHere = holder.host === hostname()
  if (isHere && !(holder.process === process.pid ? held.has(holder.token) : isAlive(holder.process))) return
  if (!isHere && (await isStale(path, dir))) return
  throw inUse(dir, `process ${holder.process} on ${holder.host}`)
}

const inUse = (dir: string, by: string): DomainError =>
  new DomainError(
    'unavailable',
    'file.folder-in-use',
    `Another session works in ${dir}: ${by}. One connection takes a folder's files`,
  )

async function holderOf(path: string): Promise<Holder | 'nobody' | 'unknown'> {
  try {
    const { host, process: id, token } = JSON.parse(await readFile(path, 'utf8'))
    return { host: String(host), process: Number(id), token: String(token) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'nobody'
    // Half written: by somebody who is at it, or who died over it.
    if (error instanceof SyntaxError) return 'unknown'
    throw error
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Two times of one file server are compared: its clock and ours may differ. */
async function isStale(path: string, dir: string): Promise<boolean> {
  const probe = join(dir, `${randomUUID()}.tmp`)
  await writeFile(probe, '')
  try {
    const [lock, now] = await Promise.all([stat(path), stat(probe)])
    return now.mtimeMs - lock.mtimeMs > staleAfterMs
  } finally {
    await rm(probe, { force: true })
  }
}
