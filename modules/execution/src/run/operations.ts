import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AskedMaterial, OperationRun, StepEntry } from '@throughline/model'
import {
  completeRun,
  getRun,
  joinRun,
  listDispatch,
  listOrderRuns,
  pauseRun,
  reportRun,
  resumeRun,
  skipRun,
  startRun,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { z } from 'zod'
import type { ExecutionOptions } from '../execution.ts'
import { codeOf, passGates } from '../gate/load.ts'
import { getVisibleOrder } from '../order/find.ts'
import { listPieces, listPiecesById, updateOrder } from '../order/store.ts'
import type { Plant } from '../places.ts'
import { assertCandidate, candidatesOf, isWithin, siteOf } from '../places.ts'
import { beginWork, leaveEquipment, putPerson } from './busy.ts'
import { complete } from './complete.ts'
import type { RunCase } from './held.ts'
import { holdRun, runCase } from './held.ts'
import { piecesOf } from './pieces.ts'
import { report } from './report.ts'
import { isOpen, quantityOf, runsBefore } from './routing.ts'
import { assertRunOpen, assertRunState, assertSomebodyStays, chosenOf, momentOf, nameOf } from './rules.ts'
import { settle, tellOrder } from './settle.ts'
import type { StoredRun } from './store.ts'
import {
  endLabour,
  findScrappingRuns,
  getStoredRun,
  insertLabour,
  insertRuns,
  listDispatchRuns,
  listOpenRuns,
  listReports,
  listRunsBeforeSplit,
  listRunsOf,
  listRunsWith,
  updateRun,
} from './store.ts'

/** What the record of the steps says of a run. */
export interface StepRecord {
  /** Steps that must be done before the run can be completed and are not, in words. */
  outstanding(uow: UnitOfWork, runCase: RunCase): Promise<readonly string[]>
  /** Every entry of a run, the replaced ones too, oldest first. */
  entriesOf(uow: UnitOfWork, runId: Id<'OperationRun'>): Promise<StepEntry[]>
  /** What goes in by each step that scans material. */
  askedOf(uow: UnitOfWork, runCase: RunCase): Promise<AskedMaterial[]>
}

type RunDetail = z.output<typeof getRun.output>

export function registerRun(platform: Platform, options: ExecutionOptions, steps: StepRecord): void {
  const { directory } = options
  const shown = (run: StoredRun): OperationRun => shownOn(directory)(run)

  platform.handle(listDispatch, async (uow, { nodeId, state, limit }) => {
    const below = [...directory.nodes()].filter((node) => isWithin(directory, node.id, [nodeId]))
    // Work that is planned for a place above is done here too.
    const above = siteAndBelow(nodeId)
    const places = [...below, ...above]
    const sites = places.flatMap(({ id }) => siteOf(directory, id)?.id ?? [])
    const rows = await listDispatchRuns(uow.trx, {
      states: state ?? ['ready', 'running', 'paused'],
      nodes: below.map(({ id }) => id),
      paths: places.map(({ path }) => path.toLowerCase()),
      classes: [...new Set(places.flatMap(({ id }) => directory.classOf(id)?.toLowerCase() ?? []))],
      sites: [...new Set(sites)],
      limit,
    })
    const shownHere = shownOn(directory)
    return rows.map((row) => ({ ...shownHere(row), priority: row.priority, dueAt: row.dueAt, held: row.held }))
  })

  platform.handle(listOrderRuns, async (uow, { orderId }) => {
    const order = await getVisibleOrder(uow, directory, { orderId })
    const before = order.splitFrom === null ? [] : await listRunsBeforeSplit(uow.trx, orderId, order.subjects)
    const runs = [...before, ...(await listRunsOf(uow.trx, orderId))]
    return runs.sort((a, b) => a.sequence - b.sequence || a.attempt - b.attempt).map(shownOn(directory))
  })

  platform.handle(getRun, async (uow, { runId }) => {
    const found = await runCase(uow, runId)
    const { run } = found
    await getVisibleOrder(uow, directory, { orderId: run.orderId })
    return {
      run: shown(run),
      entries: await steps.entriesOf(uow, runId),
      pieces: piecesOf({
        run,
        pieces: await listPiecesById(uow.trx, run.subjects),
        reports: await listReports(uow.trx, runId),
        scrappedBy: await findScrappingRuns(uow.trx, run.subjects),
        runs: isOpen(run.state) ? await listRunsWith(uow.trx, run.orderId, run.subjects) : [],
      }),
      asked: isOpen(run.state) ? await steps.askedOf(uow, found) : [],
      reworkTo: wayBackOf(found),
      sentBack: await listSentBack(uow, run),
    }
  })

  platform.handle(startRun, async (uow, { runId, nodeId, subjects, tools, at: told }) => {
    const held = await holdRun(uow, runId)
    const { run, order } = held
    assertRunState(run, ['ready', 'waiting'], 'started')
    const at = momentOf(told, uow.at, run)
    assertCandidate(directory, run, nodeId, nameOf(run))
    const chosen = chosenOf(run, subjects)
    await passGates(uow, options, { ...held, nodeId, subjects: chosen, tools, at }, 'start')
    const begun = await updateRun(uow.trx, {
      ...(await takeOut(uow, held, chosen, at)),
      state: 'running',
      nodeId,
      heldBy: { id: uow.actor.id, name: uow.actor.name },
      startedAt: at,
      lastAt: at,
      tools: [...new Set(tools.map(codeOf))],
    })
    await insertLabour(uow.trx, runId, uow.actor, at)
    await beginWork(uow, { ...held, run: begun }, at)
    if (order.state === 'released')
      tellOrder(uow, await updateOrder(uow.trx, { ...order, state: 'running', startedAt: at }))
    return tellRun(uow, runId, at)
  })

  platform.handle(pauseRun, async (uow, { runId, version, reason, at: told }) => {
    const held = await holdInHand(uow, runId, version)
    const { run } = held
    assertRunState(run, ['running'], 'paused')
    const at = momentOf(told, uow.at, run)
    await leaveEquipment(uow, held, at, false)
    await endLabour(uow.trx, runId, null, at)
    await updateRun(uow.trx, { ...run, state: 'paused', heldBy: null, pauseReason: reason, lastAt: at })
    return tellRun(uow, runId, at)
  })

  platform.handle(resumeRun, async (uow, { runId, version, note, at: told }) => {
    const held = await holdInHand(uow, runId, version)
    const { run } = held
    assertRunState(run, ['paused'], 'gone on with')
    const at = momentOf(told, uow.at, run)
    await passGates(uow, options, { ...held, nodeId: run.nodeId, tools: run.tools, at }, 'resume')
    const inHand = { id: uow.actor.id, name: uow.actor.name }
    const next = await updateRun(uow.trx, { ...run, state: 'running', heldBy: inHand, pauseReason: note, lastAt: at })
    await insertLabour(uow.trx, runId, uow.actor, at)
    await beginWork(uow, { ...held, run: next }, at)
    return tellRun(uow, runId, at)
  })

  platform.handle(joinRun, async (uow, { runId, join, at: told }) => {
    const { run } = await holdInHand(uow, runId)
    assertRunState(run, ['running'], join ? 'joined' : 'left')
    const at = momentOf(told, uow.at, run)
    const others = run.labour.filter(({ to, personId }) => to === null && personId !== uow.actor.id)
    if (join) {
      await insertLabour(uow.trx, runId, uow.actor, at)
    } else {
      const [next] = others
      assertSomebodyStays(run, next !== undefined)
      await endLabour(uow.trx, runId, uow.actor.id, at)
      if (next !== undefined && run.heldBy?.id === uow.actor.id) {
        await updateRun(uow.trx, { ...run, heldBy: { id: next.personId, name: next.name }, lastAt: at })
      }
    }
    await putPerson(uow, run, at, join)
    return tellRun(uow, runId, at)
  })

  platform.handle(reportRun, async (uow, { runId, version, at: told, ...given }) => {
    const held = await holdInHand(uow, runId, version)
    assertRunOpen(held.run)
    const at = momentOf(told, uow.at, held.run)
    await report(uow, held, given, at)
    return tellRun(uow, runId, at)
  })

  platform.handle(completeRun, async (uow, { runId, version, at: told }) => {
    const held = await holdInHand(uow, runId, version)
    assertRunState(held.run, ['running'], 'completed')
    const at = momentOf(told, uow.at, held.run)
    await complete(uow, held, await steps.outstanding(uow, held), at)
    return tellRun(uow, runId, at)
  })

  platform.handle(skipRun, async (uow, { runId, version, reason }) => {
    await uow.assertWithin((await getStoredRun(uow.trx, runId)).siteId)
    const { run, order } = await holdRun(uow, runId, version)
    assertRunState(run, ['waiting', 'ready'], 'skipped')
    await updateRun(uow.trx, { ...run, state: 'skipped', pauseReason: reason, lastAt: uow.at })
    await settle(uow, order, run.subjects, uow.at)
    return tellRun(uow, runId, uow.at)
  })

  /** A run that was begun, by somebody who may work where it is. */
  async function holdInHand(uow: UnitOfWork, runId: Id<'OperationRun'>, version?: number): Promise<RunCase> {
    const { nodeId, siteId } = (await runCase(uow, runId)).run
    await uow.assertWithin(nodeId ?? siteId)
    return holdRun(uow, runId, version)
  }

  async function tellRun(uow: UnitOfWork, runId: Id<'OperationRun'>, at: Instant): Promise<OperationRun> {
    const run = await getStoredRun(uow.trx, runId)
    uow.emit('execution.run-changed', { runId, orderId: run.orderId, state: run.state, nodeId: run.nodeId, at })
    return shown(run)
  }

  const siteAndBelow = (nodeId: Id<'EquipmentNode'>) => {
    const node = directory.node(nodeId)
    return node?.parentId == null ? [] : upTo(node.parentId)
  }
  const upTo = (nodeId: Id<'EquipmentNode'>) =>
    [...directory.nodes()].filter(({ id }) => isWithin(directory, nodeId, [id]))
}

/** Where pieces go back to from a run, as its definition says. */
function wayBackOf({ operation: { reworkTo }, definition }: RunCase): RunDetail['reworkTo'] {
  const target = definition.operations.find(({ sequence }) => sequence === reworkTo)
  return target === undefined ? null : { sequence: target.sequence, name: target.name }
}

async function listSentBack(uow: UnitOfWork, { reworkOf, subjects }: StoredRun): Promise<RunDetail['sentBack']> {
  if (reworkOf === null) return []
  const { sequence, name } = await getStoredRun(uow.trx, reworkOf)
  return (await listReports(uow.trx, reworkOf)).flatMap(({ kind, lotId, reason }) =>
    kind === 'rework' && lotId !== null && subjects.includes(lotId) ? [{ lotId, reason, by: { sequence, name } }] : [],
  )
}

/** The run with the chosen pieces alone; the others stay behind as a run of their own. */
async function takeOut(uow: UnitOfWork, held: RunCase, chosen: readonly Id<'Lot'>[], at: Instant): Promise<StoredRun> {
  const { run, order } = held
  const left = run.subjects.filter((each) => !chosen.includes(each))
  if (left.length === 0) return run
  const pieces = await listPieces(uow.trx, order.id)
  const of = (ids: readonly Id<'Lot'>[]) => pieces.filter(({ id }) => ids.includes(id))
  const isReady = runsBefore(await listOpenRuns(uow.trx, order.id), run, left).length === 0
  const { id: _, ...like } = run
  await insertRuns(uow.trx, [
    {
      ...like,
      id: newId<'OperationRun'>(uow.at),
      state: isReady ? 'ready' : 'waiting',
      subjects: left,
      quantity: quantityOf(of(left)),
      lastAt: at,
    },
  ])
  const codes = run.subjectCodes.filter((_code, index) => chosen.includes(run.subjects[index] as Id<'Lot'>))
  return { ...run, subjects: [...chosen], subjectCodes: codes, quantity: quantityOf(of(chosen)) }
}

/** Runs as others see them; where each kind of work may be done is looked up once. */
function shownOn(plant: Plant): (run: StoredRun) => OperationRun {
  const known = new Map<string, OperationRun['candidates']>()
  return (run) => {
    const { siteId, workDefinitionId: _w, atPath, atClass, reworkOf: _r, lastAt: _l, ...rest } = run
    const place = `${siteId} ${atPath ?? ''} ${atClass ?? ''}`
    const candidates = known.get(place) ?? candidatesOf(plant, { siteId, atPath, atClass }).map(({ id }) => id)
    known.set(place, candidates)
    return { ...rest, candidates }
  }
}
