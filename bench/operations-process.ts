import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equipmentModule } from '@throughline/equipment'
import { historianModule } from '@throughline/historian'
import type { Id, Instant } from '@throughline/kernel'
import { systemClock } from '@throughline/kernel'
import { applyModel, listNodes, openContext, permissions } from '@throughline/model'
import { Ledger, Platform, systemActor } from '@throughline/platform'
import { actorWith, createTestDatabase } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'

const clients = 16
const warmUp = 1_000
/** Of /proc: 100 a second on every Linux. */
const msPerTick = 10

/** What is asked for: so many operations by so many clients at once. */
export interface Slice {
  readonly width: number
  readonly count: number
}

/** What they took: each, and together; processor time for one of them. */
export interface Measured {
  readonly times: readonly number[]
  readonly perSecond: number
  readonly nodeMs: number
  readonly databaseMs: number
}

/** One side of `operations`: begins a context interval on a unit, which ends the one before it: two rows a deed. */
const dir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
const database = await createTestDatabase({ durable: true })
const log = pino({ level: 'silent' })
const equipment = equipmentModule()
const historian = historianModule({
  dir: join(dir, 'historian'),
  clock: systemClock,
  directory: equipment.directory,
  log,
})
const platform = await Platform.start(database.db, [equipment.module, historian.module], systemClock, log)
const ledger = await Ledger.open(database.db, systemClock, {
  keyDir: join(dir, 'keys'),
  plant: 'bench',
  software: '0.0.0',
  clockStatus: () => 'unknown',
  log,
})
const units = await makeUnits()
const begun: Instant[] = []
const caller = actorWith(permissions)

await drive(1, warmUp)
await drive(clients, warmUp)
process.on('message', async (slice: Slice) => {
  process.send?.(await measure(slice))
})
process.once('disconnect', async () => {
  await ledger.stop()
  await platform.stop()
  await database.close()
  await rm(dir, { recursive: true, force: true })
  process.exit(0)
})
process.send?.('ready')

async function measure({ width, count }: Slice): Promise<Measured> {
  const before = await spent()
  const { times, perSecond } = await drive(width, count)
  const after = await spent()
  const nodeMs = (after.nodeMs - before.nodeMs) / count
  return { times, perSecond, nodeMs, databaseMs: (after.databaseMs - before.databaseMs) / count }
}

async function makeUnits(): Promise<Id<'EquipmentNode'>[]> {
  const lines = Array.from({ length: clients }, (_, index) => `  - { path: acme/s/a/u${index}, level: work-center }`)
  const text = `nodes:
  - { path: acme, level: enterprise }
  - { path: acme/s, level: site, timeZone: UTC }
  - { path: acme/s/a, level: area }
${lines.join('\n')}
`
  await platform.run(applyModel, systemActor('bench'), { format: 'yaml', text })
  const nodes = await platform.run(listNodes, systemActor('bench'), {})
  return nodes.filter(({ level }) => level === 'work-center').map(({ id }) => id)
}

/** Two deeds on one unit never begin in the same microsecond. */
function later(unit: number): Instant {
  const at = Math.max(systemClock.now(), (begun[unit] ?? 0) + 1) as Instant
  begun[unit] = at
  return at
}

async function drive(width: number, count: number): Promise<{ times: number[]; perSecond: number }> {
  const times: number[] = []
  const before = performance.now()
  let left = count
  const client = async (index: number): Promise<void> => {
    while (left-- > 0) {
      const began = performance.now()
      const nodeId = units[index] as Id<'EquipmentNode'>
      const input = { nodeId, kind: 'phase' as const, label: `phase ${left}`, from: later(index) }
      await platform.run(openContext, caller, input, { idempotencyKey: crypto.randomUUID(), keyRequired: true })
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: width }, (_, index) => client(index)))
  return { times, perSecond: count / ((performance.now() - before) / 1000) }
}

/**
 * Processor time that this process and the server's own spent up to now: what an operation costs whatever else the machine
 * does. Of a server on another machine nothing is seen.
 */
async function spent(): Promise<{ nodeMs: number; databaseMs: number }> {
  const { user, system } = process.cpuUsage()
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity`.execute(database.owner)
  const ticks = await Promise.all(rows.map(({ pid }) => ticksOf(pid)))
  return { nodeMs: (user + system) / 1000, databaseMs: ticks.reduce((sum, each) => sum + each, 0) * msPerTick }
}

async function ticksOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The name of the program stands in parentheses and may hold spaces; then come the state and ten numbers before these two.
  const [user, system] = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11)
  return Number(user ?? 0) + Number(system ?? 0)
}
