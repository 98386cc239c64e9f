import type { TagDirectory } from '@throughline/equipment'
import { nodesWithin } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { findLot, listLastPlaces } from '@throughline/material'
import type { AsBuilt } from '@throughline/model'
import { getAsBuilt } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { composeAsBuilt } from './compose.ts'
import type { LotId, QualityRecords } from './facts.ts'
import { loadFacts } from './load.ts'

export interface AsBuiltSurroundings {
  readonly directory: TagDirectory
  readonly quality: QualityRecords
}

type Named = { readonly lotId: LotId } | { readonly code: string }

export function registerAsBuilt(platform: Platform, surroundings: AsBuiltSurroundings): void {
  platform.handle(getAsBuilt, async (uow, named) =>
    asBuiltOf(platform, surroundings, await findVisible(uow, named), uow.scopes),
  )
}

/** The lot that somebody may see. @throws DomainError `not-found`, `forbidden` */
async function findVisible(uow: UnitOfWork, named: Named): Promise<LotId> {
  const lot = await findLot(uow, named)
  if (lot === undefined) throw unknown('lotId' in named ? named.lotId : named.code)
  const place = (await listLastPlaces(uow.trx, [lot.id])).get(lot.id)
  if (place !== undefined) await uow.assertWithin(place)
  return lot.id
}

/** Everything of one lot that those who hold these scopes may see, from one moment of the database. */
async function asBuiltOf(
  platform: Platform,
  { directory, quality }: AsBuiltSurroundings,
  lotId: LotId,
  scopes: readonly Id<'EquipmentNode'>[] | null,
): Promise<AsBuilt> {
  const asked = { lotId, at: platform.clock.now(), within: nodesWithin(directory, scopes), quality }
  const facts = await platform.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((trx) => loadFacts(trx, asked))
  if (facts === undefined) throw unknown(lotId)
  return composeAsBuilt(platform, directory, facts)
}

const unknown = (name: string): DomainError =>
  new DomainError(
    'not-found',
    'traceability.lot-unknown',
    `There is no lot or serial ${name}: check how it is written`,
    {
      name,
    },
  )
