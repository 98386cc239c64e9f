import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { DocumentOutcome, DriverListener } from '@throughline/edge'
import type { Clock } from '@throughline/kernel'
import { DomainError, fromMs, messageOf, toIso } from '@throughline/kernel'
import { unreadable } from './failure.ts'
import type { Archive, Note } from './folder/archive.ts'
import { hashOf } from './folder/archive.ts'
import type { DroppedFile, DropScan } from './folder/drop-scan.ts'
import { putAside } from './folder/refuse.ts'
import type { ReadFile } from './newest-files.ts'
import type { FileOptions } from './options.ts'
import type { FileContent } from './read/content.ts'
import { kindOf, readFileContent } from './read/read-file.ts'

/** The runtime has readings on its disk within 20 ms: before that an original must not count as told. */
const readingsDurableMs = 100
/** What is taken in one look, so that the lock and the folder are looked after in between. */
const maxInOneLook = 50
const maxLookMs = 1000

/** A file on its way through this session. */
interface Taken {
  readonly file: DroppedFile
  readonly note: Note
}

/** Takes files that have come to rest: archive, documents, readings, and last of all the file itself. */
export class Taker {
  readonly #options: FileOptions
  readonly #archive: Archive
  readonly #scan: DropScan
  readonly #clock: Clock
  readonly #listener: DriverListener
  readonly #onContent: (file: ReadFile) => void
  readonly #unknown = new Set<string>()
  readonly #handed = new Set<string>()
  /** Taken in this look and not in the manifest yet. */
  readonly #underWay = new Map<string, { readonly name: string; readonly modified: string }>()
  /** What the server said, to be noted with the next look. */
  readonly #outcomes: DocumentOutcome[] = []
  #closed = false

  constructor(
    options: FileOptions,
    archive: Archive,
    scan: DropScan,
    clock: Clock,
    listener: DriverListener,
    onContent: (file: ReadFile) => void,
  ) {
    this.#options = options
    this.#archive = archive
    this.#scan = scan
    this.#clock = clock
    this.#listener = listener
    this.#onContent = onContent
  }

  close(): void {
    this.#closed = true
  }

  /** One look at the folder: takes what has come to rest since; true when more of it waits. */
  async round(): Promise<boolean> {
    await this.#noteOutcomes()
    await this.#handOverAgain()
    const taken: Taken[] = []
    const begun = performance.now()
    const settled = await this.#scan.settled(begun)
    let looked = 0
    for (const file of settled) {
      if (this.#closed || looked >= maxInOneLook || performance.now() - begun > maxLookMs) break
      looked += 1
      const one = await this.#take(file)
      if (one !== undefined) taken.push(one)
    }
    await this.#finish(taken)
    return looked < settled.length
  }

  /** What is not noted stays where it is and is taken once more by the next session: at least once, never less. */
  async #finish(taken: readonly Taken[]): Promise<void> {
    if (taken.length === 0) return
    await delay(readingsDurableMs)
    if (this.#closed) return
    await this.#archive.note(taken.map(({ note }) => note))
    this.#underWay.clear()
    for (const { file } of taken) await this.#remove(file)
    await this.#noteOutcomes()
  }

  async #noteOutcomes(): Promise<void> {
    const notes = this.#outcomes.splice(0).flatMap((outcome): Note[] => {
      const archived = this.#archive.get(outcome.hash)
      if (archived === undefined) {
        this.#outcomes.push(outcome)
        return []
      }
      const { hash, name, size, modified } = archived
      const what = outcome.outcome === 'delivered' ? 'delivered' : 'not-taken'
      return [
        { at: toIso(this.#clock.now()), what, hash, name, size, modified, document: true, reason: outcome.reason },
      ]
    })
    await this.#archive.note(notes)
  }

