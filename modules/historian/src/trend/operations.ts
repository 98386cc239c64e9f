import type { Instant } from '@throughline/kernel'
import { getAggregate, getTimeInState, getTrend, toJsonValue } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { SampleStore } from '../store/sample-store.ts'
import type { TagFinder } from '../tags.ts'
import { getVisibleTag } from '../tags.ts'
import { chooseWidth, composeTotals, composeTrend } from './rules.ts'

export function registerTrend(platform: Platform, store: () => SampleStore, tags: TagFinder): void {
  platform.handle(getTrend, async (uow, { tagIds, window, points }) => {
    for (const tagId of tagIds) await getVisibleTag(uow, tags, tagId)
    const chosen = chooseWidth(window, points)
    const reductions = await store().reduce({
      tagIds,
      ...window,
      ...chosen,
      rawUpTo: chosen.level === 0 ? points : 0,
      now: uow.at,
    })
    return reductions.map((reduction, index) => {
      const composed = composeTrend(reduction, window, reduction.width, uow.at)
      return {
        tagId: tagIds[index] ?? '',
        kind: reduction.raw ? ('raw' as const) : ('bucket' as const),
        bucketMs: reduction.raw ? null : reduction.width / 1000,
        ...composed,
      }
    })
  })

  platform.handle(getAggregate, async (uow, { tagId, window }) => {
    await getVisibleTag(uow, tags, tagId)
    // One bucket that holds any window: the fold then answers one segment.
    const width = Number.MAX_SAFE_INTEGER
    const request = { tagIds: [tagId], ...window, width, level: 3, rawUpTo: 0, now: uow.at as Instant }
    const [reduction] = await store().reduce(request)
    return composeTotals(reduction ?? { carry: null, segments: [], raw: false, width }, window, uow.at)
  })

  platform.handle(getTimeInState, async (uow, { tagId, window }) => {
    await getVisibleTag(uow, tags, tagId)
    const { states, unknownUs } = await store().timeInState(tagId, window.from, window.to, uow.at)
    return {
      states: states.map(({ value, us, occurrences }) => ({
        value: String(toJsonValue(value)),
        ms: us / 1000,
        occurrences,
      })),
      unknownMs: unknownUs / 1000,
    }
  })
}
