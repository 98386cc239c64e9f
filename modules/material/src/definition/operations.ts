import { DomainError, newId } from '@throughline/kernel'
import type { BillOfMaterial, MaterialDefinition } from '@throughline/model'
import {
  adoptMaterialDefinitions,
  draftMaterialDefinition,
  listMaterialDefinitions,
  retireMaterialDefinition,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { assertBom } from '../bom/rules.ts'
import { insertBoms, listEffectiveBoms, listNewestBoms } from '../bom/store.ts'
import { deleteInReview, lockVersions, putInForce, retire } from '../release/store.ts'
import { getDefinition } from './face.ts'
import { assertDefinition, assertFits } from './rules.ts'
import { insertDefinitions, listKnown, listNewest, listVersions, updateDraft } from './store.ts'

export function registerDefinition(platform: Platform): void {
  platform.handle(listMaterialDefinitions, async (uow, { code, state }) => {
    const found = code === undefined ? await listNewest(uow.trx) : await listVersions(uow.trx, code)
    return found.filter((each) => state === undefined || each.state === state)
  })

  platform.handle(draftMaterialDefinition, async (uow, { changeReason, ...content }) => {
    assertDefinition(content)
    await lockVersions(uow.trx)
    const versions = await listVersions(uow.trx, content.code)
    const [newest] = versions
    const used = versions.find(({ state }) => state === 'effective' || state === 'retired')
    if (used !== undefined) assertFits(content, used)
    const present = newest?.state === 'draft' || newest?.state === 'in-review' ? newest : undefined
    const draft: MaterialDefinition = {
      ...content,
      // One material, one spelling.
      code: newest?.code ?? content.code,
      id: present?.id ?? newId<'MaterialDefinition'>(uow.at),
      version: present?.version ?? (newest?.version ?? 0) + 1,
      ...draftedNow(uow, changeReason),
    }
    if (present === undefined) await insertDefinitions(uow.trx, [draft])
    else {
      // Who signed it signed something else.
      await deleteInReview(uow.trx, present.id)
      await updateDraft(uow.trx, draft)
    }
    return draft
  })

  platform.handle(adoptMaterialDefinitions, async (uow, { materials, boms, document, reason }) => {
    await lockVersions(uow.trx)
    const names = new Set((await listNewest(uow.trx)).map(({ code }) => code.toLowerCase()))
    const known: string[] = []
    const adopted: MaterialDefinition[] = []
    for (const content of materials) {
      if (names.has(content.code.toLowerCase())) {
        known.push(content.code)
        continue
      }
      assertDefinition(content)
      names.add(content.code.toLowerCase())
      adopted.push({ ...content, id: newId<'MaterialDefinition'>(uow.at), version: 1, ...draftedNow(uow, reason) })
    }
    await insertDefinitions(uow.trx, adopted)
    for (const each of adopted) await putInForce(uow.trx, 'definition', each, uow.at, document)
    const bomsBefore = await listNewestBoms(uow.trx)
    const products = new Set(bomsBefore.map(({ product }) => product.toLowerCase()))
    const fresh: BillOfMaterial[] = []
    for (const content of boms) {
      if (products.has(content.product.toLowerCase())) {
        known.push(content.product)
        continue
      }
      products.add(content.product.toLowerCase())
      const begun = { ...draftedNow(uow, reason), drawnFrom: null, overtakenBy: null }
      fresh.push({ ...content, id: newId<'BillOfMaterial'>(uow.at), version: 1, ...begun })
    }
    const inForce = [...(await listEffectiveBoms(uow.trx)), ...fresh]
    for (const each of fresh) {
      const named = await listKnown(uow.trx, codesOf(each))
      assertBom(each, newestOf(named), inForce)
    }
    await insertBoms(uow.trx, fresh)
    for (const each of fresh) {
      await putInForce(uow.trx, 'bom', { id: each.id, code: each.product, version: 1 }, uow.at, document)
    }
    const now = { state: 'effective' as const, effectiveAt: uow.at }
    return {
      materials: adopted.map((each) => ({ ...each, ...now })),
      boms: fresh.map((each) => ({ ...each, ...now })),
      known,
    }
  })

  platform.handle(retireMaterialDefinition, async (uow, { definitionId, reason }) => {
    await lockVersions(uow.trx)
    const definition = await getDefinition(uow, definitionId)
    if (definition.state !== 'effective') throw notEffective(definition)
    await retire(uow.trx, definition.id, uow.at, reason)
    return { ...definition, state: 'retired' as const }
  })
}

/** What every draft of this moment has in common. */
export const draftedNow = (uow: UnitOfWork, changeReason: string) => ({
  state: 'draft' as const,
  changeReason,
  draftedBy: uow.actor.name,
  draftedAt: uow.at,
  effectiveAt: null,
})

/** Every material that a bill of material names, its product too. */
export const codesOf = ({ product, lines }: Pick<BillOfMaterial, 'product' | 'lines'>): string[] => [
  product,
  ...lines.flatMap(({ material, alternates }) => [material, ...alternates]),
]

/** Of versions of several materials, newest first, the one of each that holds: in force, else the newest. */
export function newestOf(versions: readonly MaterialDefinition[]): MaterialDefinition[] {
  const byCode = Map.groupBy(versions, ({ code }) => code.toLowerCase())
  return [...byCode.values()].flatMap((all) => all.find(({ state }) => state === 'effective') ?? all.slice(0, 1))
}

const notEffective = ({ code, version, state }: MaterialDefinition): DomainError =>
  new DomainError(
    'conflict',
    'material.definition-not-effective',
    `Version ${version} of material ${code} is ${state}: only an effective one is retired`,
    { state },
  )
