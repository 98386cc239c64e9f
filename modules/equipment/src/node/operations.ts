import { DomainError, newId } from '@throughline/kernel'
import type { EquipmentClassVersion, EquipmentNode } from '@throughline/model'
import { createNode, listNodes } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { getClassVersion } from '../equipment-class/store.ts'
import { advanceRevision, lockModel } from '../plant-model/store.ts'
import { instantiate } from '../tag/rules.ts'
import { insertTags } from '../tag/store.ts'
import { assertNoProblem, pathOf, pathProblem, placeProblem, timeZoneProblem } from './rules.ts'
import { findOccupant, getNode, insertNodes, listNodesWithin, listPathTo } from './store.ts'

export function registerNode(platform: Platform): void {
  platform.locateWith({ pathTo: (nodeId) => listPathTo(platform.db, nodeId) })

  platform.handle(listNodes, (uow) => listNodesWithin(uow.trx, uow.scopes))

  platform.handle(createNode, async (uow, input) => {
    await lockModel(uow.trx)
    const parent = input.parentId === null ? null : await getNode(uow.trx, input.parentId)
    const path = pathOf(parent?.path ?? null, input.name)
    assertNoProblem('equipment.node-misplaced', path, placeProblem(input.level, parent))
    assertNoProblem('equipment.node-path-too-long', path, pathProblem(path))
    assertNoProblem('equipment.time-zone-invalid', path, timeZoneProblem(input.level, input.timeZone))
    await assertFree(uow, path)
    const version = input.classId === null ? null : await getPublished(uow, input.classId)
    const node: EquipmentNode = { ...input, id: newId<'EquipmentNode'>(uow.at), path }
    const tags = (version?.tags ?? []).map((template) => instantiate(newId<'Tag'>(uow.at), node, template, null))
    await insertNodes(uow.trx, [node])
    await insertTags(uow.trx, tags)
    await advanceRevision(uow.trx)
    uow.emit('equipment.model-changed', { changed: 1 + tags.length, at: uow.at })
    return node
  })
}

async function assertFree(uow: UnitOfWork, path: string): Promise<void> {
  const occupant = await findOccupant(uow.trx, path)
  if (occupant === undefined) return
  throw new DomainError(
    'conflict',
    'equipment.path-taken',
    `There is a ${occupant} at ${path} already (upper and lower case are one): choose another name`,
    { path },
  )
}

async function getPublished(uow: UnitOfWork, id: EquipmentClassVersion['id']): Promise<EquipmentClassVersion> {
  const version = await getClassVersion(uow.trx, id)
  if (version.state === 'published') return version
  throw new DomainError(
    'conflict',
    'equipment.class-not-published',
    `Version ${version.version} of class ${version.name} is a draft: publish it before making equipment of it`,
  )
}
