import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import type { NamedRun, RunFinder } from '../quality.ts'

/** What a document says of the work that it measured for; null = nothing. */
export interface NamedWork {
  /** Id of the run. */
  readonly run: string | null
  readonly order: string | null
  /** Sequence of the operation. */
  readonly operation: string | null
}

/**
 * The run that is named, if it holds the piece. Order and operation name one only where the piece went through that
 * operation once: nothing is guessed from times.
 */
export async function namedRun(
  db: Kysely<Tables>,
  runs: RunFinder,
  { run, order, operation }: NamedWork,
  lotId: Id<'Lot'> | null,
): Promise<NamedRun | undefined> {
  if (run !== null) {
    const found = isUuid.test(run) ? await runs.byId(db, run as Id<'OperationRun'>) : undefined
    return found !== undefined && holds(found, lotId) ? found : undefined
  }
  if (lotId === null || order === null || operation === null) return undefined
  const own = (await runs.ofLots(db, [lotId])).filter(
    (each) => each.orderCode.toLowerCase() === order.toLowerCase() && String(each.sequence) === operation.trim(),
  )
  return own.length === 1 ? own[0] : undefined
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What names no piece of ours may be of the operation as a whole. */
const holds = ({ subjects }: NamedRun, lotId: Id<'Lot'> | null): boolean => lotId === null || subjects.includes(lotId)

/** @throws DomainError `not-found` or `invalid` for a run that is not there, is another order's or does not hold the piece */
export function assertNamed(
  run: NamedRun | undefined,
  { runId, piece, orderId }: { readonly runId: string; readonly piece: string; readonly orderId: string | null },
  lotId: Id<'Lot'> | null,
): void {
  if (run === undefined) {
    throw new DomainError('not-found', 'quality.run-unknown', `There is no operation ${runId} of an order`, { runId })
  }
  const words = `Operation ${run.sequence} of ${run.orderCode}`
  if (orderId !== null && run.orderId !== orderId) {
    throw new DomainError('invalid', 'quality.run-of-other-order', `${words} is not of the order that is named with it`)
  }
  if (holds(run, lotId)) return
  throw new DomainError('invalid', 'quality.run-without-piece', `${words} does not hold ${piece}: name its own`)
}
