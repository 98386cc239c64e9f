import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { listUnmappedSources, mapSource, toJsonValue } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { SampleStore } from '../store/sample-store.ts'
import type { TagFinder } from '../tags.ts'
import { getVisibleTag } from '../tags.ts'
import { insertMapping } from './store.ts'

/** `follow` makes later samples of the source go to the tag, and moves the parked ones. */
export function registerUnmappedSource(
  platform: Platform,
  store: () => SampleStore,
  tags: TagFinder,
  follow: (source: string, tagId: string) => Promise<void>,
): void {
  platform.handle(listUnmappedSources, async () =>
    (await store().listParked()).map((parked) => ({
      ...parked,
      firstAt: parked.firstAt as Instant,
      lastAt: parked.lastAt as Instant,
      lastValue: toJsonValue(parked.lastValue),
    })),
  )

  platform.handle(mapSource, async (uow, { source, tagId }) => {
    await getVisibleTag(uow, tags, tagId)
    const parked = (await store().listParked()).find((each) => each.source === source)
    if (parked === undefined) {
      throw new DomainError(
        'not-found',
        'historian.source-unknown',
        `No samples of ${source} are parked: see historian.unmapped-source.list`,
        { source },
      )
    }
    await insertMapping(uow, source, tagId)
    uow.emit('historian.source-mapped', { source, tagId, moved: parked.count })
    return { moved: parked.count }
  })

  platform.on('historian.source-mapped', 'historian.sample-store', (_, { source, tagId }) => follow(source, tagId))
}
