import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { DataType } from '@throughline/model'
import type { Module } from '@throughline/platform'
import { Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import type { Historian } from '../historian.ts'
import { historianModule } from '../historian.ts'
import type { TagFinder } from '../tags.ts'

/** A plant of two sites with one unit each, and one tag of every data type on the first unit. */
export class TestPlant implements TagFinder {
  readonly aero = newId<'EquipmentNode'>()
  readonly bio = newId<'EquipmentNode'>()
  readonly unit = newId<'EquipmentNode'>()
  readonly module = newId<'EquipmentNode'>()
  readonly bioUnit = newId<'EquipmentNode'>()
  readonly #parents = new Map<string, Id<'EquipmentNode'> | null>([
    [this.aero, null],
    [this.bio, null],
    [this.unit, this.aero],
    [this.module, this.unit],
    [this.bioUnit, this.bio],
  ])
  readonly #tags = new Map<string, NonNullable<ReturnType<TagFinder['find']>>>()

  add(name: string, dataType: DataType, nodeId: Id<'EquipmentNode'> = this.module): Id<'Tag'> {
    const id = newId<'Tag'>()
    this.#tags.set(id, { id, nodeId, dataType, path: `plant/${name}` })
    return id
  }

  find(tagId: string) {
    return this.#tags.get(tagId)
  }

  node(id: Id<'EquipmentNode'>) {
    const parentId = this.#parents.get(id)
    return parentId === undefined ? undefined : { parentId }
  }

  hierarchy(): Module {
    return {
      name: 'equipment',
      migrations: [],
      register: (platform) =>
        platform.locateWith({
          pathTo: async (nodeId) => {
            const path: Id<'EquipmentNode'>[] = []
            for (let next: Id<'EquipmentNode'> | null | undefined = nodeId; next; next = this.#parents.get(next)) {
              if (this.#parents.has(next)) path.push(next)
            }
            return path
          },
        }),
    }
  }
}

export interface StartedHistorian {
  readonly plant: TestPlant
  readonly platform: Platform
  readonly clock: HandClock
  historian: Historian
  /** Closes the historian and opens it again on the same folder, as a restart does. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A historian on a database of its own; the clock stands at 2026-11-22 08:00 UTC. */
export async function startHistorian(): Promise<StartedHistorian> {
  const plant = new TestPlant()
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const dir = await mkdtemp(join(tmpdir(), 'throughline-historian-'))
  const make = () => historianModule({ dir, clock, directory: plant, log, commitEveryMs: 5 })
  const first = make()
  const modules = [plant.hierarchy(), first.module]
  const database: TestDatabase = await createTestDatabase({ modules })
  const startWith = async (historian: Historian) => {
    const platform = await Platform.start(database.db, [plant.hierarchy(), historian.module], clock, log)
    await historian.open()
    return platform
  }
  const started = {
    plant,
    clock,
    historian: first,
    platform: await startWith(first),
    async restart() {
      await started.platform.stop()
      await started.historian.close()
      started.historian = make()
      started.platform = await startWith(started.historian)
    },
    async stop() {
      await started.platform.stop()
      await started.historian.close()
      await database.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
  return started
}
