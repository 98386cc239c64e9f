import { DomainError } from '@throughline/kernel'
import { findMedia, storeMedia } from '@throughline/model'
import type { BlobStore, Platform } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { mediaOf, mediaTypeOf } from './content.ts'
import * as store from './store.ts'
import { assertMediaVisible } from './use.ts'

/** Mounts what is shown with steps and photographed at them, and the route that sends it to whoever may see the work. */
export function registerMedia(platform: Platform, { directory, blobs }: ExecutionOptions): void {
  platform.handlePrepared(
    storeMedia,
    // The file is on the disk before a row points at it, and no transaction waits for the disk.
    async (_ask, { content, contentType }) => {
      const bytes = mediaOf(content, contentType)
      return { blob: await kept(blobs).put(bytes), bytes: bytes.byteLength }
    },
    async (uow, { contentType }, { blob, bytes }) => {
      await store.insertMedia(uow.trx, { hash: blob, contentType, bytes, storedBy: uow.actor.name }, uow.at)
      return { blob, bytes }
    },
  )

  platform.handle(findMedia, async (uow, { hash }) => {
    const media = await store.findMedia(uow.trx, hash)
    if (media === undefined) throw mediaUnknown(hash)
    await assertMediaVisible(uow, directory, media)
    return { type: media.contentType, size: media.bytes }
  })

  platform.route({
    method: 'GET',
    path: '/api/execution/media/:hash',
    async answer({ params, caller }) {
      const hash = params['hash'] ?? ''
      const { type } = await platform.run(findMedia, await caller(), { hash })
      const bytes = await kept(blobs).get(hash)
      if (bytes === undefined || mediaTypeOf(bytes) !== type) throw mediaLost(hash)
      // What a hash names never changes: a station keeps it for work without a connection.
      const headers = { 'content-type': type, 'cache-control': 'private, max-age=31536000, immutable' }
      return { status: 200, headers, body: Buffer.from(bytes) }
    },
  })
}

function kept(blobs: BlobStore | undefined): BlobStore {
  if (blobs !== undefined) return blobs
  throw new DomainError('unavailable', 'execution.media-nowhere', 'This server has no place for files')
}

const mediaUnknown = (hash: string): DomainError =>
  new DomainError('not-found', 'execution.media-unknown', `No picture, video, PDF or model ${hash} is kept here`, {
    hash,
  })

const mediaLost = (hash: string): DomainError =>
  new DomainError(
    'unavailable',
    'execution.media-lost',
    `The file ${hash} is known and not among the kept files: restore them from a backup`,
    { hash },
  )
