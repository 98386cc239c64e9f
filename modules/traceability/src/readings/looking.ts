import type { TagDirectory } from '@throughline/equipment'
import { findRun } from '@throughline/execution'
import type { Id, Instant } from '@throughline/kernel'
import { messageOf } from '@throughline/kernel'
import type { DomainEvents } from '@throughline/model'
import { listLastSamples } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { reader } from './read.ts'
import { compareReadings, putSeals, watchedOf } from './seal.ts'
import type { Look } from './store.ts'
import { insertLook, listDue, lookAgain, postponeLook, putLook, takeLook } from './store.ts'

type RunId = Id<'OperationRun'>

const seconds = (count: number): number => count * 1e6
const after = (at: Instant, us: number): Instant => (at + us) as Instant

/** Readings of the end of an operation are on their way when it is completed. */
const graceUs = seconds(10)
/** So long is waited for the first reading after its end, which shows that all before it came. */
const patienceUs = seconds(300)
/** The cause by which the states of a machine are told to have changed through readings that came late. */
const lateData = 'late data'
/** When what was sealed is looked at again for what came late, from its completion. */
const againUs = [60, 600, 3600, 6 * 3600, 86_400, 3 * 86_400, 7 * 86_400].map(seconds)

/** Has the readings of an operation sealed, once it is completed. */
export async function noteCompleted(uow: UnitOfWork, directory: TagDirectory, runId: RunId): Promise<void> {
  const run = await findRun(uow.trx, runId)
  if (run === undefined || run.completedAt === null || run.nodeId === null) return
  if ((await watchedOf({ db: uow.trx }, directory, run)).length === 0) return
  await insertLook(uow.trx, runId, uow.at, after(uow.at, graceUs))
}

export const noteCorrected = (uow: UnitOfWork, { tagId, at }: DomainEvents['historian.sample-corrected']) =>
  lookAgain(uow.trx, [tagId], { from: at, to: at }, after(uow.at, graceUs))

/** Readings that nobody could name were given to a tag: of which time, nobody says. */
export async function noteMapped(uow: UnitOfWork, { tagId, moved }: DomainEvents['historian.source-mapped']) {
  if (moved > 0) await lookAgain(uow.trx, [tagId], { from: 0 as Instant, to: uow.at }, after(uow.at, graceUs))
}

/** Readings of a machine came so late that its past changed: an agent that was cut off delivers all of them together. */
export async function noteLate(
  uow: UnitOfWork,
  directory: TagDirectory,
  { nodeId, from, to, cause }: DomainEvents['performance.past-changed'],
) {
  if (cause !== lateData) return
  const tagIds = directory.list().flatMap((tag) => (tag.nodeId === nodeId ? [tag.id] : []))
  await lookAgain(uow.trx, tagIds, { from, to }, after(uow.at, graceUs))
}

const atOnce = 50
/** A look that did not come to its end is done again after that. */
const takenUs = seconds(600)

/** Looks at the readings of every operation whose time has come. */
export async function lookAtReadings(platform: Platform, directory: TagDirectory): Promise<void> {
  for (const due of await listDue(platform.db, platform.clock.now(), atOnce)) {
    const now = platform.clock.now()
    const taken = after(now, takenUs)
    if (!(await takeLook(platform.db, due.runId, now, taken))) continue
    try {
      await look(platform, directory, due, taken)
    } catch (error) {
      platform.log.warn({ error: messageOf(error), run: due.runId }, 'readings could not be sealed, and will be later')
      await postponeLook(platform.db, due.runId, taken, after(platform.clock.now(), seconds(60)))
    }
  }
}

async function look(
  platform: Platform,
  directory: TagDirectory,
  { runId, since, looks }: Look,
  taken: Instant,
): Promise<void> {
  const now = platform.clock.now()
  if (looks === 0 && now - since < patienceUs && !(await hasPassed(platform, directory, runId))) {
    await postponeLook(platform.db, runId, taken, after(now, graceUs))
    return
  }
  const compared = await compareReadings(platform, directory, runId, 'completed')
  if (compared.fresh.length > 0) {
    const told = compared.fresh.map(({ seal: { name, version, cause } }) => ({ name, version, cause }))
    await platform.act('traceability.readings', 'traceability.readings.seal', { runId, readings: told }, (uow) =>
      putSeals(uow, compared),
    )
  }
  const next = againUs.find((us) => after(since, us) > now)
  const dueAt = next === undefined ? null : after(since, next)
  await putLook(platform.db, taken, { runId, looks: looks + 1, dueAt, finding: compared.finding })
}

/** Whether its equipment told something after the end: what it told before has come then. */
async function hasPassed(platform: Platform, directory: TagDirectory, runId: RunId): Promise<boolean> {
  const run = await findRun(platform.db, runId)
  const end = run?.completedAt ?? null
  if (run === undefined || end === null) return true
  const tagIds = directory.list().flatMap((tag) => (tag.nodeId === run.nodeId ? [tag.id] : []))
  if (tagIds.length === 0) return true
  const last = await platform.run(listLastSamples, reader, { tagIds })
  return last.some(({ at }) => at >= end)
}
