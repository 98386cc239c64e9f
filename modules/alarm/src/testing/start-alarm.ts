import type { Id, Instant } from '@throughline/kernel'
import { newId, plusMs } from '@throughline/kernel'
import type { AlarmDefinition, DataType, Sample, SampleValue } from '@throughline/model'
import { adoptAlarmDefinitions, decodeSampleBatch, encodeSampleBatch, permissions } from '@throughline/model'
import type { Actor, Module } from '@throughline/platform'
import { Platform, systemActor } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import type { AlarmOptions } from '../alarm.ts'
import { alarmModule } from '../alarm.ts'
import type { AlarmPlant, AlarmTag } from '../definition/plant.ts'
import type { KeptSample, SampleSource } from '../watch/watch.ts'

type NodeId = Id<'EquipmentNode'>

/** Two sites with a unit each. */
export class TestPlant implements AlarmPlant {
  readonly aero = newId<'EquipmentNode'>()
  readonly bio = newId<'EquipmentNode'>()
  readonly oven = newId<'EquipmentNode'>()
  readonly loop = newId<'EquipmentNode'>()
  readonly #nodes = new Map<NodeId, { parentId: NodeId | null; path: string }>([
    [this.aero, { parentId: null, path: 'aero' }],
    [this.bio, { parentId: null, path: 'bio' }],
    [this.oven, { parentId: this.aero, path: 'aero/oven' }],
    [this.loop, { parentId: this.bio, path: 'bio/loop' }],
  ])
  readonly #tags = new Map<string, AlarmTag>()

  /** A tag from 0 to 100 °C, unless told otherwise. */
  tag(name: string, nodeId: NodeId = this.loop, dataType: DataType = 'double'): Id<'Tag'> {
    const id = newId<'Tag'>()
    const path = `${this.node(nodeId)?.path}/${name}`
    this.#tags.set(id, { id, nodeId, dataType, unit: 'Cel', rangeLow: 0, rangeHigh: 100, decimals: 1, path })
    return id
  }

  find(tagId: string): AlarmTag | undefined {
    return this.#tags.get(tagId)
  }

  byPath(path: string): AlarmTag | undefined {
    return [...this.#tags.values()].find((tag) => tag.path === path.toLowerCase())
  }

  nodeByPath(path: string): { id: NodeId } | undefined {
    const found = [...this.#nodes].find(([, node]) => node.path === path.toLowerCase())
    return found && { id: found[0] }
  }

  node(id: NodeId): { parentId: NodeId | null; path: string } | undefined {
    return this.#nodes.get(id)
  }

  hierarchy(): Module {
    const pathTo = (nodeId: NodeId): NodeId[] => {
      const node = this.#nodes.get(nodeId)
      return node === undefined ? [] : [nodeId, ...(node.parentId === null ? [] : pathTo(node.parentId))]
    }
    return {
      name: 'equipment',
      migrations: [],
      register: (platform) => platform.locateWith({ pathTo: async (nodeId) => pathTo(nodeId) }),
    }
  }
}

/** What was durable, as the historian keeps it. */
export class TestSamples implements SampleSource {
  readonly #kept = new Map<string, KeptSample[]>()

  keep(sample: Sample): void {
    this.#kept.set(sample.tag, [...(this.#kept.get(sample.tag) ?? []), sample])
  }

  async samplesSince(tagId: Id<'Tag'>, after: Instant): Promise<readonly KeptSample[]> {
    return (this.#kept.get(tagId) ?? []).filter((sample) => sample.at > after).slice(0, 100)
  }

  last(tagId: Id<'Tag'>): KeptSample | undefined {
    return this.#kept.get(tagId)?.at(-1)
  }
}

type Content = Parameters<typeof contentOf>[2]

/** All that a definition says beside its name and tag: high above 80, no delays. */
const contentOf = (
  name: string,
  tag: { tagId: Id<'Tag'> | null; nodeId: NodeId },
  changes: Partial<
    Omit<
      AlarmDefinition,
      'id' | 'version' | 'state' | 'priority' | 'changeReason' | 'draftedBy' | 'draftedAt' | 'releasedAt'
    >
  >,
) => ({
  name,
  ...tag,
  message: `${name} is beyond its limit`,
  condition: { kind: 'limit' as const, side: 'high' as const, limit: 80, deadband: 1 },
  onDelaySeconds: 0,
  offDelaySeconds: 0,
  latched: false,
  cause: 'cooling lost',
  consequence: 'batch lost',
  response: 'open the valve',
  severity: 'major' as const,
  timeToRespond: '3-to-10-min' as const,
  qualityCritical: false,
  suppressWhile: null,
  ...changes,
})

export interface StartedAlarms {
  readonly plant: TestPlant
  readonly samples: TestSamples
  readonly clock: HandClock
  readonly platform: Platform
  readonly database: TestDatabase
  readonly watch: ReturnType<typeof alarmModule>['watch']
  /** May do everything, everywhere. */
  readonly engineer: Actor
  content(name: string, tagId: Id<'Tag'> | null, changes?: Content): ReturnType<typeof contentOf>
  /** Puts alarms in force. */
  adopt(definitions: readonly ReturnType<typeof contentOf>[]): Promise<readonly AlarmDefinition[]>
  /** An alarm in force on a tag. */
  alarm(name: string, tagId: Id<'Tag'> | null, changes?: Content): Promise<AlarmDefinition>
  /** A reading some seconds from now, durable and heard. */
  hear(tagId: Id<'Tag'>, seconds: number, value: SampleValue | null, status?: number): void
  /** The instant some seconds after the clock's start. */
  at(seconds: number): Instant
  /** Stops the module and leaves its database. */
  pause(): Promise<void>
  /** Starts it (again, where it runs), with these options besides. */
  resume(changes: Partial<AlarmOptions>): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The alarm module on a database of its own; the clock stands at 2026-11-22 08:00 UTC. */
export async function startAlarms(
  options: Partial<AlarmOptions> = {},
  besides: readonly Module[] = [],
): Promise<StartedAlarms> {
  const [plant, samples, clock] = [new TestPlant(), new TestSamples(), handClock()]
  const start = clock.now()
  const log = pino({ level: 'silent' })
  const { module } = alarmModule({ directory: plant, clock, log, samples, ...options })
  const database = await createTestDatabase({ modules: [plant.hierarchy(), module, ...besides] })
  let sequence = 0
  let isRunning = true
  const open = async (changes: Partial<AlarmOptions> = {}) => {
    const made = alarmModule({ directory: plant, clock, log, samples, ...options, ...changes })
    const platform = await Platform.start(database.db, [plant.hierarchy(), made.module, ...besides], clock, log)
    await made.watch.open()
    return { ...made, platform }
  }
  let running = await open()
  const content: StartedAlarms['content'] = (name, tagId, changes = {}) =>
    contentOf(name, { tagId, nodeId: (tagId === null ? undefined : plant.find(tagId)?.nodeId) ?? plant.loop }, changes)
  const started: StartedAlarms = {
    plant,
    samples,
    clock,
    database,
    get platform() {
      return running.platform
    },
    get watch() {
      return running.watch
    },
    engineer: { ...actorWith(permissions), name: 'eve' },
    content,
    at: (seconds) => plusMs(start, seconds * 1000),
    async adopt(definitions) {
      const answer = await running.platform.run(adoptAlarmDefinitions, systemActor('commissioning'), {
        definitions: [...definitions],
        document: 'ALM-LIST-001 v3',
        reason: 'commissioning',
      })
      await running.platform.idle()
      return answer.adopted
    },
    async alarm(name, tagId, changes = {}) {
      const [definition] = await started.adopt([content(name, tagId, changes)])
      if (definition === undefined) throw new Error(`${name} is known already`)
      return definition
    },
    hear(tagId, seconds, value, status = 0) {
      const at = started.at(seconds)
      const sample: Sample = { tag: tagId, at, serverAt: at, value, status }
      samples.keep(sample)
      sequence += 1
      running.watch.hear(decodeSampleBatch(encodeSampleBatch('edge', sequence, [sample])))
    },
    async pause() {
      if (!isRunning) return
      isRunning = false
      await running.close()
      await running.platform.stop()
    },
    async resume(changes) {
      await started.pause()
      running = await open(changes)
      isRunning = true
    },
    restart: () => started.resume({}),
    async stop() {
      await started.pause()
      await database.close()
    },
  }
  return started
}
