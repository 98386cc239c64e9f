import type { Clock, Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { AlarmDefinition, SampleBatch, SampleValue } from '@throughline/model'
import { qualityOf, valueAt } from '@throughline/model'
import type { Platform, Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { listAbnormal } from '../alarm/store.ts'
import type { ExternalAlarm } from '../alarm.ts'
import { Evaluation } from '../condition/evaluation.ts'
import type { Reading } from '../condition/judge.ts'
import { freshMemory } from '../condition/memory.ts'
import type { AlarmPlant } from '../definition/plant.ts'
import { tagsOf } from '../definition/rules.ts'
import { listDefinitions } from '../definition/store.ts'
import type { QualityEvent } from '../quality-event/rules.ts'
import { raises } from '../quality-event/rules.ts'
import { listStandingEvents } from '../quality-event/store.ts'
import { showOf } from './show.ts'
import type { KeptMemory } from './store.ts'
import { listMemories, saveMemories } from './store.ts'
import { UnmappedSources } from './unmapped-sources.ts'
import type { BusyWith } from './writer.ts'
import { CrossingWriter } from './writer.ts'

/** A stored sample of one tag. */
export interface KeptSample {
  readonly at: Instant
  readonly value: SampleValue | null
  readonly status: number
}

/** Answers from the historian; both see what is durable. */
export interface SampleSource {
  /** Samples of a tag with `at` after `after`, oldest first, as many as it likes to give at once; empty = no more. */
  samplesSince(tagId: Id<'Tag'>, after: Instant): Promise<readonly KeptSample[]>
  last(tagId: Id<'Tag'>): KeptSample | undefined
}

export interface WatchOptions {
  readonly directory: AlarmPlant
  readonly clock: Clock
  readonly log: Logger
  readonly samples: SampleSource
  readonly busyWith: BusyWith
}

/** One alarm that is watched. */
interface Post {
  readonly evaluation: Evaluation
  readonly nodeId: Id<'EquipmentNode'>
  told: number
  /** Readings that came while older ones were still being read; null = none are. */
  waiting: Reading[] | null
  /** When a reading was heard last, by our clock, and whether it was old by then. */
  heardAt: Instant
  isLate: boolean
  isDirty: boolean
}

/** A reading older than this comes out of a buffer: more of them may follow, and only they tell the time. */
const lateMs = 30_000
/** Nothing was heard for so long: the buffer is empty, and our own clock tells the time again. */
const quietMs = 60_000
/** Readings are this long on their way, and may still prevent what a delay would tell. */
const onTheWayMs = 1000
const saveEveryMs = 10_000
const mostExternal = 20_000
/** Edge agents let a clock run ahead by a minute; what is further ahead is no time. */
const aheadMs = 300_000

/** Watches all readings of the plant for released alarms, and hands the few crossings to the writer. */
export class AlarmWatch {
  readonly unmapped = new UnmappedSources()
  readonly #options: WatchOptions
  readonly #platform: Platform
  readonly #writer: CrossingWriter
  #posts = new Map<Id<'AlarmDefinition'>, Post>()
  #byTag = new Map<string, Post[]>()
  #bySource = new Map<string, Post[]>()
  /** What other systems said last of their alarms: a definition that comes later begins with it. */
  readonly #external = new Map<string, ExternalAlarm>()
  /** What quality found and stands, as it was told last; undefined = not asked yet. */
  #standing: readonly QualityEvent[] | undefined
  #savedAt: Instant
  #loading: Promise<void> = Promise.resolve()

  constructor(platform: Platform, options: WatchOptions) {
    this.#platform = platform
    this.#options = options
    this.#writer = new CrossingWriter(platform, options.busyWith, options.log)
    this.#savedAt = options.clock.now()
  }

  /** Follows what is released now, going on where an earlier run stopped. */
  async load(db: Kysely<Tables>): Promise<void> {
    // Two at once would both begin to watch what is new, and tell it twice.
    const before = this.#loading
    this.#loading = before.catch(() => {}).then(() => this.#load(db))
    await this.#loading
  }

  async #load(db: Kysely<Tables>): Promise<void> {
    const definitions = await listDefinitions(db, { state: 'released' })
    const kept = new Map((await listMemories(db)).map((each) => [each.definitionId, each]))
    const abnormal = await listAbnormal(db)
    const begun: Post[] = []
    const posts = new Map<Id<'AlarmDefinition'>, Post>()
    for (const definition of definitions) {
      const known = this.#posts.get(definition.id)
      const post = known ?? this.#postFor(definition, kept.get(definition.id), abnormal.has(definition.id))
      if (known === undefined) begun.push(post)
      posts.set(definition.id, post)
    }
    this.#posts = posts
    this.#byTag = groupBy(posts.values(), ({ evaluation }) => tagsOf(evaluation.definition))
    this.#bySource = groupBy(posts.values(), ({ evaluation: { definition } }) =>
      definition.condition.kind === 'external' ? [definition.condition.source] : [],
    )
    const found = this.#standing ?? (await listStandingEvents(db))
    this.#standing ??= found
    for (const post of begun) {
      await this.#catchUp(post, kept.has(post.evaluation.definition.id))
      const { condition } = post.evaluation.definition
      const told = condition.kind === 'external' ? this.#external.get(condition.source) : undefined
      if (told !== undefined) this.#hearExternalAt(post, told)
      this.#hearQualityAt(post, this.#standing, this.#options.clock.now())
    }
    await this.save()
  }

  /** Hears a durable batch; cheap for tags without an alarm. */
  hear(batch: SampleBatch): void {
    const listeners = batch.tags.map((tag) => this.#byTag.get(tag))
    if (listeners.every((posts) => posts === undefined)) return
    const rows: number[] = []
    let isSorted = true
    for (let row = 0; row < batch.count; row++) {
      if (listeners[batch.tagIndex[row] ?? -1] === undefined) continue
      isSorted &&= (batch.at[row] ?? 0) >= (batch.at[rows.at(-1) ?? row] ?? 0)
      rows.push(row)
    }
    // Two tags of one condition are held against each other: as they were at the same time.
    if (!isSorted) rows.sort((a, b) => (batch.at[a] ?? 0) - (batch.at[b] ?? 0))
    const now = this.#options.clock.now()
    const latest = plusMs(now, aheadMs)
    for (const row of rows) {
      const index = batch.tagIndex[row] ?? -1
      const reading: Reading = {
        tagId: batch.tags[index] ?? '',
        at: (batch.at[row] ?? 0) as Instant,
        value: valueAt(batch, row),
        quality: qualityOf(batch.status[row] ?? 0),
      }
      // One reading from another century would make all later ones look old.
      if (!Number.isSafeInteger(reading.at) || reading.at > latest) this.#disbelieve(reading)
      else for (const post of listeners[index] ?? []) hearAt(post, reading, now)
    }
  }

  /** A tag got readings that were stored before it was known whose they are: the newest counts. */
  hearNewest(tagId: Id<'Tag'>): void {
    const last = this.#options.samples.last(tagId)
    if (last === undefined) return
    const now = this.#options.clock.now()
    for (const post of this.#byTag.get(tagId) ?? []) hearAt(post, readingOf(tagId, last), now)
  }

  /** Hears an alarm of another system. */
  hearExternal(source: string, told: ExternalAlarm): void {
    const posts = this.#bySource.get(source)
    if (posts === undefined && told.active !== null) this.unmapped.count(source, told.at)
    if (this.#external.size < mostExternal || this.#external.has(source)) this.#external.set(source, told)
    for (const post of posts ?? []) this.#hearExternalAt(post, told)
  }

  #hearExternalAt(post: Post, { active, at, detail, machine }: ExternalAlarm): void {
    post.evaluation.hearExternal(active, at, detail, machine)
    noteHeard(post, at, this.#options.clock.now())
  }

  /** Hears all that quality found and that stands, since `at`. */
  hearQuality(standing: readonly QualityEvent[], at: Instant): void {
    this.#standing = standing
    for (const post of this.#posts.values()) this.#hearQualityAt(post, standing, at)
  }

  #hearQualityAt(post: Post, standing: readonly QualityEvent[], at: Instant): void {
    const { definition } = post.evaluation
    if (definition.condition.kind !== 'event') return
    const { nodeId } = post
    const { condition } = definition
    const { clock, directory } = this.#options
    const now = clock.now()
    const own = standing.filter((event) => raises(directory, { condition, nodeId }, event))
    post.evaluation.hearEvents(own, Math.min(at, now) as Instant)
    noteHeard(post, now, now)
  }

  /** Lets the time go on where no reading tells it; to be called a few times a second. */
  async tick(): Promise<void> {
    const now = this.#options.clock.now()
    for (const post of this.#posts.values()) {
      if (post.waiting !== null || !post.evaluation.waits) continue
      if (post.isLate && now < plusMs(post.heardAt, quietMs)) continue
      post.evaluation.advance(plusMs(now, -onTheWayMs))
    }
    if (now < plusMs(this.#savedAt, saveEveryMs)) return
    this.#savedAt = now
    await this.save()
  }

  /** Keeps how far was heard, so that little is read again after a start. */
  async save(): Promise<void> {
    const kept: KeptMemory[] = []
    for (const [definitionId, post] of this.#posts) {
      if (!post.isDirty || post.waiting !== null || this.#writer.waitsFor(definitionId)) continue
      post.isDirty = false
      kept.push({ definitionId, told: post.told, memory: post.evaluation.memory })
    }
    await saveMemories(this.#platform.db, kept)
  }

  /** Settles once all that was heard is recorded. */
  async idle(): Promise<void> {
    await this.#writer.idle()
  }

  async close(): Promise<void> {
    await this.#writer.close()
    await this.save()
  }

  #disbelieve({ tagId, at }: Reading): void {
    this.#options.log.warn({ tagId, at }, 'a reading from the future is not judged for alarms')
  }

  #postFor(definition: AlarmDefinition, kept: KeptMemory | undefined, abnormal: boolean): Post {
    const { id, nodeId, tagId, releasedAt } = definition
    const { clock, directory } = this.#options
    const now = clock.now()
    const memory = kept?.memory ?? { ...freshMemory(releasedAt ?? now), standing: abnormal }
    const show = showOf(tagId === null ? undefined : directory.find(tagId))
    const post: Post = {
      nodeId,
      told: kept?.told ?? 0,
      waiting: [],
      heardAt: now,
      // After a start, edge agents send what they kept meanwhile: until then nothing is late but us.
      isLate: true,
      isDirty: true,
      evaluation: new Evaluation(definition, memory, show, (crossing) => {
        post.told += 1
        const { nodeId: node, told } = post
        // The next reading changes the memory: what is written with the crossing is what was known then.
        this.#writer.add({ definitionId: id, nodeId: node, crossing, number: told, memory: structuredClone(memory) })
      }),
    }
    return post
  }

  /** Reads again what was heard and not recorded when an earlier run ended; a new alarm looks at the newest reading. */
  async #catchUp(post: Post, isKnown: boolean): Promise<void> {
    const { samples, clock, log } = this.#options
    const { definition, memory } = post.evaluation
    try {
      const older: Reading[] = []
      for (const tagId of tagsOf(definition)) {
        const heard = memory.heard[tagId]
        const last = samples.last(tagId)
        if (isKnown && heard !== undefined) older.push(...(await this.#readSince(tagId, heard)))
        else if (last !== undefined) older.push(readingOf(tagId, last))
        // Nothing came of it yet: after a kill, all that is there then is new.
        else memory.heard[tagId] ??= 0 as Instant
      }
      older.sort((a, b) => a.at - b.at)
      for (const reading of older) post.evaluation.hear(reading)
    } catch (error) {
      log.error({ error, alarm: definition.name }, 'readings since the last run could not be read again')
    }
    const waiting = post.waiting ?? []
    post.waiting = null
    for (const reading of waiting) hearAt(post, reading, clock.now())
  }

  async #readSince(tagId: Id<'Tag'>, after: Instant): Promise<Reading[]> {
    const found: Reading[] = []
    for (let from = after; ; ) {
      const page = await this.#options.samples.samplesSince(tagId, from)
      const last = page.at(-1)
      if (last === undefined || last.at <= from) return found
      for (const sample of page) found.push(readingOf(tagId, sample))
      from = last.at
    }
  }
}

const readingOf = (tagId: Id<'Tag'>, { at, value, status }: KeptSample): Reading => ({
  tagId,
  at,
  value,
  quality: qualityOf(status),
})

function hearAt(post: Post, reading: Reading, now: Instant): void {
  if (post.waiting !== null) {
    post.waiting.push(reading)
    return
  }
  post.evaluation.hear(reading)
  noteHeard(post, reading.at, now)
}

function noteHeard(post: Post, at: Instant, now: Instant): void {
  post.heardAt = now
  post.isLate = at < plusMs(now, -lateMs)
  post.isDirty = true
}

function groupBy(posts: Iterable<Post>, keysOf: (post: Post) => readonly string[]): Map<string, Post[]> {
  const groups = new Map<string, Post[]>()
  for (const post of posts) {
    for (const key of keysOf(post)) groups.set(key, [...(groups.get(key) ?? []), post])
  }
  return groups
}
