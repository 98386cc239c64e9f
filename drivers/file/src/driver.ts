import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from '@throughline/edge'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { parseAddress } from './address.ts'
import { folderFailure, within } from './failure.ts'
import { Archive } from './folder/archive.ts'
import { DropScan } from './folder/drop-scan.ts'
import { FolderLock } from './folder/folder-lock.ts'
import type { ReadFile } from './newest-files.ts'
import { NewestFiles } from './newest-files.ts'
import type { FileOptions } from './options.ts'
import { parseOptions } from './options.ts'
import { browseFiles, samplesOf } from './readings.ts'
import { Taker } from './taker.ts'

/** Files dropped into a folder: readings for tags, and documents for the server. Endpoint `file:///drop/cmm-01`. */
export const fileDriver: DriverType = {
  name: 'file',
  create: (config) => new FileDriver(config, parseOptions(config.endpoint, config.options)),
  checkAddress: (address) => {
    parseAddress(address)
  },
}

interface Session {
  readonly listener: DriverListener
  readonly lock: FolderLock
  readonly taker: Taker
  readonly newest: NewestFiles
}

class FileDriver implements Driver {
  readonly #config: DriverConfig
  readonly #options: FileOptions
  #session: Session | undefined
  #tags: readonly DriverTag[] = []
  /** Tags that nothing was told of yet. */
  #unheard = new Set<DriverTag>()
  #subscribedAt = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(config: DriverConfig, options: FileOptions) {
    this.#config = config
    this.#options = options
  }

  async connect(listener: DriverListener): Promise<void> {
    const { folder, timeoutMs } = this.#options
    const opening = this.#open(listener)
    try {
      const session = await within(timeoutMs, folder, opening)
      if (this.#closed) throw closed(this.#config.name)
      this.#session = session
    } catch (error) {
      // It may still open after its time: then it is given back.
      opening.then(({ lock }) => lock.release()).catch(() => {})
      throw folderFailure(folder, error)
    }
  }

  async *browse(address: string | null): AsyncIterable<BrowseItem> {
    const { newest } = this.#opened()
    this.#begin()
    yield* browseFiles(await newest.all(), address, this.#options.reading)
  }

  async read(tags: readonly DriverTag[]): Promise<Sample[]> {
    const { newest } = this.#opened()
    this.#begin()
    const { folder, timeoutMs } = this.#options
    const answer = async (): Promise<Sample[]> => {
      // A folder that is gone must not answer from memory.
      await assertFolder(folder)
      const samples: Sample[] = []
      for (const tag of tags) samples.push(await this.#current(newest, tag))
      return samples
    }
    return await within(timeoutMs, folder, answer()).catch((error: unknown) => {
      throw folderFailure(folder, error)
    })
  }

  async subscribe(tags: readonly DriverTag[]): Promise<void> {
    const session = this.#opened()
    this.#tags = tags
    this.#begin()
    this.#unheard = new Set(tags)
    this.#subscribedAt = performance.now()
    const samples = await this.read(tags)
    // Of a tag without a value nothing is said before the files that lie there now had time to be taken.
    if (this.#session === session && this.#tags === tags) this.#tell(samples.filter((sample) => !isWaiting(sample)))
  }

  /** Nothing is written into the folder of a machine. */
  async write(tag: DriverTag): Promise<WriteResult> {
    const [readBack] = await this.read([tag])
    return { status: statusCode.badNotWritable, readBack: readBack ?? this.#without(tag) }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  async #open(listener: DriverListener): Promise<Session> {
    const { folder, archive: archiveDir, refused, settleMs, subfolders, reading } = this.#options
    await assertFolder(folder)
    const archive = await Archive.open(archiveDir)
    const lock = await FolderLock.take(archiveDir)
    const except = [archiveDir, refused].map((dir) => relative(folder, dir).replaceAll('\\', '/'))
    const scan = new DropScan(folder, settleMs, subfolders, except)
    const newest = new NewestFiles(archive, reading)
    const taker = new Taker(this.#options, archive, scan, this.#config.clock, listener, (file) => {
      newest.put(file)
      this.#tell(this.#samples(this.#tags, file))
    })
    return { listener, lock, taker, newest }
  }

  #opened(): Session {
    if (this.#session !== undefined) return this.#session
    const { name, endpoint } = this.#config
    throw new DomainError('unavailable', 'file.not-connected', `${name} is not connected to ${endpoint}`)
  }

  /** The first look is not before somebody listens: a file is told once. */
  #begin(): void {
    if (this.#timer !== undefined || this.#session === undefined) return
    this.#next(0)
  }

  #next(afterMs: number): void {
    const session = this.#session
    if (session === undefined) return
    this.#timer = setTimeout(() => {
      void this.#look(session)
    }, afterMs)
  }

  async #look(session: Session): Promise<void> {
    const { folder, timeoutMs, scanMs, maxBytes } = this.#options
    try {
      await within(timeoutMs, folder, session.lock.touch())
      // A large file over a slow line takes its time; a share that hangs is still noticed.
      const isMore = await within(timeoutMs + maxBytes / 1000, folder, session.taker.round())
      if (!isMore) this.#tellUnheard(session)
      this.#next(isMore ? 0 : scanMs)
    } catch (error) {
      if (this.#session !== session) return
      await this.#end()
      session.listener.lost(messageOf(folderFailure(folder, error)))
    }
  }

  #tellUnheard(session: Session): void {
    const { settleMs, scanMs } = this.#options
    if (this.#session !== session || performance.now() - this.#subscribedAt < settleMs + 3 * scanMs) return
    this.#tell(Array.from(this.#unheard, (tag) => this.#without(tag)))
  }

  async #end(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    this.#tags = []
    clearTimeout(this.#timer)
    if (session === undefined) return
    session.taker.close()
    await within(this.#options.timeoutMs, this.#options.folder, session.lock.release()).catch(() => {})
  }

  async #current(newest: NewestFiles, tag: DriverTag): Promise<Sample> {
    const { matches, field } = parseAddress(tag.address)
    const found = await newest.withField(matches, field)
    if (found === undefined) return this.#without(tag)
    return this.#samples([tag], found).at(-1) ?? this.#without(tag)
  }

  #samples(tags: readonly DriverTag[], file: ReadFile): Sample[] {
    const fault = (cause: string, example: string): void => this.#session?.listener.fault(cause, example)
    return samplesOf(tags, file, this.#options.reading.decimal, this.#config.clock.now(), fault)
  }

  #tell(samples: Sample[]): void {
    if (samples.length === 0) return
    const told = new Set(samples.map((sample) => sample.tag))
    for (const tag of this.#unheard) if (told.has(tag.tag)) this.#unheard.delete(tag)
    this.#session?.listener.samples(samples)
  }

  #without(tag: DriverTag): Sample {
    const at = this.#config.clock.now()
    return { tag: tag.tag, at, serverAt: at, value: null, status: statusCode.badWaitingForInitialData }
  }
}

const isWaiting = (sample: Sample): boolean => sample.status === statusCode.badWaitingForInitialData

async function assertFolder(folder: string): Promise<void> {
  const found = await stat(folder)
  if (found.isDirectory()) return
  throw new DomainError('unavailable', 'file.folder-unavailable', `${folder} is not a folder`)
}

const closed = (name: string): DomainError =>
  new DomainError('unavailable', 'file.session-ended', `${name} was closed while it connected`)
