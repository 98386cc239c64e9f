import { DomainError, newId } from '@throughline/kernel'
import type { StopComment } from '@throughline/model'
import { commentStop, findPhoto } from '@throughline/model'
import type { BlobStore, Platform } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin } from '../reason/place.ts'
import { getStopAt, getStoredStop, insertComment } from '../stop/store.ts'
import { pictureOf, pictureTypeOf } from './picture.ts'
import { listNodesWith } from './store.ts'

/** Mounts remarks with pictures, and the route that shows a picture to whoever may see its machine. */
export function registerPhoto(platform: Platform, nodes: NodeFinder, blobs: BlobStore): void {
  platform.handlePrepared(
    commentStop,
    // The file is on the disk before a row points at it, and no transaction waits for the disk.
    async ({ actor }, { stopId, photo }) => {
      if (photo === null) return null
      const bytes = pictureOf(photo)
      const { nodeId } = await getStoredStop(platform.db, stopId)
      // Whom the transaction will refuse fills no disk.
      return (await platform.allows(actor, 'performance.stop.explain', nodeId)) ? await blobs.put(bytes) : null
    },
    async (uow, { stopId, text }, photo) => {
      const { nodeId } = await getStoredStop(uow.trx, stopId)
      await uow.assertWithin(nodeId)
      const comment: StopComment = { id: newId<'StopComment'>(uow.at), text, at: uow.at, by: uow.actor.name, photo }
      await insertComment(uow.trx, stopId, comment)
      uow.emit('performance.state-changed', { nodeIds: [nodeId] })
      return await getStopAt(uow.trx, stopId, uow.at)
    },
  )

  platform.handle(findPhoto, async (uow, { hash }) => {
    const machines = await listNodesWith(uow.trx, hash)
    const [first] = machines
    if (first === undefined) throw photoUnknown(hash)
    await uow.assertWithin(machines.find((each) => isWithin(nodes, each, uow.scopes)) ?? first)
    const bytes = await blobs.get(hash)
    const type = bytes && pictureTypeOf(bytes)
    if (bytes === undefined || type === undefined) throw photoLost(hash)
    return { type, size: bytes.byteLength }
  })

  platform.route({
    method: 'GET',
    path: '/api/performance/photo/:hash',
    async answer({ params, caller }) {
      const hash = params['hash'] ?? ''
      const { type } = await platform.run(findPhoto, await caller(), { hash })
      return { status: 200, headers: { 'content-type': type }, body: Buffer.from((await blobs.get(hash)) ?? []) }
    },
  })
}

const photoUnknown = (hash: string): DomainError =>
  new DomainError('not-found', 'performance.photo-unknown', `No remark has a picture ${hash}`, { hash })

const photoLost = (hash: string): DomainError =>
  new DomainError(
    'unavailable',
    'performance.photo-lost',
    `The picture ${hash} belongs to a remark and is not among the kept files: restore them from a backup`,
    { hash },
  )
