import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that lies in the folder. */
export interface DroppedFile {
  /** Path below the folder, with `/` whatever the system writes. */
  readonly name: string
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

const temporary = /(^[.~])|(\.(tmp|temp|part|partial|filepart|crdownload|download|writing|lock|lck|swp|bak)$)|~$/i
const lockEndings = ['.lock', '.lck', '.tmp', '.part', '.writing']
const maxLevels = 20

/** Looks through a folder again and again and tells which files have come to rest. */
export class DropScan {
  readonly #folder: string
  readonly #settleMs: number
  readonly #subfolders: boolean
  /** Folders in it that are not looked into, by their path below it. */
  readonly #except: ReadonlySet<string>
  #seen = new Map<string, DroppedFile & { readonly since: number }>()

  constructor(folder: string, settleMs: number, subfolders: boolean, except: readonly string[]) {
    this.#folder = folder
    this.#settleMs = settleMs
    this.#subfolders = subfolders
    this.#except = new Set(except)
  }

  /** One look: the files at rest for long enough, the oldest first. A file that was never seen before is not among them. */
  async settled(monotonicMs: number): Promise<DroppedFile[]> {
    const found = await this.#list()
    const before = this.#seen
    this.#seen = new Map(
      found.map((file) => {
        const known = before.get(file.name)
        const rests = known?.size === file.size && known.modifiedMs === file.modifiedMs
        return [file.name, { ...file, since: rests ? known.since : monotonicMs }]
      }),
    )
    const rested = [...this.#seen.values()].filter(
      (file) => before.has(file.name) && monotonicMs - file.since >= this.#settleMs && file.since < monotonicMs,
    )
    return rested.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : 1))
  }

  /** Whether it lies there as it was when it was seen. */
  async isUnchanged({ path, size, modifiedMs }: DroppedFile): Promise<boolean> {
    const now = await stat(path).catch(() => undefined)
    return now?.size === size && now.mtimeMs === modifiedMs
  }

  async #list(below = ''): Promise<DroppedFile[]> {
    const entries = await readdir(join(this.#folder, below), { withFileTypes: true })
    const names = new Set(entries.map((entry) => entry.name))
    const files: DroppedFile[] = []
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`
      if (temporary.test(entry.name) || lockEndings.some((ending) => names.has(entry.name + ending))) continue
      if (entry.isDirectory()) files.push(...(await this.#listInside(name)))
      else files.push(...(await this.#file(entry, name)))
    }
    return files
  }

  /** A folder that goes while it is looked into takes nothing else with it. */
  async #listInside(name: string): Promise<DroppedFile[]> {
    const isMeant = this.#subfolders && !this.#except.has(name) && name.split('/').length < maxLevels
    if (!isMeant) return []
    return await this.#list(name).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
  }

  /** Links, pipes and devices are no files: to open them could wait for ever or lead out of the folder. */
  async #file(entry: Dirent, name: string): Promise<DroppedFile[]> {
    if (!entry.isFile()) return []
    const path = join(this.#folder, name)
    const status = await stat(path).catch(() => undefined)
    return status === undefined ? [] : [{ name, path, size: status.size, modifiedMs: status.mtimeMs }]
  }
}
