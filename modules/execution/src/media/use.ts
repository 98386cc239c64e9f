import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { InstructionStep } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { candidatesOf, siteOf, sitesFor } from '../places.ts'
import type { MediaType } from './content.ts'
import type { Media, MediaUse } from './store.ts'
import { findMediaUse, listMedia } from './store.ts'

type Kind = InstructionStep['media'][number]['kind']

const isOfKind: Readonly<Record<Kind, (type: MediaType) => boolean>> = {
  picture: (type) => type.startsWith('image/'),
  video: (type) => type.startsWith('video/'),
  'pdf-page': (type) => type === 'application/pdf',
  model: (type) => type === 'model/gltf-binary',
}

/** @throws DomainError `invalid` naming each picture, video, page or model of an instruction that is not kept here as such */
export async function assertMediaKept(
  { trx }: Pick<UnitOfWork, 'trx'>,
  code: string,
  steps: readonly Pick<InstructionStep, 'key' | 'media'>[],
): Promise<void> {
  const hashes = steps.flatMap(({ media }) => media.map(({ blob }) => blob))
  const kept = new Map((await listMedia(trx, hashes)).map((each) => [each.hash, each]))
  const fields = steps.flatMap(({ key, media }, step) =>
    media.flatMap(({ blob, kind }, index) => {
      const found = kept.get(blob)
      if (found !== undefined && isOfKind[kind](found.contentType)) return []
      const message =
        found === undefined
          ? `no file ${blob.slice(0, 12)}… is kept here: store it first, with execution.media.store`
          : `${blob.slice(0, 12)}… is ${found.contentType}, which is no ${kind.replace('-', ' of a ')}: say what it is`
      return [{ path: `steps.${step}.media.${index}.blob`, message: `step ${key}: ${message}` }]
    }),
  )
  const [first] = fields
  if (first === undefined) return
  const more = fields.length === 1 ? '' : `, and ${fields.length - 1} more`
  const words = `Work instruction ${code}: ${first.message}${more}`
  throw new DomainError('invalid', 'execution.instruction-invalid', words, { fields })
}

/**
 * A file is seen by who may see the work that it belongs to: where its instruction is followed, or where it was taken. What
 * no work follows yet is seen by whoever reads instructions, and what stands nowhere by whoever stored it.
 * @throws DomainError `forbidden`
 */
export async function assertMediaVisible(uow: UnitOfWork, plant: TagDirectory, media: Media): Promise<void> {
  const sites = sitesFor(plant, uow.scopes)
  if (sites === null || media.storedBy === uow.actor.name) return
  const { isInstructed, planned, takenAt } = await findMediaUse(uow.trx, media.hash)
  if (isInstructed && planned.length === 0) return
  const places = placesOf(plant, planned)
  const isSeen = (nodeId: Id<'EquipmentNode'>): boolean => {
    const site = siteOf(plant, nodeId)
    return site === undefined || sites.includes(site.id)
  }
  if ([...places, ...takenAt].some(isSeen)) return
  const [there] = [...takenAt, ...placesOf(plant, planned)]
  if (there !== undefined) await uow.assertWithin(there)
  throw new DomainError(
    'forbidden',
    'execution.media-elsewhere',
    'This file belongs to work at places that you do not see: ask somebody there',
    { hash: media.hash },
  )
}

/** Where work may be done, at any site. */
const placesOf = (plant: TagDirectory, planned: MediaUse['planned']): Id<'EquipmentNode'>[] =>
  planned.flatMap((place) =>
    [...plant.nodes()]
      .filter(({ level }) => level === 'site')
      .flatMap(({ id: siteId }) => candidatesOf(plant, { ...place, siteId }).map(({ id }) => id)),
  )
