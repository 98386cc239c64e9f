import type { Id } from '@throughline/kernel'
import { newId, plusMs } from '@throughline/kernel'
import type { AlarmCall, AlarmRoster, DomainEventName, DomainEvents } from '@throughline/model'
import { listAlarmCalls, setRoster } from '@throughline/model'
import type { Module } from '@throughline/platform'
import { Platform } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { moduleWith } from '../../module.ts'
import type { NodeFinder } from '../../nodes.ts'
import type { NotificationOptions, Notifier } from '../notification.ts'
import { registerNotification } from '../notification.ts'

type NodeId = Id<'EquipmentNode'>

/** Two sites with a unit each. */
export class TwoSites implements NodeFinder {
  readonly aero = newId<'EquipmentNode'>()
  readonly bio = newId<'EquipmentNode'>()
  readonly press = newId<'EquipmentNode'>()
  readonly loop = newId<'EquipmentNode'>()
  readonly #nodes = new Map<NodeId, { parentId: NodeId | null; path: string }>([
    [this.aero, { parentId: null, path: 'Aero' }],
    [this.bio, { parentId: null, path: 'Bio' }],
    [this.press, { parentId: this.aero, path: 'Aero/PRESS-01' }],
    [this.loop, { parentId: this.bio, path: 'Bio/WFI-01' }],
  ])
  /** As right after a start, before the plant's model is read. */
  isLoaded = true

  node(id: NodeId) {
    return this.isLoaded ? this.#nodes.get(id) : undefined
  }

  hierarchy(): Module {
    return {
      name: 'equipment',
      migrations: [],
      register: (platform) =>
        platform.locateWith({
          pathTo: async (nodeId) => {
            const path: NodeId[] = []
            for (let next: NodeId | null | undefined = nodeId; next; next = this.#nodes.get(next)?.parentId) {
              if (this.#nodes.has(next)) path.push(next)
            }
            return path
          },
        }),
    }
  }
}

const supervisor = actorWith(['alarm.read', 'alarm.roster.write'])

/** The notification on a database of its own; the clock stands at 2026-11-22 08:00 UTC, a Sunday, and calls are made when it is told. */
export class StartedNotification {
  readonly plant: TwoSites
  readonly clock: HandClock
  platform!: Platform
  notifier!: Notifier
  readonly #database: TestDatabase
  readonly #options: Omit<NotificationOptions, 'nodes'>

  private constructor(database: TestDatabase, options: Omit<NotificationOptions, 'nodes'>) {
    this.plant = new TwoSites()
    this.clock = handClock()
    this.#database = database
    this.#options = options
  }

  static async open(database: TestDatabase, options: Omit<NotificationOptions, 'nodes'>): Promise<StartedNotification> {
    const started = new StartedNotification(database, options)
    await started.start()
    return started
  }

  async start(changes: Partial<NotificationOptions> = {}): Promise<void> {
    const options = { everyMs: 3_600_000, origin: () => 'https://plant.example', ...this.#options, ...changes }
    const alarm = moduleWith((platform) => {
      this.notifier = registerNotification(platform, { ...options, nodes: this.plant })
    })
    const log = pino({ level: 'silent' })
    this.platform = await Platform.start(this.#database.db, [this.plant.hierarchy(), alarm], this.clock, log)
  }

  async stop(): Promise<void> {
    await this.notifier.close()
    await this.platform.stop()
  }

  async restart(changes: Partial<NotificationOptions> = {}): Promise<void> {
    await this.stop()
    await this.start(changes)
  }

  async roster(steps: readonly Partial<AlarmRoster['steps'][number]>[], changes: Partial<AlarmRoster> = {}) {
    return await this.platform.run(setRoster, supervisor, {
      name: 'Utilities',
      nodeId: this.plant.bio,
      priority: 3,
      timeZone: 'Europe/Berlin',
      hours: [],
      active: true,
      steps: steps.map((step) => ({ emails: [], webhooks: [], afterSeconds: 300, ...step })),
      reason: 'for a test',
      ...changes,
    })
  }

  async tell<Name extends DomainEventName>(name: Name, body: DomainEvents[Name]): Promise<void> {
    await this.platform.act('test', 'test.event.tell', {}, async (uow) => uow.emit(name, body))
    await this.platform.idle()
  }

  /** Tells that an alarm occurred, and answers its occurrence. */
  async occur(changes: Partial<DomainEvents['alarm.occurred']> = {}): Promise<DomainEvents['alarm.occurred']> {
    const alarm: DomainEvents['alarm.occurred'] = {
      occurrenceId: newId<'AlarmOccurrence'>(),
      definitionId: newId<'AlarmDefinition'>(),
      nodeId: this.plant.loop,
      name: 'WFI-01.Conductivity.high',
      message: 'Conductivity of the water loop is high',
      detail: '1.42 uS/cm, limit 1.3',
      priority: 2,
      qualityCritical: false,
      hidden: false,
      at: this.clock.now(),
      ...changes,
    }
    await this.tell('alarm.occurred', alarm)
    return alarm
  }

  async answer({ occurrenceId, definitionId }: DomainEvents['alarm.occurred'], by: string | null): Promise<void> {
    await this.tell('alarm.answered', { occurrenceId, definitionId, by, at: this.clock.now() })
  }

  /** Oldest first. */
  async calls(actor = supervisor): Promise<AlarmCall[]> {
    const now = this.clock.now()
    const window = { from: 0, to: plusMs(now, 7 * 86_400_000) }
    return (await this.platform.run(listAlarmCalls, actor, { window })).reverse()
  }

  async later(seconds: number): Promise<void> {
    this.clock.advanceMs(seconds * 1000)
    await this.notifier.sendDue()
  }
}
