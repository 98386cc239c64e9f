import type { Instant } from '@throughline/kernel'
import { compare, DomainError, zero } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import { holdText, openHolds } from '../order/rules.ts'
import { listPieces } from '../order/store.ts'
import { leaveEquipment } from './busy.ts'
import type { RunCase } from './held.ts'
import { reworkRuns } from './routing.ts'
import { assertNothingOutstanding, goodOf, nameOf } from './rules.ts'
import { newRuns, settle } from './settle.ts'
import { endLabour, insertRuns, listReports, listRunsWith, updateRun } from './store.ts'

/** Completes a run: its good pieces go on, those to be done again go back, and what follows is ready. */
export async function complete(
  uow: UnitOfWork,
  held: RunCase,
  outstanding: readonly string[],
  at: Instant,
): Promise<void> {
  const { run, order } = held
  assertNotHeld(held)
  // Of a run that was broken off, nobody does the steps on pieces that are no longer there.
  if (compare(goodOf(run), zero) > 0) assertNothingOutstanding(run, outstanding)
  await leaveEquipment(uow, held, at, true)
  await endLabour(uow.trx, run.id, null, at)
  await updateRun(uow.trx, { ...run, state: 'completed', good: goodOf(run), heldBy: null, completedAt: at, lastAt: at })
  if (compare(run.rework, zero) > 0) await sendBack(uow, held, at)
  await settle(uow, order, run.subjects, at)
}

async function sendBack(uow: UnitOfWork, { run, order, definition, operation }: RunCase, at: Instant): Promise<void> {
  const reports = (await listReports(uow.trx, run.id)).filter(({ kind }) => kind === 'rework')
  const ids = new Set(reports.flatMap(({ lotId }) => lotId ?? []))
  const pieces = (await listPieces(uow.trx, order.id)).filter(({ id, state }) => ids.has(id) && state !== 'scrapped')
  const been = await listRunsWith(uow.trx, order.id, run.subjects)
  const reworkTo = operation.reworkTo ?? run.sequence
  const planned = reworkRuns(definition.operations, been, { sequence: run.sequence, reworkTo, pieces })
  await insertRuns(uow.trx, newRuns(order, planned, at, run.id))
}

/** Nothing of a held order goes on: neither does it to the next operation. */
function assertNotHeld({ run, order }: RunCase): void {
  const holds = openHolds(order.holds)
  if (holds.length === 0) return
  throw new DomainError(
    'conflict',
    'execution.order-held',
    `${nameOf(run)} cannot be completed: ${order.code} is ${holds.map(holdText).join('; ')}`,
    { holds: holds.map(({ id }) => id) },
  )
}
