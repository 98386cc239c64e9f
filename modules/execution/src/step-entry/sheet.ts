import type { StepEntry } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { findInstruction } from '../instruction/store.ts'
import { listPieces } from '../order/store.ts'
import type { RunCase } from '../run/held.ts'
import type { Piece } from '../run/routing.ts'
import { listReports } from '../run/store.ts'
import type { Sheet } from './sequence.ts'
import { listEntries } from './store.ts'

/** The steps of an operation with what was answered, and the pieces that they are still done for. */
export interface RunSheet extends Sheet {
  readonly subjects: readonly Piece[]
  /** Entries that stand, oldest first. */
  readonly answers: readonly StepEntry[]
}

export async function readSheet(uow: UnitOfWork, { run, order }: RunCase): Promise<RunSheet> {
  const instruction = run.instructionId === null ? undefined : await findInstruction(uow.trx, run.instructionId)
  const sentBack = new Set(
    (await listReports(uow.trx, run.id)).flatMap(({ kind, lotId }) =>
      kind === 'rework' && lotId !== null ? [lotId] : [],
    ),
  )
  const there = (await listPieces(uow.trx, order.id)).filter(
    ({ id, state }) => run.subjects.includes(id) && state !== 'scrapped' && !sentBack.has(id),
  )
  const answers = (await listEntries(uow.trx, run.id)).filter(({ replacedAt }) => replacedAt === null)
  return { steps: instruction?.steps ?? [], subjects: there, answers }
}
