import type { Sought } from './finding.ts'
import type { Forger } from './forger.ts'
import type { CheckpointRow, Leaf, Original } from './original.ts'
import type { Product } from './product.ts'

/** What was done, and how it has to be found. */
export interface Deed {
  /** What it was done to, for people. */
  readonly target: string
  /** What the product's own check has to say. */
  readonly product: Sought
  /**
   * What the offline check of a bundle has to say: `valid` where nothing that a bundle holds was touched, `not asked`
   * where the ledger was not.
   */
  readonly bundle: Sought | 'valid' | 'not asked'
  /** Where the product may refuse to sign such a ledger or to read it, there is no bundle to be checked. */
  readonly mayRefuse?: true
  /** What happens once the product runs again. */
  readonly during?: (product: Product) => Promise<void>
}

interface Named {
  /** For people, and for the command line. */
  readonly name: string
  /** How many targets are drawn. */
  readonly times: number
}

/** In the tables, while the product is stopped. */
export interface TableWay extends Named {
  tamper(forger: Forger, draw: Draw): Promise<Deed>
}

/** In the files, while the database is stopped as well. */
export interface FileWay extends Named {
  /** Which home is copied. Default: the original. */
  homeOf?(original: Original): { readonly home: string }
  tamperFiles(home: string, original: Original, draw: Draw): Promise<Deed>
}

export type Way = TableWay | FileWay

/** Draws a number from 0 to `below`, which it never reaches. */
export type Draw = (below: number) => number

export function pick<Item>(from: readonly Item[], draw: Draw): Item {
  const item = from[draw(from.length)]
  if (item === undefined) throw new RangeError('there is nothing to pick from: the original is too small')
  return item
}

/** What the product may say instead of a bundle: it signs nothing on top of what it did not sign. */
export const refusals = [
  'platform.ledger-tree-broken',
  'platform.ledger-key-forged',
  'platform.ledger-key-missing',
  'platform.ledger-tile-missing',
  'platform.database-damaged',
]

const sealed = ({ leaves, sealed: size }: Original): readonly Leaf[] => leaves.slice(0, size)

export const pickEntry = (original: Original, draw: Draw): Leaf =>
  pick(
    sealed(original).filter(({ table }) => table === 'audit_entry'),
    draw,
  )

export const pickChange = (original: Original, draw: Draw): Leaf =>
  pick(
    sealed(original).filter(({ table }) => table === 'record_change'),
    draw,
  )

/** Entries that changed nothing, refusals mostly, with something between them. */
export function pickBareEntries(original: Original, draw: Draw): [Leaf, Leaf] {
  const withChange = new Set(original.leaves.filter(({ table }) => table === 'record_change').map(({ entry }) => entry))
  const bare = sealed(original).filter(({ table, entry }) => table === 'audit_entry' && !withChange.has(entry))
  const at = draw(bare.length - 10)
  const [one, two] = [bare[at], bare[at + 2 + draw(5)]]
  if (one === undefined || two === undefined) throw new RangeError('the original has too few refusals')
  return [one, two]
}

/** One that is not the newest. */
export const pickEarlierCheckpoint = ({ checkpoints }: Original, draw: Draw): CheckpointRow =>
  pick(checkpoints.slice(0, -1), draw)

export const nameOfLeaf = ({ table, place, record, entry }: Leaf): string =>
  `${table === 'audit_entry' ? `entry ${entry}` : `a version of ${record}`} at place ${place}`
