import type { Id } from '@throughline/kernel'
import type { UnitOfWork } from '@throughline/platform'
import { listAncestors, listDescendants } from './store.ts'

type Db = Pick<UnitOfWork, 'trx'>

/** Everything that the lots went into, at any depth, without themselves; also what is no longer in the plant. */
export const descendantsOf = (uow: Db, lotIds: readonly Id<'Lot'>[]): Promise<Id<'Lot'>[]> =>
  listDescendants(uow.trx, lotIds)

/** Everything that the lots were made of, at any depth, without themselves. */
export const ancestorsOf = (uow: Db, lotIds: readonly Id<'Lot'>[]): Promise<Id<'Lot'>[]> =>
  listAncestors(uow.trx, lotIds)
