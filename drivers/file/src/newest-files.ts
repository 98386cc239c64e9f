import { parseInstant, toMs } from '@throughline/kernel'
import type { Archive } from './folder/archive.ts'
import type { ReadingOptions } from './options.ts'
import type { FileContent } from './read/content.ts'
import { kindOf, readFileContent } from './read/read-file.ts'

/** A file as it was read. */
export interface ReadFile {
  readonly name: string
  readonly modifiedMs: number
  /** In bytes. */
  readonly size: number
  readonly content: FileContent
}

const maxKept = 50
const maxKeptBytes = 20e6
/** Looking back must not keep the first reading waiting. */
const maxLoadedBytes = 4e6

/** The newest files of the archive: what holds of a value is what the newest file with it says. */
export class NewestFiles {
  readonly #archive: Archive
  readonly #reading: ReadingOptions
  /** The newest last. */
  #files: ReadFile[] = []
  #loaded: Promise<void> | undefined

  constructor(archive: Archive, reading: ReadingOptions) {
    this.#archive = archive
    this.#reading = reading
  }

  put(file: ReadFile): void {
    this.#files.push(file)
    let bytes = this.#files.reduce((sum, { size }) => sum + size, 0)
    while (this.#files.length > 1 && (this.#files.length > maxKept || bytes > maxKeptBytes)) {
      bytes -= this.#files.shift()?.size ?? 0
    }
  }

  async all(): Promise<readonly ReadFile[]> {
    this.#loaded ??= this.#load()
    await this.#loaded
    return this.#files.toReversed()
  }

  async withField(matches: (name: string) => boolean, field: string): Promise<ReadFile | undefined> {
    const files = await this.all()
    return files.find(
      ({ name, content }) => matches(name) && content.records.some((one) => one.get(field) !== undefined),
    )
  }

  async #load(): Promise<void> {
    const before: ReadFile[] = []
    let bytes = 0
    for (const { hash, name, modified, size } of this.#archive.newest()) {
      bytes += size
      if (before.length >= maxKept || (before.length > 0 && bytes > maxLoadedBytes)) break
      const kind = kindOf(name, this.#reading.kind)
      const isHere = this.#files.some((file) => file.name === name && file.modifiedMs === msOf(modified))
      if (kind === undefined || isHere) continue
      try {
        const content = await readFileContent(await this.#archive.read(hash), kind, this.#reading)
        before.unshift({ name, modifiedMs: msOf(modified), size, content })
      } catch {
        // Read by other options than those of today: it says nothing of now.
      }
    }
    this.#files = [...before, ...this.#files].slice(-maxKept)
  }
}

const msOf = (iso: string): number => {
  const at = parseInstant(iso)
  return at === undefined ? 0 : toMs(at)
}
