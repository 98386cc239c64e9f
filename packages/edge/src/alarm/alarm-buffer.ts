import { DatabaseSync } from 'node:sqlite'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, fromMs, messageOf, plusMs } from '@throughline/kernel'
import type { MachineAlarmBatch } from '@throughline/model'
import { MachineAlarm } from '@throughline/model'
import type { AlarmReport } from '../driver.ts'
import type { FaultRegistry } from '../fault/fault-registry.ts'

export interface AlarmBufferConfig {
  readonly file: string
  readonly agent: string
  readonly clock: Clock
  readonly faults: FaultRegistry
  /** Alarms kept unsent at most, and conditions known at most. Default 100,000 and 10,000. */
  readonly most?: { readonly waiting: number; readonly conditions: number }
}

const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists condition (
    connection text, condition text, body text not null, primary key (connection, condition)) strict;
  create table if not exists waiting (sequence integer primary key autoincrement, body text not null) strict;
`
const aheadMs = 60_000
const oldest = fromMs(Date.UTC(2000, 0, 1))

/**
 * What machines said of their own alarms, on disk until the server has recorded it; and how each of them stood last, so
 * that what ended while nobody was connected is told as ended, and what nobody can hear as unknown.
 */
export class AlarmBuffer {
  readonly #config: AlarmBufferConfig
  readonly #database: DatabaseSync
  readonly #last = new Map<string, Map<string, MachineAlarm>>()
  #waiting: number
  /** Something was not kept, for want of room: how all stand is told again once there is some. */
  #isOverrun = false
  #onCommit: () => void = () => {}
  #closed = false

  /** @throws DomainError `unavailable` (`edge.alarm-buffer-unusable`) naming the file */
  constructor(config: AlarmBufferConfig) {
    this.#config = config
    try {
      this.#database = new DatabaseSync(config.file)
      this.#database.exec(schema)
      for (const row of this.#database.prepare('select body from condition').all()) this.#remember(parsed(row['body']))
      this.#waiting = Number(this.#database.prepare('select count(*) as count from waiting').get()?.['count'])
    } catch (error) {
      const message = `The buffer ${config.file} cannot be used: ${messageOf(error)}. Check that its folder is writable and no other agent uses it`
      throw new DomainError('unavailable', 'edge.alarm-buffer-unusable', message, {}, error)
    }
  }

  /** Alarms that the server has not recorded. */
  get pending(): number {
    return this.#waiting
  }

  /** Called after each commit. One listener: the uplink. */
  onCommit(listener: () => void): void {
    this.#onCommit = listener
  }

  /** Takes what a driver tells; what says nothing new is left out. */
  hear(connection: string, reports: readonly AlarmReport[]): void {
    const newest = new Map<string, MachineAlarm>()
    this.#keep(
      reports.flatMap((report) => {
        const before = newest.get(report.condition) ?? this.#find(connection, report.condition)
        const alarm = this.#checked(connection, report, before, newest.size)
        if (alarm === undefined || (before !== undefined && isSame(before, alarm))) return []
        newest.set(alarm.condition, alarm)
        return [alarm]
      }),
    )
  }

  /** These are all that stand at the machine: what was told before and is not among them has ended while nobody heard. */
  complete(connection: string, conditions: readonly string[]): void {
    const standing = new Set(conditions)
    const ended = this.#of(connection).filter(
      ({ condition, active, acknowledged }) => !standing.has(condition) && (active !== false || acknowledged === false),
    )
    this.#keep(
      ended.map((alarm) => ({
        ...{ ...alarm, active: false, acknowledged: alarm.acknowledged === null ? null : true, comment: '' },
        ...{ handle: null, at: this.#after(alarm, this.#config.clock.now()) },
      })),
    )
  }

  /** Nobody hears the machine any longer: how its alarms stand is not known. */
  lost(connection: string): void {
    const known = this.#of(connection).filter(({ active }) => active !== null)
    this.#keep(
      known.map((alarm) => ({
        ...{ ...alarm, active: null, comment: '' },
        at: this.#after(alarm, this.#config.clock.now()),
      })),
    )
  }

  /** Tells once more what stands: a server that was set up anew, or knows an alarm only since, hears of it. */
  retell(): void {
    this.#keep(this.#all.filter(({ active, acknowledged }) => active !== false || acknowledged === false))
  }

  /** The oldest that are not recorded; undefined = all are. */
  next(limit: number): MachineAlarmBatch | undefined {
    if (this.#closed) return undefined
    if (this.#isOverrun && this.#waiting <= this.#most.waiting / 2) {
      this.#isOverrun = false
      this.#keep(this.#all)
    }
    const rows = this.#database.prepare('select sequence, body from waiting order by sequence limit ?').all(limit)
    const sequence = Number(rows.at(-1)?.['sequence'] ?? 0)
    return rows.length === 0 ? undefined : { sequence, alarms: rows.map((row) => parsed(row['body'])) }
  }

  /** The server has recorded all up to this sequence. */
  recorded(sequence: number): void {
    if (this.#closed) return
    const { changes } = this.#database.prepare('delete from waiting where sequence <= ?').run(sequence)
    this.#waiting -= Number(changes)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#database.close()
  }

  get #most(): { readonly waiting: number; readonly conditions: number } {
    return this.#config.most ?? { waiting: 100_000, conditions: 10_000 }
  }

  #keep(alarms: readonly MachineAlarm[]): void {
    if (alarms.length === 0 || this.#closed) return
    for (const alarm of alarms) this.#remember(alarm)
    const room = Math.max(0, this.#most.waiting - this.#waiting)
    if (alarms.length > room) {
      this.#isOverrun = true
      this.#fault('alarm-buffer-full', alarms[room], alarms.length - room)
    }
    this.#database.exec('begin immediate')
    try {
      const wait = this.#database.prepare('insert into waiting (body) values (?)')
      const stand = this.#database.prepare(
        'insert into condition values (?, ?, ?) on conflict (connection, condition) do update set body = excluded.body',
      )
      for (const [index, alarm] of alarms.entries()) {
        const body = JSON.stringify(alarm)
        stand.run(alarm.connection, alarm.condition, body)
        if (index < room) wait.run(body)
      }
      this.#database.exec('commit')
    } catch (error) {
      this.#database.exec('rollback')
      this.#isOverrun = true
      this.#config.faults.count('alarm-buffer', 'commit-failed', messageOf(error))
      return
    }
    this.#waiting += Math.min(room, alarms.length)
    this.#onCommit()
  }

  /** Undefined when it cannot be carried. */
  #checked(
    connection: string,
    report: AlarmReport,
    before: MachineAlarm | undefined,
    arriving: number,
  ): MachineAlarm | undefined {
    const { condition, active, acknowledged, severity, message, comment, handle } = report
    const found = MachineAlarm.safeParse({
      ...{ connection, condition, active, acknowledged },
      severity: severity === null ? null : Math.min(1000, Math.max(1, Math.round(severity))),
      ...{ message: message.slice(0, 500), comment: comment.slice(0, 500) },
      ...{ at: this.#believed(report.at, before), handle },
    })
    const isKnown = before !== undefined || this.#count + arriving < this.#most.conditions
    if (found.success && isKnown) return found.data
    this.#fault('alarm-refused', { connection, condition }, 1)
    return undefined
  }

  /** A time that cannot be gives way to ours; each is later than the one before, for the server listens to nothing older. */
  #believed(at: Instant, before: MachineAlarm | undefined): Instant {
    const now = this.#config.clock.now()
    const isSane = Number.isSafeInteger(at) && at >= oldest && at <= plusMs(now, aheadMs)
    return this.#after(before, isSane ? at : now)
  }

  #after(before: MachineAlarm | undefined, at: Instant): Instant {
    return before === undefined || at > before.at ? at : ((before.at + 1) as Instant)
  }

  #find(connection: string, condition: string): MachineAlarm | undefined {
    return this.#last.get(connection)?.get(condition)
  }

  #of(connection: string): MachineAlarm[] {
    return [...(this.#last.get(connection)?.values() ?? [])]
  }

  get #all(): MachineAlarm[] {
    return [...this.#last.values()].flatMap((conditions) => [...conditions.values()])
  }

  get #count(): number {
    return [...this.#last.values()].reduce((sum, conditions) => sum + conditions.size, 0)
  }

  #remember(alarm: MachineAlarm): void {
    const conditions = this.#last.get(alarm.connection) ?? new Map<string, MachineAlarm>()
    conditions.set(alarm.condition, alarm)
    this.#last.set(alarm.connection, conditions)
  }

  #fault(cause: string, example: Pick<MachineAlarm, 'connection' | 'condition'> | undefined, count: number): void {
    const { agent, faults } = this.#config
    faults.count(`${agent}/${example?.connection}`, cause, example?.condition.slice(0, 200) ?? '', count)
  }
}

const parsed = (body: unknown): MachineAlarm => MachineAlarm.parse(JSON.parse(String(body)))

const isSame = (a: MachineAlarm, b: MachineAlarm): boolean =>
  JSON.stringify({ ...a, at: 0 }) === JSON.stringify({ ...b, at: 0 })
