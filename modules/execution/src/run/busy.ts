import { getCleaning, setCleaning } from '@throughline/equipment'
import type { Busy } from '@throughline/historian'
import { beginContexts, endContexts } from '@throughline/historian'
import type { Instant } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import type { RunCase } from './held.ts'
import type { StoredRun } from './store.ts'
import { listRunningAt } from './store.ts'

/** What equipment is busy with while a run is in hand there: process data is found by order, piece, person and phase. */
const busyWith = ({ orderCode, subjectCodes, sequence, name }: StoredRun, people: readonly string[]): Busy[] => [
  { kind: 'order', label: orderCode },
  { kind: 'phase', label: `${sequence} ${name}` },
  ...subjectCodes.map((label): Busy => ({ kind: 'lot', label })),
  ...people.map((label): Busy => ({ kind: 'person', label })),
]

const peopleOn = ({ labour }: StoredRun): string[] => labour.filter(({ to }) => to === null).map(({ name }) => name)

/** The run begins or goes on at its equipment. */
export async function beginWork(uow: UnitOfWork, { run, operation }: RunCase, at: Instant): Promise<void> {
  const { nodeId } = run
  if (nodeId === null) return
  await beginContexts(uow, nodeId, busyWith(run, [...peopleOn(run), uow.actor.name]), at)
  if (!operation.needsCleaning) return
  const { since, status, lastUse } = await getCleaning(uow, nodeId)
  if (status === 'in-use' && lastUse === run.orderCode) return
  await setCleaning(uow, nodeId, 'in-use', laterOf(at, since), run.orderCode)
}

/**
 * The run leaves its equipment for now or for good; what another run there is busy with as well goes on.
 *
 * @param run as it was while it was in hand
 */
export async function leaveEquipment(
  uow: UnitOfWork,
  { run, operation }: RunCase,
  at: Instant,
  isOver: boolean,
): Promise<void> {
  const { nodeId } = run
  if (nodeId === null) return
  const beside = (await listRunningAt(uow.trx, nodeId)).filter(({ id }) => id !== run.id)
  const others = new Set(beside.flatMap((each) => busyWith(each, peopleOn(each)).map(keyOf)))
  const ended = busyWith(run, peopleOn(run)).filter((each) => !others.has(keyOf(each)))
  await endContexts(uow, nodeId, ended, at)
  if (!operation.needsCleaning || !isOver || beside.some(({ orderCode }) => orderCode === run.orderCode)) return
  const { since } = await getCleaning(uow, nodeId)
  await setCleaning(uow, nodeId, 'dirty', laterOf(at, since), run.orderCode)
}

/** Somebody joins or leaves what is in hand. */
export async function putPerson(uow: UnitOfWork, run: StoredRun, at: Instant, isThere: boolean): Promise<void> {
  if (run.nodeId === null) return
  const person: Busy[] = [{ kind: 'person', label: uow.actor.name }]
  if (isThere) return beginContexts(uow, run.nodeId, person, at)
  const beside = (await listRunningAt(uow.trx, run.nodeId)).filter(({ id }) => id !== run.id)
  if (beside.some((each) => peopleOn(each).includes(uow.actor.name))) return
  await endContexts(uow, run.nodeId, person, at)
}

const keyOf = ({ kind, label }: Busy): string => `${kind} ${label}`
const laterOf = (at: Instant, since: Instant | null): Instant => (since !== null && since > at ? since : at)
