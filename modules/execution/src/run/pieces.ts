import type { Id } from '@throughline/kernel'
import { compare, zero } from '@throughline/kernel'
import type { OperationRun, RunPiece } from '@throughline/model'
import type { Piece, RoutedRun } from './routing.ts'
import { isOpen, quantityOf, runsBefore } from './routing.ts'
import type { Report } from './store.ts'

type LotId = Id<'Lot'>

/** What is known of the pieces of a run. */
export interface PieceFacts {
  readonly run: RoutedRun & Pick<OperationRun, 'good'>
  readonly pieces: readonly Piece[]
  /** Of this run. */
  readonly reports: readonly Pick<Report, 'kind' | 'lotId' | 'quantity'>[]
  /** Of pieces that are scrap: the run that made the last of it scrap. */
  readonly scrappedBy: ReadonlyMap<LotId, Id<'OperationRun'>>
  /** Runs of the order that hold one of the pieces. */
  readonly runs: readonly (RoutedRun & Pick<OperationRun, 'name'>)[]
}

/** Where each piece of a run stands: what was reported, and what is good because nobody reported otherwise. */
export function piecesOf({ run, pieces, reports, scrappedBy, runs }: PieceFacts): RunPiece[] {
  const named = (kind: Report['kind']): Set<LotId> =>
    new Set(reports.flatMap((each) => (each.kind === kind && each.lotId !== null ? [each.lotId] : [])))
  const [sentBack, saidGood] = [named('rework'), named('good')]
  const isScrap = ({ id, state }: Piece): boolean =>
    state === 'scrapped' && (isOpen(run.state) || scrappedBy.get(id) === run.id)
  const there = pieces.filter((piece) => !isScrap(piece) && !sentBack.has(piece.id))
  const isAllGood = compare(run.good, zero) > 0 && compare(run.good, quantityOf(there)) >= 0
  const stateOf = (piece: Piece): RunPiece['state'] => {
    if (isScrap(piece)) return 'scrapped'
    if (sentBack.has(piece.id)) return 'rework'
    if (run.state === 'skipped') return 'skipped'
    return run.state === 'completed' || isAllGood || saidGood.has(piece.id) ? 'good' : 'to-do'
  }
  return pieces.map((piece) => {
    const { id, code, quantity } = piece
    const waits = isOpen(run.state) && !isScrap(piece) ? runsBefore(runs, run, [id]) : []
    return {
      id,
      code,
      quantity,
      state: stateOf(piece),
      waitsFor: waits.map(({ sequence, name }) => ({ sequence, name })),
    }
  })
}
