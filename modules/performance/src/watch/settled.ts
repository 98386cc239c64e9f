import type { MachineState } from '@throughline/model'

export interface Spell {
  readonly from: number
  readonly state: MachineState
  readonly label: string
}

export interface Work {
  readonly from: number
  readonly order: string | null
  readonly product: string | null
}

export interface Step {
  readonly at: number
  total: number | null
  good: number | null
  scrap: number | null
  rework: number | null
}

/** What counters rose by from `since`, when they were no longer read, until they were read again at `at`. */
export interface Gap extends Step {
  readonly since: number
}

export interface Note {
  readonly at: number
  readonly tag: string
  readonly before: number
  readonly after: number
}

export interface Code {
  readonly at: number
  readonly code: string | null
}

/** What followed from readings and will not change any more by later ones. */
export interface Settled {
  readonly spells: (Spell & { readonly to: number })[]
  readonly works: (Work & { readonly to: number })[]
  readonly steps: Step[]
  readonly gaps: Gap[]
  readonly notes: Note[]
  readonly codes: Code[]
}

export const nothingSettled = (): Settled => ({ spells: [], works: [], steps: [], gaps: [], notes: [], codes: [] })
