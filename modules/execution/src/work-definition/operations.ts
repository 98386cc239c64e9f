import type { TagDirectory } from '@throughline/equipment'
import { newId } from '@throughline/kernel'
import type { WorkDefinition } from '@throughline/model'
import {
  draftWorkDefinition,
  listWorkDefinitions,
  retireWorkDefinition,
  workDefinitionSignatures,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { VersionedNoun } from '../version/life.ts'
import { followSignatures } from '../version/life.ts'
import { assertEffective, assertSpelling, baseOf, drafted, nextDraft } from '../version/rules.ts'
import { endRelease, lockVersions, putBase } from '../version/store.ts'
import type { Places } from './rules.ts'
import { assertWorkDefinition } from './rules.ts'
import {
  findDefinition,
  getDefinition,
  insertDefinitions,
  listDefinitions,
  listNewestDefinitions,
  updateDefinition,
} from './store.ts'

const words = 'work definition'

/** Work definitions, as their signatures are followed. */
const workDefinitions: VersionedNoun = {
  noun: 'work-definition',
  record: workDefinitionSignatures.record,
  find: findDefinition,
  listOf: (db, code) => listDefinitions(db, { code }),
}

/** The plant's own paths, whatever their case. */
export const placesOf = (directory: Pick<TagDirectory, 'nodeByPath'>): Places => ({
  hasPath: (path) => directory.nodeByPath(path) !== undefined,
})

export function registerWorkDefinition(platform: Platform, directory: TagDirectory): void {
  const places = placesOf(directory)

  platform.handle(listWorkDefinitions, async (uow, { code, product, state }) => {
    const found =
      code === undefined
        ? await listNewestDefinitions(uow.trx, product)
        : await listDefinitions(uow.trx, { code, product })
    return found.filter((each) => state === undefined || each.state === state)
  })

  platform.handle(draftWorkDefinition, async (uow, { changeReason, drawnFrom, ...content }) => {
    assertWorkDefinition(content, places)
    await lockVersions(uow.trx, 'work-definition')
    const versions = await listDefinitions(uow.trx, { code: content.code })
    const [newest] = versions
    assertSpelling(words, content.code, newest)
    const next = nextDraft(newest)
    const { id, version } = next
    const base = baseOf(words, versions, next, drawnFrom)
    const draft: WorkDefinition = {
      ...content,
      id: (id as WorkDefinition['id'] | null) ?? newId<'WorkDefinition'>(uow.at),
      version,
      ...drafted(changeReason, uow.actor.name, uow.at),
    }
    await (id === null ? insertDefinitions(uow.trx, [draft]) : updateDefinition(uow.trx, draft))
    await putBase(uow.trx, 'work-definition', draft.id, base)
    return await getDefinition(uow.trx, draft.id)
  })

  platform.handle(retireWorkDefinition, async (uow, { definitionId, reason }) => {
    await lockVersions(uow.trx, 'work-definition')
    const definition = await getDefinition(uow.trx, definitionId)
    assertEffective(words, definition)
    await endRelease(uow.trx, definition.id, uow.at, reason)
    return { ...definition, state: 'retired' as const }
  })

  followSignatures(platform, workDefinitions)
}
