import { DomainError, newId } from '@throughline/kernel'
import type { BillOfMaterial } from '@throughline/model'
import { draftBom, listBoms, retireBom } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { getBom } from '../definition/face.ts'
import { codesOf, draftedNow, newestOf } from '../definition/operations.ts'
import { listKnown } from '../definition/store.ts'
import { deleteInReview, lockVersions, retire } from '../release/store.ts'
import { assertBom, baseOf } from './rules.ts'
import { insertBoms, listBomVersions, listEffectiveBoms, listNewestBoms, putBase, updateBomDraft } from './store.ts'

export function registerBom(platform: Platform): void {
  platform.handle(listBoms, async (uow, { product, state }) => {
    const found = product === undefined ? await listNewestBoms(uow.trx) : await listBomVersions(uow.trx, product)
    return found.filter((each) => state === undefined || each.state === state)
  })

  platform.handle(draftBom, async (uow, { changeReason, drawnFrom, ...content }) => {
    await lockVersions(uow.trx)
    assertBom(content, newestOf(await listKnown(uow.trx, codesOf(content))), await listEffectiveBoms(uow.trx))
    const versions = await listBomVersions(uow.trx, content.product)
    const [newest] = versions
    const present = newest?.state === 'draft' || newest?.state === 'in-review' ? newest : undefined
    const draft: BillOfMaterial = {
      ...content,
      product: newest?.product ?? content.product,
      id: present?.id ?? newId<'BillOfMaterial'>(uow.at),
      version: present?.version ?? (newest?.version ?? 0) + 1,
      ...draftedNow(uow, changeReason),
      ...{ drawnFrom: baseOf(versions, present, drawnFrom), overtakenBy: null },
    }
    if (present === undefined) await insertBoms(uow.trx, [draft])
    else {
      await deleteInReview(uow.trx, present.id)
      await updateBomDraft(uow.trx, draft)
    }
    await putBase(uow.trx, draft.id, draft.drawnFrom)
    return await getBom(uow, draft.id)
  })

  platform.handle(retireBom, async (uow, { bomId, reason }) => {
    await lockVersions(uow.trx)
    const bom = await getBom(uow, bomId)
    if (bom.state !== 'effective') {
      throw new DomainError(
        'conflict',
        'material.bom-not-effective',
        `Version ${bom.version} of the bill of material of ${bom.product} is ${bom.state}: only an effective one is retired`,
        { state: bom.state },
      )
    }
    await retire(uow.trx, bom.id, uow.at, reason)
    return { ...bom, state: 'retired' as const }
  })
}
