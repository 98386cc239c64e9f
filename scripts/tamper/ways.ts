import type { Way } from './way.ts'
import { fileWays } from './ways/files.ts'
import { leafWays } from './ways/leaves.ts'
import { pastWays } from './ways/past.ts'
import { recordWays } from './ways/records.ts'
import { treeWays } from './ways/tree.ts'

/** Everything that is tried: the slow ones, which copy a whole cluster, first. */
export const allWays: readonly Way[] = [...fileWays, ...pastWays, ...leafWays, ...treeWays, ...recordWays]
