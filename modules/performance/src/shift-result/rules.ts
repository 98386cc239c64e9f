import type { Instant } from '@throughline/kernel'
import type { Shift } from '@throughline/model'
import type { Cell } from '../time-model/cells.ts'
import { areSame, sumElements } from '../time-model/elements.ts'
import type { StoredCell, StoredResult } from './stored-result.ts'

/** How long after its end a shift is not yet judged: readings are on their way. */
export const graceUs = 5 * 60e6

/** Changes that come one after the other are taken together: after so much quiet … */
const quietUs = 1.5e6
/** … but never later than this. */
const patienceUs = 600e6

/** Whether the changes of a machine have come to rest. */
export function isQuiet(heardAt: readonly Instant[], now: Instant): boolean {
  return now - Math.max(...heardAt) >= quietUs || now - Math.min(...heardAt) >= patienceUs
}

/** How far apart what was heard of a machine and what is worked out may be while it runs. */
const workedBehindUs = 5 * 60e6

/**
 * Whether all that was heard of a machine is worked in: while its past is being derived (late data, a back-fill) its states
 * are neither the old nor the new ones.
 */
export function isWorkedOut(progress: {
  readonly resumeAt: number | null
  readonly heardAt: number | null
  /** What is still to be followed. */
  readonly changed: unknown
}): boolean {
  const { resumeAt, heardAt, changed } = progress
  if (changed !== null) return false
  return heardAt === null || (resumeAt !== null && heardAt - resumeAt <= workedBehindUs)
}

/** What was worked out for a shift. */
export interface Worked {
  readonly shift: Shift
  readonly cells: readonly StoredCell[]
  readonly inputHash: () => string
}

/** A result, but for what its row adds to it. */
export type NewResult = Omit<StoredResult, 'id' | 'asOf'>

export const storedCellOf = ({ from, order, product, elements, stopLosses, scrapLosses }: Cell): StoredCell => ({
  ...{ from, order, product, elements, stopLosses, scrapLosses },
})

/**
 * What is to be recorded: shifts without a result get their first; those whose figures differ get the next version, with the
 * cause; a result whose shift the calendar has no more is taken back by a version of no time. What is the same stays.
 *
 * @param newest the versions that hold, one a shift
 * @param causeOf why a shift is looked at anew
 */
export function resultsToRecord(
  nodeId: StoredResult['nodeId'],
  worked: readonly Worked[],
  newest: readonly StoredResult[],
  causeOf: (span: { readonly from: Instant; readonly to: Instant }) => string,
): NewResult[] {
  const known = new Map(newest.map((result) => [result.from, result]))
  const recorded = worked.flatMap(({ shift, cells, inputHash }): NewResult[] => {
    const before = known.get(shift.from)
    const elements = sumElements(cells.map((cell) => cell.elements))
    if (before === undefined ? elements.calendarUs === 0 : isSame(before, shift, cells)) return []
    const { date, name, from, to } = shift
    const version = (before?.version ?? 0) + 1
    const cause = before === undefined ? null : causeOf(shift)
    return [{ nodeId, date, name, from, to, version, cause, inputHash: inputHash(), elements, cells }]
  })
  const begins = new Set(worked.map(({ shift }) => shift.from))
  const gone = newest.filter((result) => !begins.has(result.from) && result.elements.calendarUs > 0)
  return [
    ...recorded,
    ...gone.map(({ id: _, asOf: _at, ...result }) => ({
      ...result,
      version: result.version + 1,
      cause: `the calendar has no such shift any more: ${causeOf(result)}`,
      elements: sumElements([]),
      cells: [],
    })),
  ].sort((a, b) => a.from - b.from)
}

function isSame(before: StoredResult, shift: Shift, cells: readonly StoredCell[]): boolean {
  if (before.to !== shift.to || before.name !== shift.name || before.cells.length !== cells.length) return false
  return cells.every((cell, index) => {
    const old = before.cells[index]
    return (
      old !== undefined &&
      old.order === cell.order &&
      old.product === cell.product &&
      areSame(old.elements, cell.elements) &&
      JSON.stringify([old.stopLosses, old.scrapLosses].map(inOrder)) ===
        JSON.stringify([cell.stopLosses, cell.scrapLosses].map(inOrder))
    )
  })
}

/** The database keeps the keys of an object in an order of its own. */
const inOrder = (losses: StoredCell['stopLosses']): unknown =>
  losses.map(({ reasonId, us, count, ...rest }) => [reasonId, us, count, Object.values(rest)])
