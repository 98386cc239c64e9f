import type { TagDirectory } from '@throughline/equipment'
import type { Clock, Id, Instant } from '@throughline/kernel'
import type { DataType, SampleBatch } from '@throughline/model'
import { valueAt } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { Logger } from 'pino'
import type { MachineFault, SampleWatch } from '../performance.ts'
import { PackmlWatch } from '../state/packml-watch.ts'
import type { Reading } from '../state/reading.ts'
import { fitting, readingOf } from '../state/reading.ts'
import type { Machine } from '../state-rule/machines.ts'
import { ruleAt } from '../state-rule/machines.ts'
import type { MachineRegistry } from '../state-rule/registry.ts'
import type { DerivedRows } from './derived-store.ts'
import { replaceDerived } from './derived-store.ts'
import type { StateChanged } from './effects.ts'
import { followChanges, nextBoundary } from './effects.ts'
import { Follower } from './follower.ts'
import { deriveDays, startOfPast, withTail } from './past.ts'
import { findProgress, glance, listProgress, markChanged, putProgress, takeChanged } from './progress-store.ts'
import { listReadings } from './samples.ts'
import { nothingSettled } from './settled.ts'
import { tagsOf } from './watched-tags.ts'

/** States are written at most so often. */
const usualLookMs = 250
/** Counts and marks of others are looked at every so many looks. */
const looksAGlance = 4
/** A clock that is fast may tell readings of tomorrow. */
const aheadUs = 86_400e6
/** How long after a failure the past is tried again, in looks. */
const looksToRetry = 20
/** What was lost between the historian and here when the server stopped is no older than this. */
const lostUs = 600e6

interface Target {
  readonly follower: Follower
  readonly name: string
  /** What the tag holds. */
  readonly dataType: DataType
}

/** Follows all machines: hears readings, works states, runs and counts out of them, and writes what changed. */
export class Engine implements SampleWatch {
  readonly #platform: Platform
  readonly #registry: MachineRegistry
  readonly #directory: TagDirectory
  readonly #clock: Clock
  readonly #log: Logger
  readonly #lookEveryMs: number
  readonly #onFault: (fault: MachineFault) => void
  #followers = new Map<Id<'EquipmentNode'>, Follower>()
  /** Of machines that tell PackML states now. */
  #packml = new Map<Id<'EquipmentNode'>, PackmlWatch>()
  #targets = new Map<string, Target>()
  readonly #silentTags = new Set<string>()
  /** When the calendar next changes how a machine is judged. */
  readonly #boundaries = new Map<string, number>()
  readonly #persisted = new Map<string, number | null>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #deriving: Promise<void> | undefined
  /** Its past is being written, with how far it is. */
  #concluding: Follower | undefined
  #looks = 0
  /** By looks: when a past that failed is tried again, and when each was last begun. */
  readonly #retryAt = new WeakMap<Follower, number>()
  readonly #derivedAt = new WeakMap<Follower, number>()
  #reload = false
  #closed = false
  #stopListening: (() => void) | undefined

  constructor(
    platform: Platform,
    registry: MachineRegistry,
    directory: TagDirectory,
    clock: Clock,
    log: Logger,
    lookEveryMs = usualLookMs,
    onFault: (fault: MachineFault) => void = () => {},
  ) {
    this.#onFault = onFault
    this.#platform = platform
    this.#registry = registry
    this.#directory = directory
    this.#clock = clock
    this.#log = log
    this.#lookEveryMs = lookEveryMs
  }

