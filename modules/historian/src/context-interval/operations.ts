import { newId } from '@throughline/kernel'
import type { ContextInterval } from '@throughline/model'
import { correctContext, listContexts, listSamplesInContext, openContext } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { toStoredSample } from '../sample/stored-sample.ts'
import type { SampleStore, StoredReading } from '../store/sample-store.ts'
import type { TagFinder } from '../tags.ts'
import { getVisibleTag, pathTo } from '../tags.ts'
import { assertBounds, assertCurrent, assertFollows, assertNoneOpen } from './rules.ts'
import {
  endInterval,
  findOpen,
  getInterval,
  insertInterval,
  listLabelled,
  listOpen,
  listOverlapping,
  lockNode,
  supersede,
} from './store.ts'

export function registerContextInterval(platform: Platform, store: () => SampleStore, tags: TagFinder): void {
  platform.handle(openContext, async (uow, input) => {
    assertBounds(input)
    // Sent together, and done one behind the other: what is open is looked at once the lock is held.
    const [, opened] = await Promise.all([
      lockNode(uow, input.nodeId, input.kind),
      listOpen(uow, input.nodeId, input.kind),
    ])
    for (const open of opened) assertFollows(open, input.from)
    const interval: ContextInterval = {
      ...input,
      id: newId<'ContextInterval'>(uow.at),
      corrects: null,
      reason: null,
      recordedBy: uow.actor.name,
      recordedAt: uow.at,
    }
    await Promise.all([...opened.map(({ id }) => endInterval(uow, id, input.from)), insertInterval(uow, interval)])
    return interval
  })

  platform.handle(correctContext, async (uow, { intervalId, label, from, to, reason }) => {
    assertBounds({ from, to })
    const { isCurrent, ...old } = await getInterval(uow, intervalId)
    await uow.assertWithin(old.nodeId)
    assertCurrent({ id: old.id, isCurrent })
    await lockNode(uow, old.nodeId, old.kind)
    await supersede(uow, old.id)
    if (to === null) assertNoneOpen(await findOpen(uow, old.nodeId, old.kind))
    const interval: ContextInterval = {
      ...old,
      id: newId<'ContextInterval'>(uow.at),
      label,
      from,
      to,
      reason,
      corrects: old.id,
      recordedBy: uow.actor.name,
      recordedAt: uow.at,
    }
    await insertInterval(uow, interval)
    return interval
  })

  platform.handle(listContexts, (uow, { nodeId, kind, from, to }) => listOverlapping(uow, nodeId, kind, from, to))

  platform.handle(listSamplesInContext, async (uow, { tagId, kind, label, limit }) => {
    const tag = await getVisibleTag(uow, tags, tagId)
    const intervals = await listLabelled(uow, pathTo(tags, tag.nodeId), kind, label)
    const found = new Map<number, StoredReading>()
    let truncated = false
    for (const { from, to } of intervals) {
      const part = await store().listRaw(tagId, from, to ?? uow.at + 1, limit)
      truncated ||= part.truncated
      // Intervals of a unit and of its module may overlap: one sample is listed once.
      for (const reading of part.readings) found.set(reading.at, reading)
    }
    const readings = [...found.values()].sort((a, b) => a.at - b.at)
    return {
      intervals,
      samples: readings.slice(0, limit).map(toStoredSample),
      truncated: truncated || readings.length > limit,
    }
  })
}
