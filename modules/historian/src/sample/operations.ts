import { DomainError, newId, toIso } from '@throughline/kernel'
import type { SampleValue, Tag } from '@throughline/model'
import {
  correctSample,
  exportSamples,
  fromJsonValue,
  listLastSamples,
  listSamples,
  statusCode,
  toJsonValue,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { Correction, LastSample, SampleStore } from '../store/sample-store.ts'
import type { TagFinder } from '../tags.ts'
import { getVisibleTag } from '../tags.ts'
import type { RecordedCorrection } from './store.ts'
import { insertCorrection, listNewestCorrections } from './store.ts'
import { toStoredSample } from './stored-sample.ts'

export function registerSample(
  platform: Platform,
  store: () => SampleStore,
  tags: TagFinder,
  last: (tagId: string) => LastSample | undefined,
): void {
  platform.handle(listSamples, async (uow, { tagId, window, limit }) => {
    await getVisibleTag(uow, tags, tagId)
    const { readings, truncated } = await store().listRaw(tagId, window.from, window.to, limit)
    return { samples: readings.map(toStoredSample), truncated }
  })

  platform.handle(listLastSamples, async (uow, { tagIds }) => {
    const visible = await visibleNodes(uow, tags, tagIds)
    return tagIds.flatMap((tagId) => {
      const sample = last(tagId)
      const tag = tags.find(tagId)
      if (sample === undefined || tag === undefined || !visible.has(tag.nodeId)) return []
      return [{ ...sample, tagId, value: toJsonValue(sample.value) }]
    })
  })

  platform.handle(correctSample, async (uow, { tagId, at, value, reason }) => {
    const tag = await getVisibleTag(uow, tags, tagId)
    const corrected = fromJsonValue(value, tag.dataType)
    if (corrected === undefined) {
      throw new DomainError(
        'invalid',
        'historian.value-misfit',
        `${JSON.stringify(value)} is no ${tag.dataType}, which ${tag.path} holds`,
        { tagId, dataType: tag.dataType },
      )
    }
    const before = await store().find(tagId, at)
    if (before === undefined) {
      throw new DomainError('not-found', 'historian.sample-unknown', `${tag.path} has no sample at ${toIso(at)}`, {
        tagId,
        at,
      })
    }
    const original = before.original ?? before
    const correction = { tagId, at, value, reason, by: uow.actor.name }
    await insertCorrection(uow, correction, { value: toJsonValue(original.value), status: original.status })
    uow.emit('historian.sample-corrected', { tagId, at })
    return {
      at,
      serverAt: before.serverAt,
      value,
      status: corrected === null ? statusCode.bad : statusCode.goodLocalOverride,
      original: { value: toJsonValue(original.value), status: original.status, reason, by: uow.actor.name },
    }
  })

  platform.handle(exportSamples, async (uow, { tagIds, window }) => {
    for (const tagId of tagIds) await getVisibleTag(uow, tags, tagId)
    return store().exportParquet(tagIds, window.from, window.to, `samples-${newId<'Export'>(uow.at)}.parquet`)
  })

  platform.on('historian.sample-corrected', 'historian.sample-store', async (uow, { tagId, at }) => {
    await applyCorrections(store(), tags, await listNewestCorrections(uow.trx, { tagId, at }))
  })
}

/** Puts recorded corrections in place in the sample store; again changes nothing. */
export async function applyCorrections(
  store: SampleStore,
  tags: TagFinder,
  recorded: readonly RecordedCorrection[],
): Promise<void> {
  const corrections = recorded.flatMap(({ tagId, at, value, reason, by }): Correction[] => {
    const fitting: SampleValue | null | undefined = fromJsonValue(value, tags.find(tagId)?.dataType ?? 'string')
    return fitting === undefined ? [] : [{ tagId, at, value: fitting, reason, by }]
  })
  if (corrections.length > 0) await store.correct(corrections)
}

async function visibleNodes(uow: UnitOfWork, tags: TagFinder, tagIds: readonly string[]): Promise<Set<Tag['nodeId']>> {
  const nodes = new Set(tagIds.flatMap((tagId) => tags.find(tagId)?.nodeId ?? []))
  if (uow.scopes === null) return nodes
  for (const node of nodes) {
    try {
      await uow.assertWithin(node)
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'forbidden') throw error
      nodes.delete(node)
    }
  }
  return nodes
}
