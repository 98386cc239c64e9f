import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { DatabaseConnection } from '@throughline/platform'
import { openDatabase, Platform } from '@throughline/platform'
import pino from 'pino'
import { alarmModule } from '../alarm.ts'
import type { AlarmTag } from '../definition/plant.ts'
import { Flood } from './flood.ts'

/** A process that hears a flood and records it, until it is killed. Argument: JSON of database, tags, start, readings a tag, and how many of them keep their value. */
interface Given {
  readonly connection: DatabaseConnection
  readonly tags: readonly AlarmTag[]
  readonly start: Instant
  readonly perTag: number
  readonly hold: number
}

const given: Given = JSON.parse(process.argv[2] ?? '')
const { connection, tags, start, perTag, hold } = given
const clock = { now: () => plusMs(start, perTag * 1000) }
const log = pino({ level: 'silent' })
const flood = new Flood(
  tags.map(({ id }) => id),
  start,
  perTag,
  hold,
)
const directory = {
  find: (tagId: string) => tags.find(({ id }) => id === tagId),
  byPath: () => undefined,
  node: () => ({ parentId: null, path: 'plant' }),
  nodeByPath: () => undefined,
}
const { module, watch } = alarmModule({ directory, clock, log, samples: flood })
const equipment = { name: 'equipment', migrations: [], register() {} }
await Platform.start(openDatabase(connection), [equipment, module], clock, log)
await watch.open()
watch.hear(flood.batch())
process.stdout.write('heard\n')
