import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Shift } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { shiftsBetween } from '../calendar/rules.ts'
import type { Machine, Machines } from '../state-rule/machines.ts'
import { elementsOf } from '../time-model/cells.ts'
import { merged } from '../time-model/cursor.ts'
import type { Judgement } from '../time-model/load.ts'
import { loadFacts, loadJudgement } from '../time-model/load.ts'
import type { Progress } from '../watch/progress-store.ts'
import { listProgress } from '../watch/progress-store.ts'
import { inputHashOf } from './input-hash.ts'
import type { NewResult } from './rules.ts'
import { graceUs, isQuiet, isWorkedOut, resultsToRecord, storedCellOf } from './rules.ts'
import { deleteDue, insertResults, listDue, listReaches, listVersions } from './store.ts'
import type { Due, StoredResult } from './stored-result.ts'

type NodeId = Id<'EquipmentNode'>

const lookEveryMs = 1000
/** Shifts end seldom: whether one did is asked less often than whether the past changed. */
const looksAnEnd = 10
/** A month of shifts at a time: more would keep the database and this process busy for too long. */
const batchUs = 31 * 86_400e6
const start = 0 as Instant
/** A machine whose past does not move for so long is as it is: nothing more is expected of it. */
const stalledUs = 75e6

/**
 * Records the figures of shifts once they are over, and restates them when the past changes. What it has to do is found in
 * the database: nothing is lost when the product stops in between.
 */
export class ShiftResultRecorder {
  readonly #platform: Platform
  readonly #machines: Machines
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #looks = 0
  /** Where machines were that were behind, and since when they stand there. */
  #behind: ReadonlyMap<string, { readonly mark: string; readonly since: Instant }> = new Map()

  constructor(platform: Platform, machines: Machines) {
    this.#platform = platform
    this.#machines = machines
  }

