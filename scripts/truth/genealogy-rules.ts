/** One step of the genealogy, by what stands on labels. */
export interface Step {
  readonly kind: string
  readonly from: string
  readonly to: string
}

export type Direction = 'backward' | 'forward'

/** How much of what was told is true, and of what is true was told; 1 where there was nothing of it. */
export interface Score {
  readonly told: number
  readonly true: number
  readonly both: number
}

const nameOf = ({ kind, from, to }: Step): string => `${from} ${kind} ${to}`

/** The steps that are walked from one lot, each once. */
export function walk(edges: readonly Step[], from: string, direction: Direction): Step[] {
  const next = Map.groupBy(edges, (edge) => (direction === 'forward' ? edge.from : edge.to))
  const seen = new Set([from])
  const found: Step[] = []
  for (const lot of seen) {
    for (const edge of next.get(lot) ?? []) {
      found.push(edge)
      seen.add(direction === 'forward' ? edge.to : edge.from)
    }
  }
  return found
}

/** Holds what was told of one question against the truth; the same step told twice counts as told twice. */
export function scoreOf(told: readonly Step[], truth: readonly Step[]): Score {
  const right = new Set(truth.map(nameOf))
  const names = new Set(told.map(nameOf))
  return { told: told.length, true: right.size, both: [...right].filter((name) => names.has(name)).length }
}

export const sumOf = (scores: readonly Score[]): Score =>
  scores.reduce(
    (sum, each) => ({ told: sum.told + each.told, true: sum.true + each.true, both: sum.both + each.both }),
    { told: 0, true: 0, both: 0 },
  )

export const precisionOf = ({ told, both }: Score): number => (told === 0 ? 1 : both / told)
export const recallOf = ({ true: all, both }: Score): number => (all === 0 ? 1 : both / all)

/** Takes away from `found` one for each that is wanted; answers what was not found, and what nobody wanted. */
export function matched<Wanted, Found>(
  wanted: readonly Wanted[],
  found: readonly Found[],
  fits: (wanted: Wanted, found: Found) => boolean,
): { readonly missing: Wanted[]; readonly surplus: Found[] } {
  const surplus = [...found]
  const missing = wanted.filter((each) => {
    const index = surplus.findIndex((one) => fits(each, one))
    if (index >= 0) surplus.splice(index, 1)
    return index < 0
  })
  return { missing, surplus }
}
