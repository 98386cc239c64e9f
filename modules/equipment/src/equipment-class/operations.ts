import { DomainError, newId } from '@throughline/kernel'
import type { EquipmentClassVersion } from '@throughline/model'
import { draftClass, listClasses, publishClass } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { lockModel } from '../plant-model/store.ts'
import { assertDraft, assertNameFits, nextVersion, templatesProblem } from './rules.ts'
import { getClassVersion, insertClassVersions, listClassVersions, updateClassVersion } from './store.ts'

export function registerEquipmentClass(platform: Platform): void {
  platform.handle(listClasses, (uow) => listClassVersions(uow.trx))

  platform.handle(draftClass, async (uow, input) => {
    const problem = templatesProblem(input.tags)
    if (problem !== undefined) {
      throw new DomainError('invalid', 'equipment.class-tags-invalid', `Class ${input.name}: ${problem}`)
    }
    await lockModel(uow.trx)
    const existing = await listClassVersions(uow.trx)
    assertNameFits(input.name, existing)
    const versions = existing.filter((each) => each.name === input.name)
    const present = versions.find((each) => each.state === 'draft')
    const draft: EquipmentClassVersion = {
      ...input,
      id: present?.id ?? newId<'EquipmentClassVersion'>(uow.at),
      version: nextVersion(versions.filter((each) => each.state === 'published')),
      state: 'draft',
      publishedAt: null,
    }
    if (present === undefined) await insertClassVersions(uow.trx, [draft])
    else await updateClassVersion(uow.trx, draft)
    return draft
  })

  platform.handle(publishClass, async (uow, { classId }) => {
    await lockModel(uow.trx)
    const draft = await getClassVersion(uow.trx, classId)
    assertDraft(draft)
    const published: EquipmentClassVersion = { ...draft, state: 'published', publishedAt: uow.at }
    await updateClassVersion(uow.trx, published)
    return published
  })
}