  async #take(file: DroppedFile): Promise<Taken | undefined> {
    const kind = kindOf(file.name, this.#options.reading.kind)
    if (kind === undefined) {
      if (!this.#unknown.has(file.name)) this.#listener.fault('kind-unknown', `${file.name} is left where it is`)
      this.#unknown.add(file.name)
      return undefined
    }
    let hash: string | null = null
    try {
      const bytes = await this.#read(file)
      if (bytes === undefined) return undefined
      hash = hashOf(bytes)
      const known = this.#archive.get(hash) ?? this.#underWay.get(hash)
      if (known !== undefined) return this.#again(file, known, hash)
      const content = await readFileContent(bytes, kind, this.#options.reading)
      await this.#archive.keep(hash, bytes)
      for (const { cause, example } of content.faults) this.#listener.fault(cause, `${file.name}: ${example}`)
      this.#handOver(hash, file.name, bytes, content)
      this.#underWay.set(hash, { name: file.name, modified: modifiedOf(file) })
      this.#onContent({ name: file.name, modifiedMs: file.modifiedMs, size: file.size, content })
      return { file, note: this.#note('archived', file, hash, null, content.document !== null) }
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'invalid') throw error
      await this.#refuse(file, hash, error.message)
      return undefined
    }
  }

  /** Undefined when it moved while it was read: then it has not come to rest. */
  async #read(file: DroppedFile): Promise<Uint8Array | undefined> {
    const { maxBytes } = this.#options
    if (file.size > maxBytes) {
      const [size, limit] = [file.size, maxBytes].map((bytes) => (bytes / 1e6).toFixed(1))
      throw unreadable(`It is ${size} MB long and the option maxMb allows ${limit}`)
    }
    // No link is followed that was put there since the look.
    const handle = await open(file.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EBUSY' || error.code === 'ELOOP') return undefined
        throw error
      },
    )
    if (handle === undefined) return undefined
    try {
      const bytes = await handle.readFile()
      const after = await handle.stat()
      return bytes.length === file.size && after.mtimeMs === file.modifiedMs ? bytes : undefined
    } finally {
      await handle.close()
    }
  }

  /** The same content was here before. It may be the same file: then a crash came between the archive and its removal. */
  #again(file: DroppedFile, known: { name: string; modified: string }, hash: string): Taken | undefined {
    const isSame = known.name === file.name && known.modified === modifiedOf(file)
    const reason = isSame ? 'taken before, and removed only now' : `the same content as ${known.name}`
    if (!isSame) this.#listener.fault('duplicate', `${file.name}: ${reason}`)
    return { file, note: this.#note('duplicate', file, hash, reason, false) }
  }

  #handOver(hash: string, name: string, bytes: Uint8Array, { kind, document }: FileContent): void {
    if (document === null) return
    this.#handed.add(hash)
    const settled = this.#listener.document({ name, kind, bytes, parsed: document }).then((outcome) => {
      this.#outcomes.push(outcome)
      if (outcome.outcome === 'refused') this.#listener.fault('document-refused', `${name}: ${outcome.reason}`)
    })
    settled.catch((error: unknown) => this.#listener.fault('document-waits', `${name}: ${messageOf(error)}`))
  }

  /** What an earlier session archived and the server has not confirmed yet. */
  async #handOverAgain(): Promise<void> {
    for (const { hash, name, isOnItsWay } of this.#archive.newest()) {
      if (!isOnItsWay || this.#handed.has(hash) || this.#closed) continue
      this.#handed.add(hash)
      try {
        const bytes = await this.#archive.read(hash)
        const kind = kindOf(name, this.#options.reading.kind)
        if (kind === undefined) throw unreadable('the options no longer say what kind of file it is')
        this.#handOver(hash, name, bytes, await readFileContent(bytes, kind, this.#options.reading))
      } catch (error) {
        this.#listener.fault('document-waits', `${name}: ${messageOf(error)}`)
        if (error instanceof DomainError && error.kind === 'unavailable') this.#handed.delete(hash)
      }
    }
  }

  async #refuse(file: DroppedFile, hash: string | null, why: string): Promise<void> {
    const at = toIso(this.#clock.now())
    await putAside(this.#options.refused, file, at, why)
    this.#listener.fault('file-refused', `${file.name}: ${why}`)
    await this.#archive.note([this.#note('refused', file, hash, why, false)])
  }

  /** Only as it was read: what came since under the same name is another file. */
  async #remove(file: DroppedFile): Promise<void> {
    if (await this.#scan.isUnchanged(file)) await rm(file.path, { force: true })
  }

  #note(what: Note['what'], file: DroppedFile, hash: string | null, reason: string | null, document: boolean): Note {
    const { name, size } = file
    return { at: toIso(this.#clock.now()), what, hash, name, size, modified: modifiedOf(file), document, reason }
  }
}

const modifiedOf = (file: DroppedFile): string => toIso(fromMs(file.modifiedMs))
