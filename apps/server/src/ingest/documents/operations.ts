import { DomainError } from '@throughline/kernel'
import type { PlantDocument } from '@throughline/model'
import { findDocument, listDocuments } from '@throughline/model'
import type { BlobStore, Platform } from '@throughline/platform'
import { findByHash, listDocumentsBy } from './store.ts'

/** Mounts what people ask about documents, and the route that sends an original as it came. */
export function registerDocuments(platform: Platform, blobs: BlobStore): void {
  platform.handle(listDocuments, (uow, { search = '', limit }) => listDocumentsBy(uow.trx, search, limit))

  platform.handle(findDocument, async (uow, { hash }) => {
    const found = await findByHash(uow.trx, hash)
    if (found === undefined) {
      throw new DomainError('not-found', 'server.document-unknown', `No document ${hash} came to this plant`, { hash })
    }
    const { parsedHash: _, ...document } = found
    return document
  })

  platform.route({
    method: 'GET',
    path: '/api/document/:hash',
    async answer({ params, caller }) {
      const document = await platform.run(findDocument, await caller(), { hash: params['hash'] ?? '' })
      const bytes = await blobs.get(document.hash)
      if (bytes === undefined) throw lost(document)
      return { status: 200, headers: headersOf(document), body: Buffer.from(bytes) }
    },
  })
}

/** Plain text is shown; what a browser might run is only ever saved. */
function headersOf({ kind, name }: PlantDocument): Record<string, string> {
  const kept = { 'cache-control': 'private, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' }
  if (kind === 'text') return { ...kept, 'content-type': 'text/plain; charset=utf-8' }
  const file = (name.split('/').at(-1) ?? '').replaceAll(/[^\w.-]+/g, '_')
  return {
    ...kept,
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${file}"`,
  }
}

const lost = ({ hash, name }: PlantDocument): DomainError =>
  new DomainError(
    'unavailable',
    'server.document-lost',
    `The original of ${name} is known and not among the kept files (${hash}): restore them from a backup`,
    { hash },
  )
