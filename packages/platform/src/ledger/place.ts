import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Position } from './store.ts'
import { after, beginning, countLeaves, findCheckpointsAround } from './store.ts'

/** Where a leaf stands in the tree, and the sizes of the checkpoint before it and of the first that has it. */
export interface LeafPlace {
  readonly place: number
  readonly since: number
  readonly checkpoint: number
}

/** The place of a leaf; undefined when it is not sealed yet. Counts only the leaves since the checkpoint before it. */
export async function placeAt(db: Kysely<Tables>, leaf: Position): Promise<LeafPlace | undefined> {
  const { before, sealing } = await findCheckpointsAround(db, leaf)
  if (sealing === undefined) return undefined
  const since = before?.size ?? 0
  const between = await countLeaves(db, before === undefined ? beginning : after(before), leaf)
  return { place: since + between, since, checkpoint: sealing.size }
}