  async open(): Promise<void> {
    await this.#load()
    this.#stopListening = this.#directory.onChange(() => {
      this.#reload = true
    })
    this.#timer = setInterval(() => this.#look(), this.#lookEveryMs)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    this.#stopListening?.()
    await this.#looking
    await this.#deriving
    await this.#lookNow().catch((error: unknown) => this.#log.error({ error }, 'the last states could not be written'))
  }

  hear(batch: SampleBatch): void {
    const targets = batch.tags.map((tag) => this.#targets.get(tag))
    if (targets.every((target) => target === undefined)) return
    const now = this.#clock.now()
    for (let row = 0; row < batch.count; row++) {
      const target = targets[batch.tagIndex[row] ?? -1]
      if (target === undefined) continue
      // What does not fit the tag is stored without its value: told live, it must mean no more.
      const value = fitting(valueAt(batch, row), target.dataType)
      const reading = readingOf(target.name, batch.at[row] ?? 0, value, batch.status[row] ?? 0)
      target.follower.hear(reading, now)
      const { nodeId, path } = target.follower.machine
      const fault = this.#packml.get(nodeId)?.hear(reading)
      if (fault !== undefined) this.#onFault({ path, ...fault })
    }
  }

  setAgentSilent(tagIds: readonly string[], silent: boolean): void {
    for (const tagId of tagIds) {
      if (silent) this.#silentTags.add(tagId)
      else this.#silentTags.delete(tagId)
    }
    for (const follower of this.#followers.values()) this.#judgeSilence(follower)
  }

  /** The newest instant of which the machine told anything; null = not since the start. */
  heardAt(nodeId: Id<'EquipmentNode'>): Instant | null {
    return (this.#followers.get(nodeId)?.heardAt ?? null) as Instant | null
  }

  /** The historian has other readings of a tag than it had, from an instant on. */
  redo(tagId: string, from: number): void {
    this.#targets.get(tagId)?.follower.redo(from)
  }

  #judgeSilence(follower: Follower): void {
    follower.isSilent = [...follower.tags.keys()].some((tagId) => this.#silentTags.has(tagId))
    if (follower.isSilent) this.#packml.get(follower.machine.nodeId)?.forget()
  }

  /** Takes over the machines as they are now; those that are as before go on. */
  async #load(): Promise<void> {
    await this.#registry.load(this.#platform)
    const progress = new Map((await listProgress(this.#platform.db)).map((each) => [each.nodeId, each]))
    const followers = new Map<Id<'EquipmentNode'>, Follower>()
    for (const machine of this.#registry.list()) {
      const { nodeId } = machine
      const tags = tagsOf(machine, this.#directory.list())
      const known = this.#followers.get(nodeId)
      if (known !== undefined && isAsBefore(known, machine, tags)) {
        followers.set(nodeId, known)
        continue
      }
      const follower = new Follower(machine, tags)
      this.#judgeSilence(follower)
      const resumeAt = progress.get(nodeId)?.resumeAt ?? null
      follower.redo(Math.max(0, (resumeAt ?? 0) - lostUs))
      // What the one before heard may not be written down yet.
      if (known?.dirtyFrom) follower.redo(known.dirtyFrom)
      if (known?.derivesFrom) follower.redo(known.derivesFrom)
      this.#persisted.set(nodeId, resumeAt)
      followers.set(nodeId, follower)
      this.#boundaries.set(nodeId, 0)
    }
    this.#followers = followers
    this.#packml = this.#watchesOf([...followers.values()])
    this.#targets = new Map(
      [...followers.values()].flatMap((follower) =>
        [...follower.tags].map(([tagId, name]): [string, Target] => {
          const dataType = this.#directory.find(tagId)?.dataType ?? 'string'
          return [tagId, { follower, name, dataType }]
        }),
      ),
    )
  }

  /** Those that go on under the same signal remember what was before. */
  #watchesOf(followers: readonly Follower[]): Map<Id<'EquipmentNode'>, PackmlWatch> {
    const now = this.#clock.now()
    return new Map(
      followers.flatMap(({ machine: { nodeId, rules } }): [Id<'EquipmentNode'>, PackmlWatch][] => {
        const signal = ruleAt(rules, now)?.signal
        if (signal?.kind !== 'packml') return []
        const known = this.#packml.get(nodeId)
        const goesOn = JSON.stringify(known?.signal) === JSON.stringify(signal)
        return [[nodeId, goesOn && known !== undefined ? known : new PackmlWatch(signal)]]
      }),
    )
  }

  #look(): void {
    this.#looking ??= this.#lookNow()
      .catch((error: unknown) => this.#log.error({ error }, 'machine states could not be followed and are tried again'))
      .finally(() => {
        this.#looking = undefined
      })
  }

  async #lookNow(): Promise<void> {
    this.#looks++
    if (this.#reload) {
      this.#reload = false
      await this.#load()
    }
    const now = this.#clock.now()
    const isGlance = this.#looks % looksAGlance === 0 || this.#closed
    await this.#write(now, isGlance)
    if (isGlance) await this.#glance(now)
    await this.#persistUnsure()
    if (!this.#closed) this.#deriveNext()
  }

  /** What changed of all machines, in one transaction. */
  async #write(now: Instant, withCounts: boolean): Promise<void> {
    const found = [...this.#followers.values()]
      .flatMap((follower) => {
        const seen = follower.look(now)
        return seen === undefined || (seen.urgency === 'counts' && !withCounts) ? [] : [{ follower, ...seen }]
      })
      .sort((a, b) => (a.follower.machine.nodeId < b.follower.machine.nodeId ? -1 : 1))
    if (found.length === 0) return
    const nodeIds = found.map(({ follower }) => follower.machine.nodeId)
    if (found.some((each) => each.urgency === 'states')) {
      await this.#platform.react('performance', 'performance.state.follow', { nodeIds }, async (uow) => {
        const changes: StateChanged[] = []
        for (const { follower, rows } of found) {
          const { nodeId } = follower.machine
          const { states } = await replaceDerived(uow.trx, nodeId, rows, now)
          if (states !== null) changes.push({ ...states, nodeId, cause: 'late data' })
          await this.#putProgress(uow.trx, follower)
        }
        await followChanges(uow, this.#registry, changes)
      })
    } else {
      await this.#platform.db.transaction().execute(async (trx) => {
        for (const { follower, rows } of found) {
          await replaceDerived(trx, follower.machine.nodeId, rows, now)
          await this.#putProgress(trx, follower)
        }
      })
    }
    for (const { follower, isSilent } of found) follower.stored(now, isSilent)
  }

  async #putProgress(db: UnitOfWork['trx'], follower: Follower): Promise<void> {
    const { machine, resumeAt, heardAt } = follower
    const { nodeId } = machine
    const stored = await putProgress(db, nodeId, { resumeAt, heardAt }, this.#persisted.get(nodeId) ?? null)
    this.#note(follower, resumeAt, stored)
  }

  /** What somebody else marked meanwhile is not overwritten, and owed. */
  #note(follower: Follower, told: number | null, stored: number | null): void {
    this.#persisted.set(follower.machine.nodeId, told)
    if (stored !== null && stored !== told) follower.redo(stored)
  }

  /** A late reading is durable before it is worked in: a start has to know that it is owed. */
  async #persistUnsure(): Promise<void> {
    for (const follower of this.#followers.values()) {
      const { machine, owedFrom, heardAt } = follower
      if (owedFrom === null || this.#concluding === follower) continue
      const known = this.#persisted.get(machine.nodeId) ?? null
      if (known !== null && known <= owedFrom) continue
      const stored = await putProgress(this.#platform.db, machine.nodeId, { resumeAt: owedFrom, heardAt }, known)
      this.#note(follower, owedFrom, stored)
    }
  }

  /** What others changed (rules, calendars, plans), and what the calendar changes by itself. */
  async #glance(now: Instant): Promise<void> {
    const { changed, rules } = await glance(this.#platform.db)
    if (rules !== this.#registry.rules) await this.#load()
    const marked = new Set(changed)
    const due = this.#registry
      .list()
      .filter(({ nodeId }) => {
        const follower = this.#followers.get(nodeId)
        if (follower?.isDeriving === true) return false
        return marked.has(nodeId) || (this.#boundaries.get(nodeId) ?? 0) <= now
      })
      // In the order in which people's changes mark them: two who lock the same machines never wait for each other.
      .sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
    if (due.length === 0) return
    const nodeIds = due.map(({ nodeId }) => nodeId)
    await this.#platform.react('performance', 'performance.state.judge', { nodeIds }, async (uow) => {
      const changes: StateChanged[] = []
      for (const { nodeId } of due) {
        const taken = await takeChanged(uow.trx, nodeId)
        const boundary = this.#boundaries.get(nodeId) ?? 0
        // At a start nobody knows which boundaries were passed: two days hold every shift that may still run.
        const from = boundary === 0 ? now - 2 * aheadUs : boundary
        if (taken !== null) changes.push({ ...taken, nodeId })
        else changes.push({ nodeId, from: Math.max(from, now - 2 * aheadUs), to: now, cause: null })
      }
      await followChanges(uow, this.#registry, changes)
    })
    await this.#noteBoundaries(due, now)
  }

  async #noteBoundaries(machines: readonly Machine[], now: Instant): Promise<void> {
    for (const machine of machines) {
      this.#boundaries.set(machine.nodeId, await nextBoundary(this.#platform.db, machine, now))
    }
  }

  /** One machine's past at a time: what happens now goes on beside it. */
  #deriveNext(): void {
    const due = [...this.#followers.values()].filter((follower) => follower.isDue())
    if (this.#deriving !== undefined) return
    // Who waits longest comes first: one that is always late, or always fails, must not keep the others from their turn.
    const [next] = due
      .filter((follower) => (this.#retryAt.get(follower) ?? 0) <= this.#looks)
      .sort((a, b) => (this.#derivedAt.get(a) ?? 0) - (this.#derivedAt.get(b) ?? 0))
    if (next === undefined) return
    const from = next.dirtyFrom ?? 0
    next.dirtyFrom = null
    next.derivesFrom = from
    this.#derivedAt.set(next, this.#looks)
    this.#deriving = this.#derive(next, from)
      .then((isDone) => {
        if (!isDone) next.redo(from)
      })
      .catch((error: unknown) => {
        next.redo(from)
        this.#retryAt.set(next, this.#looks + looksToRetry)
        const { path } = next.machine
        this.#log.error({ error, path }, 'the past of a machine could not be derived and is tried again')
      })
      .finally(() => {
        next.derivesFrom = null
        this.#deriving = undefined
      })
  }

  /** Answers whether it came to its end. */
  async #derive(follower: Follower, from: number): Promise<boolean> {
    const { machine, tags } = follower
    const { nodeId } = machine
    const platform = this.#platform
    // What others marked is taken up with it. A rule that is not known here yet is for the follower that knows it.
    const { resumeAt, rules } = await findProgress(platform.db, nodeId)
    if (rules !== this.#registry.rules) return false
    this.#persisted.set(nodeId, resumeAt)
    const until = this.#clock.now() + aheadUs
    const start = await startOfPast(platform, machine, tags, Math.min(from, resumeAt ?? from), until)
    if (start === undefined) {
      follower.isReady = true
      return true
    }
    let at = start.at
    for await (const { rows, to } of deriveDays(platform, tags, start, this.#clock.now())) {
      if (this.#isGone(follower)) return false
      await platform.db.transaction().execute(async (trx) => {
        const { all } = await replaceDerived(trx, nodeId, rows, this.#clock.now())
        if (all !== null) await markChanged(trx, [nodeId], all, 'late data')
      })
      at = to
    }
    const { deriver } = start
    const before = deriver.openFrom
    follower.dropFresh()
    const readings = await listReadings(platform, tags, at, until)
    const now = this.#clock.now()
    const read = Follower.part(readings, now)
    const settled = nothingSettled()
    for (const reading of read.settled) deriver.hear(reading, settled)
    const { isSilent } = follower
    const tail = Follower.tailOf(deriver, read.tail, now, isSilent)
    if (this.#isGone(follower)) return false
    this.#concluding = follower
    try {
      const progress = { resumeAt: follower.resumeAfter(deriver.at), heardAt: newestOf(read.tail) ?? deriver.heardAt }
      const stored = await this.#conclude(follower, withTail(before, at, settled, tail), progress)
      this.#note(follower, progress.resumeAt, stored)
      follower.goOn(deriver, read, now, isSilent)
    } finally {
      this.#concluding = undefined
    }
    return true
  }

  /** Writes the last part of a past, and tells all that changed in it; answers how far the machine is worked out. */
  async #conclude(
    { machine: { nodeId } }: Follower,
    rows: DerivedRows,
    progress: { resumeAt: number | null; heardAt: number | null },
  ): Promise<number | null> {
    const now = this.#clock.now()
    const known = this.#persisted.get(nodeId) ?? null
    let stored: number | null = null
    await this.#platform.react('performance', 'performance.state.derive', { nodeIds: [nodeId] }, async (uow) => {
      const { all } = await replaceDerived(uow.trx, nodeId, rows, now)
      if (all !== null) await markChanged(uow.trx, [nodeId], all, 'late data')
      stored = await putProgress(uow.trx, nodeId, progress, known)
      const changed = await takeChanged(uow.trx, nodeId)
      if (changed !== null) await followChanges(uow, this.#registry, [{ ...changed, nodeId }])
    })
    return stored
  }

  /** The rule or the tags changed while the past was read: another follower does it anew. */
  #isGone(follower: Follower): boolean {
    return this.#closed || this.#followers.get(follower.machine.nodeId) !== follower
  }
}

/** When the newest good reading was made; null = there is none. */
const newestOf = (readings: readonly Reading[]): number | null =>
  readings.findLast((reading) => reading.value !== null)?.at ?? null

function isAsBefore(follower: Follower, machine: Machine, tags: Follower['tags']): boolean {
  const idsOf = (rules: Machine['rules']): string => rules.map(({ id }) => id).join()
  return (
    idsOf(follower.machine.rules) === idsOf(machine.rules) &&
    JSON.stringify([...follower.tags]) === JSON.stringify([...tags])
  )
}
