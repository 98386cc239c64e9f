import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { BillOfMaterial, MaterialDefinition } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { findBom, findBomAt } from '../bom/store.ts'
import { findDefinition, findEffective } from './store.ts'

type Db = Pick<UnitOfWork, 'trx'>

/** The version of a material that is in force now, whatever the case of the code. */
export const effectiveDefinition = (uow: Db, code: string): Promise<MaterialDefinition | undefined> =>
  findEffective(uow.trx, code)

/** One version of a material. @throws DomainError `not-found` */
export async function getDefinition(uow: Db, id: Id<'MaterialDefinition'>): Promise<MaterialDefinition> {
  const found = await findDefinition(uow.trx, id)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'material.definition-unknown', `There is no material definition ${id}`, { id })
}

/** The bill of material of a product that was in force at an instant. Which of its lines hold, `effectiveLines` says. */
export const effectiveBom = (uow: Db, product: string, at: Instant): Promise<BillOfMaterial | undefined> =>
  findBomAt(uow.trx, product, at)

/** One version of a bill of material. @throws DomainError `not-found` */
export async function getBom(uow: Db, id: Id<'BillOfMaterial'>): Promise<BillOfMaterial> {
  const found = await findBom(uow.trx, id)
  if (found !== undefined) return found
  throw new DomainError('not-found', 'material.bom-unknown', `There is no bill of material ${id}`, { id })
}
