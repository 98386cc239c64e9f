import { getTag, listTags } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { getNode } from '../node/store.ts'
import { getTagById, listTagsBy } from './store.ts'

export function registerTag(platform: Platform): void {
  platform.handle(listTags, async (uow, { nodeId, search, offset, limit }) => {
    const below = nodeId === undefined ? undefined : (await getNode(uow.trx, nodeId)).path
    const words = (search ?? '').split(/\s+/).filter((word) => word !== '')
    return await listTagsBy(uow.trx, { scopes: uow.scopes, below, words, offset, limit })
  })

  platform.handle(getTag, async (uow, { tagId }) => {
    const tag = await getTagById(uow.trx, tagId)
    await uow.assertWithin(tag.nodeId)
    return tag
  })
}
