import type { Id, Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { canonicalJson } from '@throughline/platform'
import { readRaw } from './read.ts'
import type { ReadingSeal } from './store.ts'
import { listMarks, listSeals } from './store.ts'

export interface FileHead {
  readonly ledger: string
  readonly plant: string
  /** Of which piece. */
  readonly of: string
  readonly exportedAt: Instant
}

/** The operations of a record whose readings were sealed. */
export const sealedRuns = ({ runs }: Pick<AsBuilt, 'runs'>): Id<'OperationRun'>[] =>
  runs.flatMap(({ id, parameters }) => (parameters.some(({ seals }) => seals.length > 0) ? [id] : []))

/**
 * The readings that were sealed, as the historian has them now, for whoever holds them against the seals without this product:
 * lines of JSON, the format of docs/guides/traceability/readings.md.
 */
export async function* readingsFile(
  platform: Platform,
  runs: readonly Id<'OperationRun'>[],
  head: FileHead,
): AsyncGenerator<string> {
  yield lineOf({ line: 'header', format: 'throughline-readings/1', ...head })
  const seals = await listSeals(platform.db, runs)
  const windows = [...Map.groupBy(seals, ({ runId, tagId }) => `${runId} ${tagId}`).values()]
  for (const versions of windows) {
    const [newest, ...earlier] = versions.toReversed()
    if (newest === undefined) continue
    const marks = await listMarks(
      platform.db,
      versions.map(({ id }) => id),
    )
    yield lineOf({ line: 'window', ...shown(newest, marks), name: newest.name, tag: newest.tag })
    const { lines } = await readRaw(platform, newest.tagId, newest)
    for (let at = 0; at < lines.length; at += 1000) yield `${lines.slice(at, at + 1000).join('\n')}\n`
    for (const seal of earlier) yield lineOf({ line: 'earlier', ...shown(seal, marks) })
  }
  yield lineOf({ line: 'end', windows: windows.length })
}

const shown = ({ id }: ReadingSeal, marks: ReadonlyMap<string, Buffer>) => ({
  seal: id,
  marks: marks.get(id)?.toString('base64') ?? '',
})

const lineOf = (line: object): string => `${canonicalJson(line)}\n`
