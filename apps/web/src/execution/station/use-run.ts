import { useQuery } from '@tanstack/react-query'
import type { OperationRun, RunPiece } from '@throughline/model'
import { getInstruction, getRun } from '@throughline/model'
import { useMemo } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import type { DeskState } from '../offline/offline-desk.ts'
import type { SentBack } from './pieces.ts'
import { isThere, piecesOf } from './pieces.ts'
import { useStation } from './station-context.ts'
import type { Sheet } from './step-sheet.ts'
import { answersOf, runAfter } from './step-sheet.ts'

/** An operation as it stands here: with what waits on this device, its steps and its pieces. */
export interface ShownRun {
  readonly run: OperationRun
  readonly pieces: readonly RunPiece[]
  readonly sheet: Sheet
  readonly sentBack: readonly SentBack[]
  /** Whether pieces of it can be sent back to be done again. */
  readonly hasWayBack: boolean
  /** Undefined = its steps are still being read. */
  readonly isRead: boolean
  readonly error: unknown
}

export function useRun(listed: OperationRun, { content }: DeskState): ShownRun {
  const { session } = useStation()
  const read = useQuery({ ...ask(getRun, { runId: listed.id }), refetchInterval: makingRefreshMs })
  const instructionId = listed.instructionId
  const instruction = useQuery({
    ...ask(getInstruction, { instructionId: instructionId ?? '' }),
    enabled: instructionId !== null,
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  return useMemo(() => {
    const nameOf = (id: string): string => (id === session.personId ? session.printedName : 'Another person')
    const { waiting } = content
    const run = runAfter(read.data?.run ?? listed, waiting, nameOf)
    const steps = instruction.data?.steps ?? []
    // What was kept by an older page does not say it.
    const pieces = piecesOf(run, read.data?.pieces ?? [])
    return {
      run,
      pieces,
      sentBack: read.data?.sentBack ?? [],
      hasWayBack: read.data?.reworkTo != null,
      sheet: {
        steps,
        subjects: pieces.filter(isThere),
        answers: answersOf(run, steps, read.data?.entries ?? [], waiting, nameOf),
        asked: read.data?.asked ?? [],
      },
      isRead: read.data !== undefined && (instructionId === null || instruction.data !== undefined),
      error: read.data === undefined ? read.error : instruction.data === undefined ? instruction.error : null,
    }
  }, [content, session, read.data, read.error, listed, instruction.data, instruction.error, instructionId])
}
