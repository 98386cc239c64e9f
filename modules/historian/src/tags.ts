import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { DataType, EquipmentNode, Tag } from '@throughline/model'
import { valueKind } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'

/** What the historian asks of the plant's model: the equipment module's tag directory fits. */
export interface TagFinder {
  find(tagId: string): Pick<Tag, 'id' | 'nodeId' | 'dataType' | 'path'> | undefined
  node(id: Id<'EquipmentNode'>): Pick<EquipmentNode, 'parentId'> | undefined
}

/** The `valueKind` in which values of a data type are stored. */
export const kindOf = (type: DataType): number => valueKind[type]

/**
 * The tag, if there is one and the actor may see its node.
 * @throws DomainError `not-found` (`historian.tag-unknown`), `forbidden`
 */
export async function getVisibleTag(uow: UnitOfWork, tags: TagFinder, tagId: string) {
  const tag = tags.find(tagId)
  if (tag === undefined) {
    throw new DomainError(
      'not-found',
      'historian.tag-unknown',
      `There is no tag ${tagId}: look it up with equipment.tag.list`,
      {
        tagId,
      },
    )
  }
  await uow.assertWithin(tag.nodeId)
  return tag
}

/** The node itself and all above it. */
export function pathTo(tags: TagFinder, nodeId: Id<'EquipmentNode'>): Id<'EquipmentNode'>[] {
  const path: Id<'EquipmentNode'>[] = []
  for (let next: Id<'EquipmentNode'> | null = nodeId; next !== null && !path.includes(next); ) {
    path.push(next)
    next = tags.node(next)?.parentId ?? null
  }
  return path
}
