import { readFileSync } from 'node:fs'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

const ms = z.number()
const Lines = {
  lot: z.object({ code: z.string(), material: z.string(), at: ms }),
  edge: z.object({ kind: z.string(), from: z.string(), to: z.string(), at: ms }),
  refused: z.object({
    ...{ story: z.string(), code: z.string(), gate: z.string(), subject: z.string(), who: z.string() },
    ...{ order: z.string().default(''), at: ms },
  }),
  deviation: z.object({ story: z.string(), cause: z.string(), order: z.string(), at: ms }),
  filling: z.object({ lot: z.string(), at: ms }),
  filled: z.object({ lot: z.string(), at: ms }),
  quarantine: z.object({ story: z.string(), from: ms, to: ms, at: ms }),
  left: z.object({ errand: z.string(), act: z.string(), who: z.string(), at: ms, why: z.string() }),
  people: z.object({ at: ms, deeds: z.number().optional(), seconds: z.number().optional() }),
}

export type TrueLot = z.infer<typeof Lines.lot>
export type TrueEdge = z.infer<typeof Lines.edge>
export type TrueRefusal = z.infer<typeof Lines.refused>
export type TrueDeviation = z.infer<typeof Lines.deviation>

/** What people of the demo plant did, up to `toMs`. */
export interface PeopleTruth {
  /** Everything until then is done; undefined = they are not through with the past yet. */
  readonly toMs: number | undefined
  /** What the past took. */
  readonly past: { readonly deeds: number; readonly seconds: number } | undefined
  readonly lots: readonly TrueLot[]
  readonly edges: readonly TrueEdge[]
  readonly refusals: readonly TrueRefusal[]
  readonly deviations: readonly TrueDeviation[]
  /** When each range of vials was filled. */
  readonly ranges: readonly { readonly lot: string; readonly from: number; readonly to: number }[]
  /** Times of which all that was filled, and all that came of it, had to go into quarantine. */
  readonly quarantines: readonly z.infer<typeof Lines.quarantine>[]
  /** Work that went otherwise than it was to go. */
  readonly left: readonly z.infer<typeof Lines.left>[]
}

/** @throws DomainError `not-found` when there is no truth at that place */
export function readPeopleTruth(path: string): PeopleTruth {
  const found: Record<keyof typeof Lines, unknown[]> = {
    ...{ lot: [], edge: [], refused: [], deviation: [], left: [], people: [], filling: [], filled: [], quarantine: [] },
  }
  const text = read(path)
  for (const line of text.slice(0, text.lastIndexOf('\n')).split('\n')) {
    const type = /^\{"type":"(\w+)"/.exec(line)?.[1]
    if (type !== undefined && type in found) found[type as keyof typeof Lines].push(JSON.parse(line))
  }
  const marks = found.people.map((line) => Lines.people.parse(line))
  const toMs = marks.at(-1)?.at
  const until = <Line extends { readonly at: number }>(schema: z.ZodType<Line>, lines: readonly unknown[]): Line[] =>
    lines.map((line) => schema.parse(line)).filter(({ at }) => toMs === undefined || at <= toMs)
  const began = new Map(until(Lines.filling, found.filling).map(({ lot, at }) => [lot, at]))
  const [first] = marks
  const { deeds, seconds } = first ?? {}
  return {
    toMs,
    past: deeds === undefined || seconds === undefined ? undefined : { deeds, seconds },
    lots: until(Lines.lot, found.lot),
    edges: until(Lines.edge, found.edge),
    refusals: until(Lines.refused, found.refused),
    deviations: until(Lines.deviation, found.deviation),
    ranges: until(Lines.filled, found.filled).map(({ lot, at: to }) => ({ lot, from: began.get(lot) ?? to, to })),
    quarantines: until(Lines.quarantine, found.quarantine),
    left: until(Lines.left, found.left),
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DomainError('not-found', 'truth.none', `There is no truth of a demo plant at ${path}`, {}, error)
  }
}
