import type { Instant } from '@throughline/kernel'
import type { Module, Platform } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import { registerAndon } from './andon/operations.ts'
import { registerCalendar } from './calendar/operations.ts'
import { registerCountEntry } from './count-entry/operations.ts'
import { registerKpi } from './kpi/operations.ts'
import { registerLine } from './line/operations.ts'
import { registerLoss } from './loss/operations.ts'
import type { Performance, PerformanceOptions } from './performance.ts'
import { registerPhoto } from './photo/operations.ts'
import { registerPlannedStop } from './planned-stop/operations.ts'
import { registerReason } from './reason/operations.ts'
import { registerReport } from './report/operations.ts'
import { listRuns } from './run/store.ts'
import { registerShiftResult } from './shift-result/operations.ts'
import type { ShiftResultRecorder } from './shift-result/recorder.ts'
import { registerStandard } from './standard/operations.ts'
import { intervalAt } from './state/interval.ts'
import { registerState } from './state/operations.ts'
import { listIntervals } from './state/store.ts'
import { registerStateRule } from './state-rule/operations.ts'
import { MachineRegistry } from './state-rule/registry.ts'
import { registerStop } from './stop/operations.ts'
import { Engine } from './watch/engine.ts'
import { markUnsure } from './watch/progress-store.ts'

const derived = 'worked out of samples: lost, it is made again from the historian'

/** Makes the module that says what the plant is doing: give `module` to the platform, then `open()` it. */
export function performanceModule({
  directory,
  clock,
  log,
  blobs,
  lookEveryMs,
  onFault,
}: PerformanceOptions): Performance {
  const registry = new MachineRegistry(directory)
  let engine: Engine | undefined
  let recorder: ShiftResultRecorder | undefined
  let registered: Platform | undefined

  const register = (platform: Platform): void => {
    registered = platform
    engine = new Engine(platform, registry, directory, clock, log, lookEveryMs, onFault)
    registerState(platform, registry, clock, (nodeId) => engine?.heardAt(nodeId) ?? null)
    registerStateRule(platform, registry)
    registerStandard(platform, directory, registry)
    registerCalendar(platform, directory, registry)
    registerPlannedStop(platform, directory, registry)
    registerLine(platform, directory, registry)
    registerStop(platform, directory)
    registerReason(platform, directory, registry)
    registerCountEntry(platform, directory, registry)
    registerAndon(platform, directory)
    registerPhoto(platform, directory, blobs)
    registerKpi(platform, registry, directory)
    registerLoss(platform, registry, directory)
    registerReport(platform, registry, directory)
    recorder = registerShiftResult(platform, registry)
    platform.on('historian.sample-corrected', 'performance.state', async (uow, { tagId, at }) => {
      const nodeId = directory.find(tagId)?.nodeId
      if (nodeId === undefined || registry.find(nodeId) === undefined) return
      await markUnsure(uow.trx, [nodeId], at)
      engine?.redo(tagId, at)
    })
    platform.on('historian.source-mapped', 'performance.state', async (uow, { tagId, moved }) => {
      const nodeId = directory.find(tagId)?.nodeId
      if (moved === 0 || nodeId === undefined || registry.find(nodeId) === undefined) return
      await markUnsure(uow.trx, [nodeId], 0)
      engine?.redo(tagId, 0)
    })
  }

  return {
    module: {
      name: 'performance',
      migrations: readMigrations(new URL('./migrations/', import.meta.url)),
      records: {
        except: {
          signal_interval: derived,
          run: derived,
          count_step: derived,
          count_gap: derived,
          counter_note: derived,
          reason_code: derived,
          progress: 'how far the working out of samples is',
          shift_result_due: 'work to be done, gone once it is',
        },
        partOf: { stop_comment: { table: 'stop', by: 'stop_id' } },
      },
      register,
    } satisfies Module,
    watch: {
      hear: (batch) => engine?.hear(batch),
      setAgentSilent: (tagIds, silent) => engine?.setAgentSilent(tagIds, silent),
    },
    runsOf: async (nodeIds, from, to) =>
      registered === undefined ? [] : await listRuns(registered.db, nodeIds, from, to),
    async stateAt(db, nodeId, at) {
      if (registry.find(nodeId) === undefined) return undefined
      const found = intervalAt(await listIntervals(db, [nodeId], at, at + 1), at)
      return found && { state: found.state, label: found.label, since: found.from as Instant }
    },
    async open() {
      await engine?.open()
      recorder?.open()
    },
    async close() {
      await recorder?.close()
      await engine?.close()
    },
  }
}
