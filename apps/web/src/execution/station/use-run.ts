import { useQueries, useQuery } from '@tanstack/react-query'
import type { OperationRun } from '@throughline/model'
import { getInstruction, getLot, getRun } from '@throughline/model'
import { useMemo } from 'react'
import { ask } from '../../door/queries.ts'
import { makingRefreshMs } from '../form/making-queries.ts'
import type { DeskState } from '../offline/offline-desk.ts'
import { useStation } from './station-context.ts'
import type { Sheet } from './step-sheet.ts'
import { answersOf, runAfter } from './step-sheet.ts'

/** An operation as it stands here: with what waits on this device, its steps and its pieces. */
export interface ShownRun {
  readonly run: OperationRun
  readonly sheet: Sheet
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
  // What was scrapped here is asked for no more; there is nothing to look for before anything was.
  const mayBeScrapped = Number(read.data?.run.scrap ?? 0) > 0 ? listed.subjects : noSubjects
  const scrapped = useQueries({
    queries: mayBeScrapped.map((lotId) => ask(getLot, { lotId })),
    combine: (lots) => lots.flatMap(({ data }) => (data?.status === 'rejected' ? [data.id as string] : [])).join(),
  })
  return useMemo(() => {
    const nameOf = (id: string): string => (id === session.personId ? session.printedName : 'Another person')
    const { waiting } = content
    const run = runAfter(read.data?.run ?? listed, waiting, nameOf)
    const steps = instruction.data?.steps ?? []
    const gone = new Set(scrapped.split(','))
    return {
      run,
      sheet: {
        steps,
        subjects: run.subjects.flatMap((id, index) =>
          gone.has(id) ? [] : [{ id, code: run.subjectCodes[index] ?? '' }],
        ),
        answers: answersOf(run, steps, read.data?.entries ?? [], waiting, nameOf),
        // What was kept by an older page does not say it.
        asked: read.data?.asked ?? [],
      },
      isRead: read.data !== undefined && (instructionId === null || instruction.data !== undefined),
      error: read.data === undefined ? read.error : instruction.data === undefined ? instruction.error : null,
    }
  }, [content, session, read.data, read.error, listed, instruction.data, instruction.error, instructionId, scrapped])
}

const noSubjects: OperationRun['subjects'] = []
