import type { Actor, Database } from '@throughline/platform'
import { Platform, systemActor } from '@throughline/platform'
import type { HandClock } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import { equipmentModule } from '../module.ts'
import type { TagDirectory } from '../tag/directory.ts'

export interface TestPlant {
  readonly platform: Platform
  readonly directory: TagDirectory
  readonly clock: HandClock
  readonly db: Database
  /** For what the product itself may not do. */
  readonly owner: Database
  /** May do everything, everywhere. */
  readonly system: Actor
  close(): Promise<void>
}

/** The equipment module alone, behind the real door and on a database of its own. */
export async function startPlant(log: Platform['log']): Promise<TestPlant> {
  const { module, directory } = equipmentModule()
  const database = await createTestDatabase({ modules: [module] })
  const clock = handClock()
  const platform = await Platform.start(database.db, [module], clock, log)
  await directory.load(database.db)
  return {
    platform,
    directory,
    clock,
    db: database.db,
    owner: database.owner,
    system: systemActor('test'),
    async close() {
      await platform.stop()
      await database.close()
    },
  }
}
