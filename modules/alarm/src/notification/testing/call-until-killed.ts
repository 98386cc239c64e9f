import type { Instant } from '@throughline/kernel'
import type { DatabaseConnection } from '@throughline/platform'
import { openDatabase, Platform } from '@throughline/platform'
import { pino } from 'pino'
import { moduleWith } from '../../module.ts'
import type { Notifier } from '../notification.ts'
import { registerNotification } from '../notification.ts'

/** A process that makes the calls that are due, until it is killed. Argument: JSON of database, mail server and time. */
interface Given {
  readonly connection: DatabaseConnection
  readonly smtpUrl: string
  readonly now: Instant
}

const { connection, smtpUrl, now }: Given = JSON.parse(process.argv[2] ?? '')
let notifier: Notifier | undefined
const alarm = moduleWith((platform) => {
  const nodes = { node: () => ({ parentId: null, path: 'plant' }) }
  const mail = { smtpUrl, from: 'alarms@plant.example' }
  notifier = registerNotification(platform, { nodes, mail, localWebhooks: true, everyMs: 3_600_000 })
})
const equipment = { name: 'equipment', migrations: [], register() {} }
await Platform.start(openDatabase(connection), [equipment, alarm], { now: () => now }, pino({ level: 'silent' }))
await notifier?.sendDue()
