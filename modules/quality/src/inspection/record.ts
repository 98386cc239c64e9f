import { newId } from '@throughline/kernel'
import { findLot } from '@throughline/material'
import type { CharacteristicResult, Inspection } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { open } from '../deviation/open.ts'
import { ofInspection } from '../deviation/rules.ts'
import type { QualityOptions } from '../quality.ts'
import { hasPassed, judged } from './rules.ts'
import { findOfDocument, insertInspection } from './store.ts'
import type { NamedWork } from './work.ts'
import { namedRun } from './work.ts'

/** What was measured, before it is judged and its piece is looked up. */
export interface Measured extends Pick<Inspection, 'kind' | 'piece' | 'orderId' | 'gauge' | 'at' | 'document'> {
  readonly work: NamedWork
  readonly results: readonly Omit<CharacteristicResult, 'within'>[]
}

/** Records what was measured on a piece; a piece of a document that was read before is not recorded again. */
export async function record(
  uow: UnitOfWork,
  options: QualityOptions,
  { work, ...measured }: Measured,
): Promise<Inspection> {
  const known =
    measured.document === null ? undefined : await findOfDocument(uow.trx, measured.document, measured.piece)
  if (known !== undefined) return known
  const lot = await findLot(uow, { code: measured.piece })
  if (lot?.nodeId != null) await uow.assertWithin(lot.nodeId)
  const run = await namedRun(uow.trx, options.runs, work, lot?.id ?? null)
  if (run?.nodeId != null) await uow.assertWithin(run.nodeId)
  const results = judged(measured.results)
  const inspection: Inspection = {
    ...measured,
    id: newId<'Inspection'>(uow.at),
    lotId: lot?.id ?? null,
    nodeId: run?.nodeId ?? lot?.nodeId ?? null,
    orderId: measured.orderId ?? run?.orderId ?? lot?.orderId ?? null,
    runId: run?.id ?? null,
    recordedAt: uow.at,
    recordedBy: uow.actor.name,
    passed: hasPassed(results),
    results,
  }
  await insertInspection(uow.trx, inspection)
  const { id: inspectionId, lotId, runId, gauge, passed, at } = inspection
  const told = { inspectionId, lotId, runId, gauge, passed, at }
  if (passed !== false) {
    uow.emit('quality.inspection-recorded', told)
    return inspection
  }
  const occasion = ofInspection(inspection)
  const deviation = await open(uow, options, occasion)
  const { piece, nodeId } = inspection
  const about = { deviationId: deviation?.id ?? null, deviation: deviation?.code ?? null }
  const failed = { piece, about: occasion.description, nodeId, ...about }
  uow.emit('quality.inspection-recorded', { ...told, failed })
  return inspection
}
