import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { CountEntry } from '@throughline/model'
import { correctCount, listCounts, recordCount } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { listCountSteps } from '../counter/store.ts'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin, nameOf, pathTo } from '../reason/place.ts'
import { assertChoosable } from '../reason/rules.ts'
import { getReason, listReasons } from '../reason/store.ts'
import type { Run } from '../run/store.ts'
import { listRuns } from '../run/store.ts'
import type { Machines } from '../state-rule/machines.ts'
import {
  assertCounts,
  assertCovers,
  assertMadeWhenKnown,
  assertProduced,
  assertReasonFits,
  orderOf,
  remainingOf,
} from './rules.ts'
import {
  findFirstState,
  getEntry,
  insertEntry,
  listAllEntries,
  listCountMachines,
  listEntries,
  lockCounts,
  replaceEntry,
} from './store.ts'

type NodeId = Id<'EquipmentNode'>

const forEver = Number.MAX_SAFE_INTEGER as Instant

export function registerCountEntry(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(recordCount, async (uow, { nodeId, kind, quantity, reasonId, madeAt, comment, order: said }) => {
    const { name } = machines.get(nodeId)
    await assertReason(uow, nodes, nodeId, kind, reasonId)
    assertMadeWhenKnown(name, madeAt, await findFirstState(uow.trx, nodeId), uow.at)
    const run = await runAt(uow, nodeId, madeAt)
    const order = orderOf(name, madeAt, run, said)
    await lockCounts(uow.trx, nodeId)
    if (run !== undefined) {
      assertProduced(name, kind, quantity, remainingOf(await stepsOf(uow, run), await entriesOf(uow, run)))
    }
    const entry: CountEntry = {
      id: newId<'CountEntry'>(uow.at),
      nodeId,
      kind,
      quantity,
      reasonId,
      madeAt,
      order,
      product: run?.product ?? null,
      comment,
      recordedAt: uow.at,
      recordedBy: uow.actor.name,
      corrects: null,
      replacedAt: null,
      replacedBy: null,
      replacedWhy: null,
    }
    await insertEntry(uow.trx, entry)
    tell(uow, entry, `${quantity} ${kind} recorded`)
    return entry
  })

  platform.handle(correctCount, async (uow, { entryId, quantity, reasonId, why }) => {
    const { nodeId } = await getEntry(uow.trx, entryId)
    await uow.assertWithin(nodeId)
    await lockCounts(uow.trx, nodeId)
    const old = await getEntry(uow.trx, entryId)
    assertCounts(old, old.replacedBy)
    if (quantity > 0 && reasonId !== old.reasonId) await assertReason(uow, nodes, nodeId, old.kind, reasonId)
    await assertStillCovered(uow, nameOf(nodes, nodeId), old, quantity)
    await replaceEntry(uow.trx, old.id, { at: uow.at, by: uow.actor.name, why })
    if (quantity === 0) {
      tell(uow, old, `${old.quantity} ${old.kind} taken back: ${why}`)
      return null
    }
    const entry: CountEntry = {
      ...old,
      id: newId<'CountEntry'>(uow.at),
      quantity,
      reasonId,
      comment: why,
      recordedAt: uow.at,
      recordedBy: uow.actor.name,
      corrects: old.id,
    }
    await insertEntry(uow.trx, entry)
    tell(uow, entry, `${old.quantity} ${old.kind} corrected to ${quantity}: ${why}`)
    return entry
  })

  platform.handle(listCounts, async (uow, { nodeId, window: { from, to }, includeReplaced }) => {
    const known = await listCountMachines(uow.trx)
    const within = known.filter((each) => isWithin(nodes, each, [nodeId]))
    const entries = await listAllEntries(uow.trx, within, from, to)
    return includeReplaced ? entries : entries.filter((entry) => entry.replacedAt === null)
  })
}

async function assertReason(
  uow: UnitOfWork,
  nodes: NodeFinder,
  nodeId: NodeId,
  kind: CountEntry['kind'],
  reasonId: Id<'Reason'> | null,
): Promise<void> {
  assertReasonFits(kind, reasonId)
  if (reasonId === null) return
  const reason = await getReason(uow.trx, reasonId)
  assertChoosable(reason, 'scrap', pathTo(nodes, nodeId), await listReasons(uow.trx))
}

/** What is corrected must fit to what was made then, as if the old count had never been said. */
async function assertStillCovered(uow: UnitOfWork, machine: string, old: CountEntry, quantity: number): Promise<void> {
  const run = await runAt(uow, old.nodeId, old.madeAt)
  if (run === undefined) return
  const steps = await stepsOf(uow, run)
  const others = (await entriesOf(uow, run)).filter((entry) => entry.id !== old.id)
  assertProduced(machine, old.kind, quantity, remainingOf(steps, others))
  const turned = others.filter((entry) => entry.kind !== 'produced').reduce((sum, entry) => sum + entry.quantity, 0)
  const corrected = quantity === 0 ? others : [...others, { ...old, quantity }]
  assertCovers(machine, old.kind, remainingOf(steps, corrected), turned)
}

async function runAt(uow: UnitOfWork, nodeId: NodeId, at: Instant): Promise<Run | undefined> {
  const [run] = await listRuns(uow.trx, [nodeId], at, at + 1)
  return run
}

const stepsOf = (uow: UnitOfWork, run: Run) => listCountSteps(uow.trx, [run.nodeId], run.from, run.to ?? forEver)

const entriesOf = (uow: UnitOfWork, run: Run) => listEntries(uow.trx, [run.nodeId], run.from, run.to ?? forEver)

function tell(uow: UnitOfWork, { nodeId, madeAt }: CountEntry, what: string): void {
  const to = (madeAt + 1) as Instant
  uow.emit('performance.past-changed', { nodeId, from: madeAt, to, cause: `${what} (${uow.actor.name})` })
}
