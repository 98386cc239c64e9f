import { DomainError, newId } from '@throughline/kernel'
import type { AlarmDefinition } from '@throughline/model'
import {
  adoptAlarmDefinitions,
  draftAlarmDefinition,
  listAlarmDefinitions,
  retireAlarmDefinition,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { findHead } from '@throughline/platform'
import { isWithin } from '../nodes.ts'
import { readPhilosophy } from '../philosophy/store.ts'
import type { DefinitionContent } from './draft.ts'
import { draftAfter, draftedNow } from './draft.ts'
import type { AlarmPlant } from './plant.ts'
import { endReleased, release } from './release.ts'
import { assertDefinition, tagsOf } from './rules.ts'
import {
  findDefinition,
  insertDefinitions,
  listDefinitions,
  listNeighbours,
  listNewestDefinitions,
  lockDefinitions,
  updateDraft,
} from './store.ts'

export function registerDefinition(platform: Platform, plant: AlarmPlant): void {
  platform.handle(listAlarmDefinitions, async (uow, { nodeId, name, state }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const found = name === undefined ? await listNewestDefinitions(uow.trx) : await listDefinitions(uow.trx, { name })
    const tops = nodeId === undefined ? uow.scopes : [nodeId]
    return found.filter((each) => isWithin(plant, each.nodeId, tops) && (state === undefined || each.state === state))
  })

  platform.handle(draftAlarmDefinition, async (uow, { changeReason, ...content }) => {
    await lockDefinitions(uow.trx)
    const versions = await listDefinitions(uow.trx, { name: content.name })
    const [newest] = versions
    if (newest !== undefined) await uow.assertWithin(newest.nodeId)
    const { tagId } = content
    await assertSound(
      uow,
      content,
      changeReason,
      tagId === null ? [] : await listNeighbours(uow.trx, tagId, content.name),
    )
    const philosophy = await readPhilosophy(uow.trx)
    const { draft, isNew } = draftAfter(newest, content, changeReason, uow, philosophy)
    if (isNew) await insertDefinitions(uow.trx, [draft])
    else await updateDraft(uow.trx, draft)
    return draft
  })

  platform.handle(adoptAlarmDefinitions, async (uow, { definitions, document, reason }) => {
    await lockDefinitions(uow.trx)
    const philosophy = await readPhilosophy(uow.trx)
    const existing = await listDefinitions(uow.trx, {})
    const names = new Set(existing.map(({ name }) => name.toLowerCase()))
    const adopted: AlarmDefinition[] = []
    const beside = existing.filter(({ state }) => state === 'draft' || state === 'released')
    const known: string[] = []
    for (const content of definitions) {
      if (names.has(content.name.toLowerCase())) {
        known.push(content.name)
        continue
      }
      names.add(content.name.toLowerCase())
      await assertSound(uow, content, reason, [...beside, ...adopted])
      adopted.push({
        ...content,
        id: newId<'AlarmDefinition'>(uow.at),
        version: 1,
        changeReason: reason,
        ...draftedNow(uow, content, philosophy),
        state: 'released',
        releasedAt: uow.at,
      })
    }
    await insertDefinitions(uow.trx, adopted)
    await release(uow, adopted, document)
    return { adopted, known }
  })

  platform.handle(retireAlarmDefinition, async (uow, { definitionId, reason }) => {
    await lockDefinitions(uow.trx)
    const definition = await findDefinition(uow.trx, definitionId)
    if (definition === undefined) throw unknown(definitionId)
    await uow.assertWithin(definition.nodeId)
    if (definition.state !== 'released') throw notReleased(definition)
    await endReleased(uow, definition, 'retired', reason)
    const retired: AlarmDefinition = { ...definition, state: 'retired' }
    return retired
  })

  platform.on('identity.record-signatures-complete', 'alarm.definition', async (uow, { record, version, hash }) => {
    if (record.kind !== 'alarm.definition') return
    await lockDefinitions(uow.trx)
    const draft = await findDefinition(uow.trx, record.id as AlarmDefinition['id'])
    const head = await findHead(uow.trx, record)
    // Released already when it is heard twice; and what was drafted anew since is not what was signed.
    if (draft?.state !== 'draft' || head?.version !== version || head.hash !== hash) return
    await release(uow, [draft])
  })

  /** @throws DomainError unless its node and tags are there, may be seen, and fit what it says */
  async function assertSound(
    uow: UnitOfWork,
    content: DefinitionContent,
    changeReason: string,
    others: readonly AlarmDefinition[],
  ): Promise<void> {
    if (plant.node(content.nodeId) === undefined) {
      throw new DomainError(
        'not-found',
        'alarm.node-unknown',
        `There is no equipment ${content.nodeId} for alarm ${content.name}: look it up with equipment.node.list`,
      )
    }
    for (const tagId of tagsOf(content)) {
      const tag = plant.find(tagId)
      if (tag === undefined) {
        throw new DomainError(
          'not-found',
          'alarm.tag-unknown',
          `There is no tag ${tagId} for alarm ${content.name}: look it up with equipment.tag.list`,
          { tagId },
        )
      }
      await uow.assertWithin(tag.nodeId)
    }
    const { tagId } = content
    const neighbours = tagId === null ? [] : others.filter((each) => each.tagId === tagId)
    assertDefinition({ ...content, changeReason }, tagId === null ? null : (plant.find(tagId) ?? null), neighbours)
  }
}

const unknown = (definitionId: string): DomainError =>
  new DomainError('not-found', 'alarm.definition-unknown', `There is no alarm definition ${definitionId}`, {
    definitionId,
  })

const notReleased = ({ name, version, state }: AlarmDefinition): DomainError =>
  new DomainError(
    'conflict',
    'alarm.definition-not-released',
    `Version ${version} of alarm ${name} is ${state}: only a released one is retired`,
    { state },
  )
