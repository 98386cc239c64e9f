import type { TagDirectory } from '@throughline/equipment'
import type { StoredRun } from '@throughline/execution'
import type { Id, Instant } from '@throughline/kernel'
import type { AsBuilt, RoutingOperation, StoredSample, Tag, Window } from '@throughline/model'
import { listSamples } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { RawReadings } from './rules.ts'
import { rawOf } from './rules.ts'

type Parameter = AsBuilt['runs'][number]['parameters'][number]

/** A tag that tells what an operation was like, and what it tells. */
export interface WatchedTag extends Pick<Parameter, 'about' | 'name' | 'unit'> {
  readonly tag: Tag
}

const environmentAtMost = 20

/** What the places above a piece of equipment tell: the room that it stands in. */
export function environmentOf(directory: TagDirectory, nodeId: Id<'EquipmentNode'> | null): WatchedTag[] {
  const above = new Set<string>()
  for (let node = nodeId === null ? undefined : directory.node(nodeId); node?.parentId != null; ) {
    above.add(node.parentId)
    node = directory.node(node.parentId)
  }
  return directory
    .list()
    .filter((tag) => above.has(tag.nodeId) && (tag.dataType === 'double' || tag.dataType === 'int64'))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, environmentAtMost)
    .map((tag) => ({ tag, about: 'environment', name: tag.name, unit: tag.unit ?? '' }))
}

/** The tags of an operation's parameters at its equipment, and those of its environment. */
export function watchedTags(
  directory: TagDirectory,
  { nodeId }: Pick<StoredRun, 'nodeId'>,
  operation: RoutingOperation | undefined,
): WatchedTag[] {
  if (nodeId === null) return []
  const own = directory.list().filter((tag) => tag.nodeId === nodeId)
  const found = new Map<string, WatchedTag>()
  for (const { name, tag: wanted, unit } of operation?.parameters ?? []) {
    const tag = own.find((each) => each.name.toLowerCase() === wanted?.toLowerCase())
    if (tag !== undefined && !found.has(tag.id)) found.set(tag.id, { tag, about: 'parameter', name, unit })
  }
  return [...found.values(), ...environmentOf(directory, nodeId)]
}

/** Reads what hangs on an operation that was done. */
export const reader = systemActor('traceability.as-built')

const page = 20_000
/** How far back the reading that held at the start is looked for, seconds: it holds for seven days. */
const backSeconds = [10, 100, 1000, 10_000, 100_000, 7 * 86_400]

/** All raw readings of a tag in a window, and the one that held when it began. */
export async function readRaw(platform: Platform, tagId: Id<'Tag'>, { from, to }: Window): Promise<RawReadings> {
  const held = await readHeld(platform, tagId, from)
  const samples: StoredSample[] = held === undefined ? [] : [held]
  for (let start: Instant | undefined = from; start !== undefined && start < to; ) {
    const found: Page = await readPage(platform, tagId, { from: start, to })
    samples.push(...found.samples)
    start = found.next
  }
  return rawOf(samples)
}

interface Page {
  readonly samples: readonly StoredSample[]
  readonly next: Instant | undefined
}

async function readPage(platform: Platform, tagId: Id<'Tag'>, window: Window): Promise<Page> {
  const { samples, truncated } = await platform.run(listSamples, reader, { tagId, window, limit: page })
  const last = samples.at(-1)
  return { samples, next: truncated && last !== undefined ? ((last.at + 1) as Instant) : undefined }
}

/** The last reading before an instant, as it stands now; one does not hold for longer than seven days. */
export async function readHeld(
  platform: Platform,
  tagId: Id<'Tag'>,
  before: Instant,
): Promise<StoredSample | undefined> {
  let to = before
  for (const seconds of backSeconds) {
    let last: StoredSample | undefined
    for (let start: Instant | undefined = (before - seconds * 1e6) as Instant; start !== undefined && start < to; ) {
      const found: Page = await readPage(platform, tagId, { from: start, to })
      last = found.samples.at(-1) ?? last
      start = found.next
    }
    if (last !== undefined) return last
    to = (before - seconds * 1e6) as Instant
  }
  return undefined
}
