import { setTimeout as wait } from 'node:timers/promises'
import { DomainError } from '@throughline/kernel'
import type { Truth } from './records.ts'

export const askEveryMs = 3000
/** So often the same answer, and it is taken for the last: results of shifts wait some seconds for more late data. */
const timesTheSame = 8
const patienceMs = 20 * 60_000

/** A past that is committed. */
export interface Past extends Truth {
  readonly backfill: { readonly from: number; readonly to: number; readonly held: boolean }
}

/**
 * Waits for the committed past, and until what the product made of it is complete and stays as it is: `progressOf` says how
 * far it is, beginning with "complete" when nothing is missing.
 * @throws DomainError `unavailable` when that takes too long
 */
export async function waitForPast(
  read: () => Truth,
  progressOf: (past: Past) => Promise<string>,
  log: (line: string) => void,
): Promise<Past> {
  const deadline = performance.now() + patienceMs
  let before = ''
  for (let calm = 0; ; ) {
    if (performance.now() > deadline) {
      throw new DomainError(
        'unavailable',
        'truth.not-ready',
        `Not complete after ${patienceMs / 60_000} min: ${before}`,
      )
    }
    const past = tryRead(read)
    const progress = past === undefined ? 'the past is on its way' : await progressOf(past)
    calm = progress === before && progress.startsWith('complete') ? calm + 1 : 0
    if (past !== undefined && calm === timesTheSame) return past
    if (progress !== before) log(progress)
    before = progress
    await wait(askEveryMs)
  }
}

/** The demo plant makes its past before it writes anything, and names it when all is committed. */
function tryRead(read: () => Truth): Past | undefined {
  try {
    const truth = read()
    return truth.backfill === undefined ? undefined : { ...truth, backfill: truth.backfill }
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not-found') return undefined
    throw error
  }
}
