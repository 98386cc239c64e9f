import type { Clock, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { SampleBatch } from '@throughline/model'
import { listUnmappedAlarmSources } from '@throughline/model'
import type { Module, Platform } from '@throughline/platform'
import type { Logger } from 'pino'
import { registerMachineAnswers } from './alarm/machine.ts'
import { registerAlarm } from './alarm/operations.ts'
import { Shelf } from './alarm/shelf.ts'
import type { HeardMachine } from './condition/evaluation.ts'
import { registerDefinition } from './definition/operations.ts'
import type { AlarmPlant } from './definition/plant.ts'
import { registerTransfer } from './definition/transfer.ts'
import { registerHistory } from './history/operations.ts'
import { registerKpi } from './kpi/operations.ts'
import { moduleWith } from './module.ts'
import type { NotificationOptions, Notifier } from './notification/notification.ts'
import { registerNotification } from './notification/notification.ts'
import type { PhilosophyOptions } from './philosophy/operations.ts'
import { registerPhilosophy } from './philosophy/operations.ts'
import { followQuality } from './quality-event/subscriptions.ts'
import type { SampleSource } from './watch/watch.ts'
import { AlarmWatch } from './watch/watch.ts'
import type { BusyWith } from './watch/writer.ts'

export interface AlarmOptions extends Partial<Pick<PhilosophyOptions, 'plantName' | 'zoneOf'>> {
  /** Nodes and tags of the plant: the equipment module's tag directory fits. */
  readonly directory: AlarmPlant
  readonly clock: Clock
  readonly log: Logger
  /** The historian's samples: what was heard and not recorded before a stop is read again. Absent = only new readings count. */
  readonly samples?: SampleSource
  /** Asks the historian's context what equipment was busy with; absent = it is not known. */
  readonly busyWith?: BusyWith
  /** How people and programs are called; absent = nobody can be called by e-mail. */
  readonly notification?: Omit<NotificationOptions, 'nodes'>
}

/** What another system says of an alarm of its own. */
export interface ExternalAlarm {
  /** Null = that system does not know. */
  readonly active: boolean | null
  readonly at: Instant
  readonly detail: string
  /** Where it stands at the machine that raised it; absent = not by a machine. */
  readonly machine?: HeardMachine
}

/** Where readings go in, and crossings come out as records. */
export interface AlarmWatching {
  /** Begins to watch, where the last run stopped; belongs after the start of the platform and of the historian. */
  open(): Promise<void>
  /** Hears a batch that is durable in the historian. The batch is only read. */
  hear(batch: SampleBatch): void
  /** Hears an alarm that is raised elsewhere; `source` as a definition of kind `external` names it. */
  raiseExternal(source: string, told: ExternalAlarm): void
  /** Settles once everything heard so far is recorded, with how far was heard: it need not be told again. */
  settle(): Promise<void>
  /** Settles once everything heard so far is recorded. */
  idle(): Promise<void>
}

const tickMs = 250

/** The alarm module, and the watch that turns readings into alarms. */
export function alarmModule(options: AlarmOptions): {
  module: Module
  watch: AlarmWatching
  /** Finishes what is being recorded and whom it is calling; what is not recorded is read again after the next start. */
  close(): Promise<void>
} {
  const { directory, clock, log, plantName = 'the plant' } = options
  let opened: { watch: AlarmWatch; shelf: Shelf; timer: NodeJS.Timeout } | undefined
  let registered: Platform | undefined
  let ticking: Promise<void> | undefined
  let notifier: Notifier | undefined

  const tick = async (watch: AlarmWatch, shelf: Shelf): Promise<void> => {
    try {
      await shelf.tick(clock.now())
      await watch.tick()
    } catch (error) {
      log.error({ error }, 'alarms could not follow the clock and will be looked at again')
    }
  }

  const module = moduleWith((platform) => {
    registered = platform
    registerDefinition(platform, directory)
    registerTransfer(platform, directory)
    registerAlarm(platform, directory, (until) => opened?.shelf.expect(until))
    registerHistory(platform, directory)
    platform.handle(listUnmappedAlarmSources, async () => {
      const { sources, beyond } = opened?.watch.unmapped.list() ?? { sources: [], beyond: 0 }
      return { sources: [...sources], beyond }
    })
    registerKpi(platform, directory)
    registerPhilosophy(platform, {
      nodes: directory,
      plantName,
      ...(options.zoneOf === undefined ? {} : { zoneOf: options.zoneOf }),
    })
    notifier = registerNotification(platform, { mail: null, ...options.notification, nodes: directory })
    registerMachineAnswers(platform)
    platform.on('historian.source-mapped', 'alarm.watch', async (_uow, { tagId }) => opened?.watch.hearNewest(tagId))
    followQuality(platform, () => opened?.watch)
    platform.on('alarm.definition-changed', 'alarm.watch', async (uow) => {
      await opened?.watch.load(uow.trx)
    })
  })

  const watch: AlarmWatching = {
    async open() {
      const platform = registered
      if (platform === undefined) throw notRegistered()
      const samples = options.samples ?? { samplesSince: async () => [], last: () => undefined }
      const busyWith: BusyWith = options.busyWith ?? (async (asked) => asked.map(() => ({ order: null, batch: null })))
      const begun = new AlarmWatch(platform, { directory, clock, log, samples, busyWith })
      const shelf = new Shelf(platform)
      await shelf.load()
      const timer = setInterval(() => {
        ticking ??= tick(begun, shelf).finally(() => {
          ticking = undefined
        })
      }, tickMs)
      opened = { watch: begun, shelf, timer }
      await begun.load(platform.db)
    },
    hear(batch) {
      opened?.watch.hear(batch)
    },
    raiseExternal(source, told) {
      opened?.watch.hearExternal(source, told)
    },
    async idle() {
      await opened?.watch.idle()
    },
    async settle() {
      await opened?.watch.idle()
      await opened?.watch.save()
    },
  }

  return {
    module,
    watch,
    async close() {
      clearInterval(opened?.timer)
      await ticking
      await notifier?.close()
      await opened?.watch.close()
      opened = undefined
    },
  }
}

const notRegistered = (): DomainError =>
  new DomainError('defect', 'alarm.not-registered', 'Start the platform with the alarm module before its watch')
