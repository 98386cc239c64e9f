import { newId } from '@throughline/kernel'
import type { WorkInstruction } from '@throughline/model'
import {
  draftInstruction,
  getInstruction,
  instructionSignatures,
  listInstructions,
  retireInstruction,
} from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertMediaKept } from '../media/use.ts'
import type { VersionedNoun } from '../version/life.ts'
import { followSignatures } from '../version/life.ts'
import { assertEffective, assertSpelling, baseOf, drafted, nextDraft } from '../version/rules.ts'
import { endRelease, lockVersions, putBase } from '../version/store.ts'
import { assertInstruction } from './rules.ts'
import {
  findInstruction,
  getInstructionVersion,
  insertInstructions,
  listInstructionVersions,
  listNewestInstructions,
  updateInstruction,
} from './store.ts'

const words = 'work instruction'

/** Work instructions, as their signatures are followed. */
const instructions: VersionedNoun = {
  noun: 'instruction',
  record: instructionSignatures.record,
  find: findInstruction,
  listOf: listInstructionVersions,
}

export function registerInstruction(platform: Platform): void {
  platform.handle(listInstructions, async (uow, { code, state }) => {
    const found =
      code === undefined ? await listNewestInstructions(uow.trx) : await listInstructionVersions(uow.trx, code)
    return found.filter((each) => state === undefined || each.state === state)
  })

  platform.handle(getInstruction, (uow, { instructionId }) => getInstructionVersion(uow.trx, instructionId))

  platform.handle(draftInstruction, async (uow, { changeReason, drawnFrom, ...content }) => {
    assertInstruction(content)
    await assertMediaKept(uow, content.code, content.steps)
    await lockVersions(uow.trx, 'instruction')
    const versions = await listInstructionVersions(uow.trx, content.code)
    const [newest] = versions
    assertSpelling(words, content.code, newest)
    const next = nextDraft(newest)
    const { id, version } = next
    const base = baseOf(words, versions, next, drawnFrom)
    const draft: WorkInstruction = {
      ...content,
      id: (id as WorkInstruction['id'] | null) ?? newId<'WorkInstruction'>(uow.at),
      version,
      ...drafted(changeReason, uow.actor.name, uow.at),
    }
    await (id === null ? insertInstructions(uow.trx, [draft]) : updateInstruction(uow.trx, draft))
    await putBase(uow.trx, 'instruction', draft.id, base)
    return await getInstructionVersion(uow.trx, draft.id)
  })

  platform.handle(retireInstruction, async (uow, { instructionId, reason }) => {
    await lockVersions(uow.trx, 'instruction')
    const instruction = await getInstructionVersion(uow.trx, instructionId)
    assertEffective(words, instruction)
    await endRelease(uow.trx, instruction.id, uow.at, reason)
    return { ...instruction, state: 'retired' as const }
  })

  followSignatures(platform, instructions)
}
