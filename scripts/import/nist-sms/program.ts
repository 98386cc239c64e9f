import { DomainError } from '@throughline/kernel'

/** An operation on a kind of part, with the highest block that each of its traces tells. */
export interface TracedOperation {
  readonly part: string
  readonly operation: number
  readonly lastBlocks: readonly (number | null)[]
}

/**
 * The line of a G-code program that ends it (M30 or M2), counted from 1 as the machine counts its blocks.
 * @throws DomainError `invalid` naming the file
 */
export function endLineOf(text: string, file: string): number {
  const end = text.split(/\r?\n/).findIndex((line) => /M0?(30|2)(?![\d.])/.test(line.replaceAll(/\([^)]*\)/g, '')))
  if (end >= 0) return end + 1
  throw new DomainError(
    'invalid',
    'import.program-endless',
    `${file}: no line ends the program (M30 or M2), so it was cut off or is no G-code. Fetch the file again`,
    { file },
  )
}

/**
 * Which operation ran a program. The machine shows the same name for several, so that the name proves nothing; but each run
 * to the end stops at the program's last line: every trace of the operation must. Null = none does.
 * @throws DomainError `conflict` when more than one does
 */
export function operationBy(endLine: number, file: string, operations: readonly TracedOperation[]) {
  const fitting = operations.filter(
    ({ lastBlocks }) => lastBlocks.length > 0 && lastBlocks.every((each) => each === endLine),
  )
  const [one = null, another] = fitting
  if (another === undefined) return one
  throw new DomainError(
    'conflict',
    'import.program-ambiguous',
    `${file}: ${fitting.map(({ part, operation }) => `${part} operation ${operation}`).join(' and ')} both end at its line ${endLine}. Leave the program out`,
    { file },
  )
}
