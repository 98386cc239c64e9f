import type { Gate, Order } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { lookAtGates } from '../gate/load.ts'
import { candidatesOf } from '../places.ts'
import { isOpen } from '../run/routing.ts'
import type { StoredRun } from '../run/store.ts'
import { listRunsOf } from '../run/store.ts'
import { operationAt } from '../work-definition/rules.ts'
import { getDefinition } from '../work-definition/store.ts'

/** More is not looked at at once: what comes after these waits for them. */
const most = 50

/** Every gate of the operations that an order goes on with, for the caller and now. */
export async function readiness(
  uow: UnitOfWork,
  options: ExecutionOptions,
  order: Order,
): Promise<{ runId: StoredRun['id']; sequence: number; name: string; gates: Gate[] }[]> {
  if (order.workDefinitionId === null) return []
  const definition = await getDefinition(uow.trx, order.workDefinitionId)
  const open = (await listRunsOf(uow.trx, order.id)).filter(({ state }) => isOpen(state))
  const next = open.filter(({ state }) => state !== 'waiting').slice(0, most)
  const answers = []
  for (const run of next) {
    const operation = operationAt(definition, run.sequence)
    const tools = run.state === 'ready' ? null : run.tools
    const asked = { run, order, definition, operation, nodeId: placeOf(options, run), tools, at: uow.at }
    const gates = await lookAtGates(uow, options, asked)
    answers.push({ runId: run.id, sequence: run.sequence, name: run.name, gates })
  }
  return answers
}

/** Where it is or will be done, if only one place comes into question. */
export function placeOf({ directory }: Pick<ExecutionOptions, 'directory'>, run: StoredRun): StoredRun['nodeId'] {
  const candidates = candidatesOf(directory, run)
  return run.nodeId ?? (candidates.length === 1 ? (candidates[0]?.id ?? null) : null)
}
