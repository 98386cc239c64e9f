import { readFileSync } from 'node:fs'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

const ms = z.number()
const Lines = {
  backfill: z.object({ from: ms, to: ms, held: z.boolean().default(false) }),
  state: z.object({ asset: z.string(), state: z.string(), from: ms, to: ms, why: z.string().default('') }),
  made: z.object({
    ...{ asset: z.string(), at: ms, order: z.string(), product: z.string() },
    ...{ total: z.number(), good: z.number(), orderEnds: z.boolean() },
  }),
  shift: z.object({ asset: z.string(), date: z.string(), name: z.string(), from: ms, to: ms }),
  event: z.object({
    ...{ id: z.string(), from: ms, to: ms },
    // `lingers` = until when the same alarm may come again, as what the event did is not mended yet.
    expected: z.array(z.object({ tag: z.string(), earliest: ms, latest: ms, lingers: ms.optional() })),
  }),
}

export type StateRecord = z.infer<typeof Lines.state>
export type MadeRecord = z.infer<typeof Lines.made>
export type ShiftRecord = z.infer<typeof Lines.shift>
export type EventRecord = z.infer<typeof Lines.event>

/** What really happened, as far as it is compared; times in milliseconds. */
export interface Truth {
  /** The back-filled past; absent = it is not committed yet; `held` = what the edge agent kept in E18 is still to come. */
  readonly backfill: { readonly from: number; readonly to: number; readonly held: boolean } | undefined
  readonly states: readonly StateRecord[]
  readonly made: readonly MadeRecord[]
  readonly shifts: readonly ShiftRecord[]
  readonly events: readonly EventRecord[]
}

/**
 * Reads the truth of a demo plant; a last line that is still being written is left out.
 * @throws DomainError `not-found` when there is none
 */
export function readTruth(path: string): Truth {
  const found: Record<keyof typeof Lines, unknown[]> = { backfill: [], state: [], made: [], shift: [], event: [] }
  const text = read(path)
  for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
    const type = /^\{"type":"(\w+)"/.exec(line)?.[1]
    if (type !== undefined && type in found) found[type as keyof typeof Lines].push(JSON.parse(line))
  }
  return {
    backfill: Lines.backfill.optional().parse(found.backfill.at(-1)),
    states: found.state.map((line) => Lines.state.parse(line)),
    made: found.made.map((line) => Lines.made.parse(line)),
    shifts: found.shift.map((line) => Lines.shift.parse(line)),
    events: found.event.map((line) => Lines.event.parse(line)),
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DomainError('not-found', 'truth.none', `There is no truth of a demo plant at ${path}`, {}, error)
  }
}
