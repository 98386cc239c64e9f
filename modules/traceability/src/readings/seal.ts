import type { TagDirectory } from '@throughline/equipment'
import type { StoredRun } from '@throughline/execution'
import { findRun, findWorkDefinition } from '@throughline/execution'
import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { windowOf } from '../as-built/readings.ts'
import type { WatchedTag } from './read.ts'
import { readRaw, watchedTags } from './read.ts'
import { figuresOf, missingMarks, sealOf } from './rules.ts'
import type { ReadingSeal } from './store.ts'
import { insertSeal, listMarks, listSeals } from './store.ts'

type RunId = Id<'OperationRun'>

/** What is to be sealed of an operation, and what of what was sealed is not as it was. */
export interface Compared {
  readonly fresh: readonly { readonly seal: Omit<ReadingSeal, 'id' | 'sealedAt'>; readonly marks: Buffer }[]
  /** In words; empty = all that was sealed is there, as it was. */
  readonly finding: string
}

const nothing: Compared = { fresh: [], finding: '' }

/** The run, its window and the tags that tell what it was like; undefined = it is not completed, or nothing tells. */
async function subjectOf(platform: Pick<Platform, 'db'>, directory: TagDirectory, runId: RunId) {
  const run = await findRun(platform.db, runId)
  const window = run === undefined || run.completedAt === null ? null : windowOf({ run }, run.completedAt)
  if (run === undefined || window === null) return undefined
  const watched = await watchedOf(platform, directory, run)
  return watched.length === 0 ? undefined : { run, window, watched }
}

/** The tags that tell what an operation was like. */
export async function watchedOf(
  { db }: Pick<Platform, 'db'>,
  directory: TagDirectory,
  run: StoredRun,
): Promise<WatchedTag[]> {
  const definition = await findWorkDefinition(db, run.workDefinitionId)
  const operation = definition?.operations.find(({ sequence }) => sequence === run.sequence)
  return watchedTags(directory, run, operation)
}

/**
 * Holds the readings of a completed operation against what was sealed of them. What came since makes a next version; of what
 * was altered or is gone no version is made, so that what was sealed stays what counts.
 */
export async function compareReadings(
  platform: Platform,
  directory: TagDirectory,
  runId: RunId,
  first: 'completed' | 'asked',
): Promise<Compared> {
  const subject = await subjectOf(platform, directory, runId)
  if (subject === undefined) return nothing
  const { run, window, watched } = subject
  const seals = await listSeals(platform.db, [runId])
  const fresh: Compared['fresh'][number][] = []
  const findings: string[] = []
  for (const { tag, about, name, unit } of watched) {
    const last = seals.findLast((seal) => seal.tagId === tag.id)
    const raw = await readRaw(platform, tag.id, window)
    const { sha256, marks, marksSha256 } = sealOf(raw.lines)
    const corrected = JSON.stringify(raw.corrections)
    if (last !== undefined && sha256 !== last.sha256) {
      const known = (await listMarks(platform.db, [last.id])).get(last.id)
      const missing = known === undefined ? last.samples : missingMarks(known, marks)
      if (missing > 0) {
        findings.push(`${missing} of ${last.samples} sealed readings of ${name} are gone, or are not what was sealed`)
        continue
      }
    } else if (last !== undefined && correctionsOf(last) === corrected) continue
    const cause: ReadingSeal['cause'] = last === undefined ? first : sha256 === last.sha256 ? 'corrected' : 'late'
    const seal = {
      ...{ runId, tagId: tag.id, version: (last?.version ?? 0) + 1, cause, about, name, tag: tag.path, unit },
      ...{ dataType: tag.dataType, ...window, samples: raw.lines.length, sha256, marksSha256 },
      ...{ firstAt: raw.readings[0]?.at ?? null, lastAt: raw.readings.at(-1)?.at ?? null },
      ...{ corrections: raw.corrections, ...figuresOf(raw, tag.dataType, window) },
    } as const
    fresh.push({ seal, marks })
  }
  const of = `${run.orderCode} operation ${run.sequence} ${run.name}`
  return { fresh, finding: findings.map((each) => `${of}: ${each}`).join('; ') }
}

const correctionsOf = ({ corrections }: ReadingSeal): string =>
  JSON.stringify(corrections.map(({ at, value, status }) => ({ at, value, status })))

/** Puts what is to be sealed into the records. */
export async function putSeals(uow: UnitOfWork, { fresh }: Compared): Promise<void> {
  for (const { seal, marks } of fresh) {
    const id = newId<'ReadingSeal'>(uow.at)
    await insertSeal(uow.trx, { ...seal, id, sealedAt: uow.at as Instant }, marks)
  }
}
