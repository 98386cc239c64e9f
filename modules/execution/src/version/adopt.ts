import type { TagDirectory } from '@throughline/equipment'
import { DomainError, newId } from '@throughline/kernel'
import type { WorkDefinition, WorkInstruction } from '@throughline/model'
import { adoptDefinitions, draftInstruction, draftWorkDefinition } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertInstruction } from '../instruction/rules.ts'
import { insertInstructions, listNewestInstructions } from '../instruction/store.ts'
import { assertMediaKept } from '../media/use.ts'
import { placesOf } from '../work-definition/operations.ts'
import { assertWorkDefinition } from '../work-definition/rules.ts'
import { insertDefinitions, listNewestDefinitions } from '../work-definition/store.ts'
import { drafted } from './rules.ts'
import { lockVersions, putReleases } from './store.ts'

/** Takes over what was released elsewhere, at commissioning: all of it, or nothing and every field that is wrong. */
export function registerAdoption(platform: Platform, directory: TagDirectory): void {
  const places = placesOf(directory)

  platform.handle(adoptDefinitions, async (uow, input) => {
    const definitions = parsed('workDefinitions', draftWorkDefinition.input, input.workDefinitions)
    const instructions = parsed('instructions', draftInstruction.input, input.instructions)
    await lockVersions(uow.trx, 'work-definition')
    await lockVersions(uow.trx, 'instruction')
    const sorted = {
      definitions: apart(definitions, await listNewestDefinitions(uow.trx, undefined)),
      instructions: apart(instructions, await listNewestInstructions(uow.trx)),
    }
    for (const each of sorted.definitions.fresh) assertWorkDefinition(each, places)
    for (const each of sorted.instructions.fresh) {
      assertInstruction(each)
      await assertMediaKept(uow, each.code, each.steps)
    }
    const life = { version: 1, ...drafted(input.reason, uow.actor.name, uow.at), effectiveAt: uow.at }
    const newDefinitions: WorkDefinition[] = sorted.definitions.fresh.map(({ changeReason: _, ...each }) => ({
      ...each,
      id: newId<'WorkDefinition'>(uow.at),
      ...life,
    }))
    const newInstructions: WorkInstruction[] = sorted.instructions.fresh.map(({ changeReason: _, ...each }) => ({
      ...each,
      id: newId<'WorkInstruction'>(uow.at),
      ...life,
    }))
    await insertDefinitions(uow.trx, newDefinitions)
    await insertInstructions(uow.trx, newInstructions)
    await putReleases(uow.trx, 'work-definition', newDefinitions, 'effective', uow.at, input.document)
    await putReleases(uow.trx, 'instruction', newInstructions, 'effective', uow.at, input.document)
    return {
      adopted: [...newInstructions, ...newDefinitions].map(({ code }) => code),
      known: [...sorted.instructions.known, ...sorted.definitions.known],
    }
  })
}

interface Reader<Content> {
  safeParse(given: unknown):
    | { readonly success: true; readonly data: Content }
    | {
        readonly success: false
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
        }
      }
}

/** Each as its draft is taken, without a reason of its own. */
function parsed<Content>(list: string, schema: Reader<Content>, given: readonly unknown[]): Content[] {
  const reason = { changeReason: 'adopted' }
  const found = given.map((each) =>
    schema.safeParse(typeof each === 'object' && each !== null ? { ...each, ...reason } : each),
  )
  const fields = found.flatMap((each, index) =>
    each.success
      ? []
      : each.error.issues.map(({ path, message }) => ({ path: [list, index, ...path].map(String).join('.'), message })),
  )
  const [first] = fields
  if (first !== undefined) {
    const more = fields.length === 1 ? '' : `, and ${fields.length - 1} more`
    throw new DomainError(
      'invalid',
      'execution.adoption-invalid',
      `Nothing was taken over: ${first.path}: ${first.message}${more}`,
      { fields },
    )
  }
  return found.flatMap((each) => (each.success ? [each.data] : []))
}

/** What is new, once each; and the codes that there are already. */
function apart<Content extends { readonly code: string }>(
  given: readonly Content[],
  existing: readonly { readonly code: string }[],
): { readonly fresh: readonly Content[]; readonly known: readonly string[] } {
  const codes = new Set(existing.map(({ code }) => code.toLowerCase()))
  const fresh: Content[] = []
  const known: string[] = []
  for (const each of given) {
    const key = each.code.toLowerCase()
    if (codes.has(key)) known.push(each.code)
    else fresh.push(each)
    codes.add(key)
  }
  return { fresh, known }
}
