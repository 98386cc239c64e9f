import type { TagDirectory } from '@throughline/equipment'
import { nodesWithin } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { findLot, listLastPlaces } from '@throughline/material'
import { AsBuilt, exportAsBuilt, getAsBuilt, proveAsBuilt } from '@throughline/model'
import type { Platform, RawAnswer, UnitOfWork } from '@throughline/platform'
import { answerWithBundle, timeTextIn } from '@throughline/platform'
import { registerConformity } from '../conformity/operations.ts'
import type { HandOut } from '../files.ts'
import { fileOf, proofOf } from '../files.ts'
import { readingsFile, sealedRuns } from '../readings/file.ts'
import { compareReadings, putSeals } from '../readings/seal.ts'
import { putFinding } from '../readings/store.ts'
import { composeAsBuilt } from './compose.ts'
import { documentOf } from './document/document.ts'
import type { LotId, QualityRecords } from './facts.ts'
import { loadFacts } from './load.ts'

export interface AsBuiltSurroundings {
  readonly directory: TagDirectory
  readonly quality: QualityRecords
}

type NodeId = Id<'EquipmentNode'>
type Named = { readonly lotId: LotId } | { readonly code: string }

interface Wanted {
  readonly fileName: string
  readonly format: 'pdf' | 'json' | 'bundle' | 'readings.ndjson'
}

export function registerAsBuilt(platform: Platform, surroundings: AsBuiltSurroundings, hand: HandOut): void {
  const give = async (uow: UnitOfWork, lotId: LotId, format: Wanted['format']) => {
    const { code } = await findVisible(uow, { lotId })
    const fileName = `as-built-${code}.${format}`.replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    const { scopes } = uow
    return hand(uow, fileName, async () => {
      const asBuilt = await asBuiltOf(platform, surroundings, lotId, scopes)
      return answerWith(platform, surroundings, asBuilt, { fileName, format })
    })
  }

  platform.handle(getAsBuilt, async (uow, named) => {
    const { lotId } = await findVisible(uow, named)
    return asBuiltOf(platform, surroundings, lotId, uow.scopes)
  })
  platform.handle(exportAsBuilt, (uow, { lotId, format }) => give(uow, lotId, format))
  platform.handle(proveAsBuilt, async (uow, { lotId }) => {
    const bundle = await give(uow, lotId, 'bundle')
    const isSealed = await sealReadings(platform, surroundings, uow, lotId)
    return { ...bundle, readings: isSealed ? await give(uow, lotId, 'readings.ndjson') : null }
  })

  registerConformity(platform, {
    madeOf: (lotId) => asBuiltOf(platform, surroundings, lotId, null),
    zoneOf: ({ siteId }) => zoneOf(surroundings.directory, [siteId]),
    give: hand,
  })
}

/** The lot that somebody may see. @throws DomainError `not-found`, `forbidden` */
async function findVisible(uow: UnitOfWork, named: Named): Promise<{ lotId: LotId; code: string }> {
  const lot = await findLot(uow, named)
  if (lot === undefined) throw unknown('lotId' in named ? named.lotId : named.code)
  const place = (await listLastPlaces(uow.trx, [lot.id])).get(lot.id)
  if (place !== undefined) await uow.assertWithin(place)
  return { lotId: lot.id, code: lot.code }
}

/**
 * Seals the readings of what was done to a lot, where that is still to do or later ones came, so that no proof is handed out
 * that is behind; answers whether any are sealed.
 */
async function sealReadings(
  platform: Platform,
  surroundings: AsBuiltSurroundings,
  uow: UnitOfWork,
  lotId: LotId,
): Promise<boolean> {
  const { runs } = await asBuiltOf(platform, surroundings, lotId, uow.scopes)
  let isSealed = false
  for (const { id, parameters } of runs) {
    const compared = await compareReadings(platform, surroundings.directory, id, 'asked')
    await putSeals(uow, compared)
    if (compared.finding !== '') await putFinding(uow.trx, id, compared.finding, uow.at)
    isSealed ||= compared.fresh.length > 0 || parameters.some(({ seals }) => seals.length > 0)
  }
  return isSealed
}

/** Everything of one lot that those who hold these scopes may see, from one moment of the database. */
async function asBuiltOf(
  platform: Platform,
  { directory, quality }: AsBuiltSurroundings,
  lotId: LotId,
  scopes: readonly NodeId[] | null,
): Promise<AsBuilt> {
  const asked = { lotId, at: platform.clock.now(), within: nodesWithin(directory, scopes), quality }
  const facts = await platform.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((trx) => loadFacts(trx, asked))
  if (facts === undefined) throw unknown(lotId)
  return AsBuilt.parse(await composeAsBuilt(platform, directory, facts))
}

async function answerWith(
  platform: Platform,
  { directory }: AsBuiltSurroundings,
  asBuilt: AsBuilt,
  { fileName, format }: Wanted,
): Promise<RawAnswer> {
  const { plant, ...proof } = await proofOf(platform)
  const json = JSON.stringify({ format: 'throughline-as-built/1', plant, asBuilt, proof }, null, 1)
  if (format === 'readings.ndjson') {
    const head = { ledger: proof.ledger, plant, of: asBuilt.lot.code, exportedAt: asBuilt.at }
    return answerWithBundle(readingsFile(platform, sealedRuns(asBuilt), head), fileName)
  }
  if (format === 'json') return fileOf(fileName, 'application/json', Buffer.from(json))
  const timeText = timeTextIn(zoneOf(directory, [asBuilt.lot.nodeId, asBuilt.order?.siteId]))
  const pdf = await documentOf({ asBuilt, plant, proof, json, timeText })
  if (format === 'pdf') return fileOf(fileName, 'application/pdf', pdf)
  const document = { name: fileName.replace(/bundle$/, 'pdf'), content: pdf }
  return answerWithBundle(
    platform.ledger.exportBundle({ kind: 'records', records: asBuilt.records }, document),
    fileName,
  )
}

/** Of the first of these places that has one; UTC where nobody knows. */
function zoneOf(directory: TagDirectory, places: readonly (NodeId | null | undefined)[]): string {
  for (const start of places) {
    for (let node = start == null ? undefined : directory.node(start); node !== undefined; ) {
      if (node.timeZone !== null) return node.timeZone
      node = node.parentId === null ? undefined : directory.node(node.parentId)
    }
  }
  return 'UTC'
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
