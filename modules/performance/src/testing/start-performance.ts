import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TagDirectory } from '@throughline/equipment'
import { equipmentModule } from '@throughline/equipment'
import type { Historian } from '@throughline/historian'
import { historianModule } from '@throughline/historian'
import type { Id, Instant } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { applyModel, decodeSampleBatch, encodeSampleBatch, listNodes } from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { folderBlobStore, Platform, systemActor } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import { performanceModule } from '../module.ts'
import type { Performance, PerformanceOptions } from '../performance.ts'

/** Two packing machines one after the other in a line, a manual bench beside them, and another site. */
const model = `classes:
  - name: Packer
    tags:
      - { name: State, dataType: string }
      - { name: Good, dataType: int64 }
      - { name: Scrap, dataType: int64 }
      - { name: Order, dataType: string }
      - { name: Product, dataType: string }
      - { name: Reason, dataType: string }
      - { name: Temperature, dataType: double }
  - { name: Bench, tags: [] }
nodes:
  - { path: Works, level: enterprise }
  - { path: Works/North, level: site, timeZone: Europe/Zurich }
  - { path: Works/North/Line, level: work-center }
  - { path: Works/North/Line/P-1, level: work-unit, class: Packer }
  - { path: Works/North/Line/P-2, level: work-unit, class: Packer }
  - { path: Works/North/Bench, level: work-center }
  - { path: Works/North/Bench/B-1, level: work-unit, class: Bench }
  - { path: Works/South, level: site, timeZone: Europe/Dublin }
`

type TagName = 'State' | 'Good' | 'Scrap' | 'Order' | 'Product' | 'Reason' | 'Temperature'

/** A reading as a test writes it: seconds after the test's beginning, tag, value, and a status unless it is good. */
export type ToldReading = readonly [second: number, tag: TagName, value: SampleValue | null, status?: number]

export interface StartedPerformance {
  readonly platform: Platform
  readonly historian: Historian
  readonly directory: TagDirectory
  readonly clock: HandClock
  /** May do everything, everywhere. */
  readonly system: Actor
  /** What the clock showed at the beginning: seconds of readings count from here. */
  readonly begin: Instant
  performance: Performance
  nodeId(path: string): Id<'EquipmentNode'>
  tagId(machine: 'P-1' | 'P-2', tag: TagName): Id<'Tag'>
  /** The instant so many seconds after the beginning. */
  at(second: number): Instant
  /** Stores readings and lets the module hear them, as the server does; `tell` false = they are only stored. */
  send(machine: 'P-1' | 'P-2', readings: readonly ToldReading[], tell?: boolean): Promise<void>
  /** Ends the module at once and starts it again on the same records, as a restart does. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Equipment, historian and performance behind the real door, on a database of their own; the clock stands at 08:00 UTC. */
export async function startPerformance(
  options: Pick<PerformanceOptions, 'lookEveryMs' | 'onFault'> = {},
): Promise<StartedPerformance> {
  let known: TestDatabase | undefined
  const folder = await mkdtemp(join(tmpdir(), 'throughline-performance-'))
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const system = systemActor('test')
  const begin = clock.now()
  const blobs = await folderBlobStore(join(folder, 'blobs'))
  let sequence = 0

  const start = async () => {
    const { module, directory } = equipmentModule()
    const historian = historianModule({ dir: join(folder, 'historian'), clock, directory, log, commitEveryMs: 2 })
    const performance = performanceModule({ directory, clock, log, blobs, ...options })
    const modules = [module, historian.module, performance.module]
    known ??= await createTestDatabase({ modules })
    const database = known
    const platform = await Platform.start(database.db, modules, clock, log)
    await directory.load(database.db)
    await historian.open()
    return { platform, historian, directory, performance, database }
  }
  const stopParts = async (): Promise<void> => {
    await started.performance.close()
    await started.platform.stop()
    await started.historian.close()
  }

  const started = {
    ...(await start()),
    ...{ clock, system, begin },
    nodeId(path: string): Id<'EquipmentNode'> {
      const found = nodes.get(path.toLowerCase())
      if (found === undefined) throw new Error(`There is no ${path}`)
      return found
    },
    tagId(machine: 'P-1' | 'P-2', tag: TagName): Id<'Tag'> {
      const found = started.directory.byPath(`works/north/line/${machine}/${tag}`)
      if (found === undefined) throw new Error(`There is no ${tag} of ${machine}`)
      return found.id
    },
    at: (second: number): Instant => (begin + second * 1e6) as Instant,
    async send(machine: 'P-1' | 'P-2', readings: readonly ToldReading[], tell = true): Promise<void> {
      const samples = readings.map(([second, tag, value, status = 0]): Sample => {
        const at = started.at(second)
        return { tag: started.tagId(machine, tag), at, serverAt: at, value, status }
      })
      sequence += 1
      const batch = decodeSampleBatch(encodeSampleBatch('agent', sequence, samples))
      await started.historian.append(batch)
      if (tell) started.performance.watch.hear(batch)
    },
    async restart(): Promise<void> {
      await stopParts()
      Object.assign(started, await start())
      await started.performance.open()
    },
    async stop(): Promise<void> {
      await stopParts()
      await started.database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await started.platform.run(applyModel, system, { format: 'yaml', text: model })
  await started.platform.idle()
  await started.directory.load(started.database.db)
  const nodes = new Map((await listPaths(started.platform, system)).map(({ path, id }) => [path, id]))
  await started.performance.open()
  return started
}

const listPaths = (platform: Platform, actor: Actor) => platform.run(listNodes, actor, {})