  /** Looks at once, then again and again. */
  open(): void {
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
    this.#timer.unref()
    this.#look()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** Records all that is to be recorded now; changes that have not come to rest wait. */
  async settle(): Promise<void> {
    await this.#running
    await this.#record(true)
  }

  #look(): void {
    const isEndDue = this.#looks % looksAnEnd === 0
    this.#looks += 1
    this.#running ??= this.#record(isEndDue)
      .catch((error: unknown) => this.#platform.log.error({ error }, 'results of shifts could not be recorded'))
      .finally(() => {
        this.#running = undefined
      })
  }

  async #record(withEnds: boolean): Promise<void> {
    const { db, clock } = this.#platform
    // What is told and not yet heard could still change a shift that seems to be over.
    if (withEnds) await this.#platform.idle()
    const due = Map.groupBy(await listDue(db), (each) => each.nodeId)
    if (due.size === 0 && !withEnds) return
    const now = clock.now()
    const behind = this.#listBehind(await listProgress(db), now)
    const machines = this.#machines.list().filter(({ nodeId }) => {
      if (behind.has(nodeId)) return false
      const own = due.get(nodeId)
      if (own === undefined) return withEnds
      return isQuiet(
        own.map(({ heardAt }) => heardAt),
        now,
      )
    })
    if (machines.length === 0) return
    const judgement = await loadJudgement(db, machines)
    const nodeIds = machines.map(({ nodeId }) => nodeId)
    const reaches = new Map((await listReaches(db, nodeIds, start, now)).map((reach) => [reach.nodeId, reach.to]))
    for (const machine of machines) {
      const since = judgement.knownSince.get(machine.nodeId)
      const own = due.get(machine.nodeId) ?? []
      if (since !== undefined) {
        const over = (now - graceUs) as Instant
        const open = { from: reaches.get(machine.nodeId) ?? since, to: over }
        // A standard that changes may change all time: a machine's begins when it was first known.
        const changed = own.map(({ from, to }) => ({ from: Math.max(from, since) as Instant, to }))
        const extents = merged([open, ...changed].filter(({ from, to }) => from < to))
        for (const { from, to } of extents) {
          await this.#recordMachine(machine, judgement, own, from, Math.min(to, over) as Instant, now)
        }
      }
      await deleteDue(
        db,
        own.map(({ id }) => id),
      )
    }
  }

  /** Machines of which more was heard than is worked in, as long as somebody still works on it. */
  #listBehind(progress: readonly Progress[], now: Instant): ReadonlySet<string> {
    const isDeriving = progress.some(({ changed }) => changed !== null)
    const behind = progress.filter((each) => !isWorkedOut(each))
    const seen = new Map(
      behind.map(({ nodeId, resumeAt, heardAt }) => {
        const mark = `${resumeAt} ${heardAt}`
        const known = this.#behind.get(nodeId)
        return [nodeId, known?.mark === mark ? known : { mark, since: now }]
      }),
    )
    this.#behind = seen
    return new Set(
      behind
        .filter(({ nodeId, changed }) => {
          const since = seen.get(nodeId)?.since ?? now
          return changed !== null || isDeriving || now - since < stalledUs
        })
        .map(({ nodeId }) => nodeId),
    )
  }

  /** The shifts that are over and overlap `[from, to)`. */
  async #recordMachine(
    machine: Machine,
    judgement: Judgement,
    due: readonly Due[],
    from: Instant,
    to: Instant,
    now: Instant,
  ): Promise<void> {
    const over = now - graceUs
    for (let begin = from; begin < to; ) {
      const end = Math.min(begin + batchUs, to) as Instant
      const shifts = shiftsBetween(judgement.calendars, machine.nodePath, begin, end).filter((each) => each.to <= over)
      const results = await this.#work(machine, judgement, due, shifts, { from: begin, to: end }, now)
      if (results.length > 0) await this.#write(machine, results)
      begin = Math.max(end, shifts.at(-1)?.to ?? end) as Instant
    }
  }

  async #work(
    machine: Machine,
    judgement: Judgement,
    due: readonly Due[],
    shifts: readonly Shift[],
    window: { readonly from: Instant; readonly to: Instant },
    now: Instant,
  ): Promise<NewResult[]> {
    const { db } = this.#platform
    const { nodeId } = machine
    const extent = {
      from: Math.min(window.from, shifts[0]?.from ?? window.from) as Instant,
      to: Math.max(shifts.at(-1)?.to ?? window.from, window.from + 1) as Instant,
    }
    const newest = newestOf(await listVersions(db, [nodeId], extent.from, Math.max(extent.to, window.to) as Instant))
    const [facts] = await loadFacts(db, [machine], extent, now, judgement)
    if (facts === undefined) return []
    const cells = Map.groupBy(elementsOf(facts, extent), (cell) => cell.shift.from)
    const worked = shifts.map((shift) => ({
      shift,
      cells: (cells.get(shift.from) ?? []).map(storedCellOf),
      inputHash: () => inputHashOf(facts, shift),
    }))
    return resultsToRecord(nodeId, worked, newest, (span) => causeOf(span, due))
  }

  async #write(machine: Machine, results: readonly NewResult[]): Promise<void> {
    const restated = results.filter(({ version }) => version > 1).length
    const about = { machine: machine.path, recorded: results.length - restated, restated }
    await this.#platform.act('performance', 'performance.shift-result.record', about, async (uow) => {
      await insertResults(
        uow.trx,
        results.map((result) => ({ ...result, id: newId<'ShiftResult'>(uow.at), asOf: uow.at })),
      )
      uow.emit('performance.shift-result-recorded', { nodeIds: [machine.nodeId] })
    })
  }
}

function causeOf(span: { readonly from: Instant; readonly to: Instant }, due: readonly Due[]): string {
  const causes = due.filter(({ from, to }) => from < span.to && to > span.from).map(({ cause }) => cause)
  return causes.length === 0 ? 'worked out anew' : [...new Set(causes)].slice(0, 5).join('; ')
}

function newestOf(versions: readonly StoredResult[]): StoredResult[] {
  const newest = new Map<NodeId | Instant, StoredResult>()
  for (const result of versions) newest.set(result.from, result)
  return [...newest.values()]
}
