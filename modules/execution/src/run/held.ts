import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Order, RoutingOperation, WorkDefinition } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { assertVersion } from '../order/rules.ts'
import { findOrder, lockOrders } from '../order/store.ts'
import { operationAt } from '../work-definition/rules.ts'
import { getDefinition } from '../work-definition/store.ts'
import { nameOf } from './rules.ts'
import type { StoredRun } from './store.ts'
import { getStoredRun } from './store.ts'

/** A run with all that belongs to it. */
export interface RunCase {
  readonly run: StoredRun
  readonly order: Order
  readonly definition: WorkDefinition
  readonly operation: RoutingOperation
}

/**
 * A run with its order, which nobody else changes until the transaction ends.
 * @throws DomainError `not-found`, or `conflict` when it is not as it was read
 */
export async function holdRun(uow: UnitOfWork, runId: Id<'OperationRun'>, version?: number): Promise<RunCase> {
  const { orderId } = await getStoredRun(uow.trx, runId)
  await lockOrders(uow.trx, [orderId])
  const held = await runCase(uow, runId)
  if (version !== undefined) assertVersion(nameOf(held.run), held.run.version, version)
  return held
}

/** A run with its order, to be looked at. @throws DomainError `not-found` */
export async function runCase(uow: UnitOfWork, runId: Id<'OperationRun'>): Promise<RunCase> {
  const run = await getStoredRun(uow.trx, runId)
  const order = await findOrder(uow.trx, run.orderId)
  if (order === undefined) {
    throw new DomainError('defect', 'execution.run-without-order', `Operation ${runId} belongs to no order`)
  }
  const definition = await getDefinition(uow.trx, run.workDefinitionId)
  return { run, order, definition, operation: operationAt(definition, run.sequence) }
}
