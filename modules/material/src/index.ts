/** What is asked about gauges and scales. */
export type { AssetFinder } from './assets.ts'
/** What holds of a bill of material for one piece and moment: pure. */
export { type Effectivity, effectiveLines } from './bom/rules.ts'
/** Containers: those around a lot, some by their ids, all there are, page by page, and the lots inside one. */
export { listContainersAfter, listContainersAround, listContainersById, listLotsInside } from './container/store.ts'
/** What is in force, and what an order keeps. */
export { effectiveBom, effectiveDefinition, getBom, getDefinition } from './definition/face.ts'
/** What was made of what. */
export { ancestorsOf, descendantsOf } from './genealogy/face.ts'
/** What execution does with material, in its own transaction. */
export {
  consume,
  findLot,
  getLots,
  giveToOrder,
  lockLots,
  produce,
  produceLess,
  produceMore,
  returnConsumed,
  scrapLot,
  splitLot,
  startShelfLife,
  type Work,
} from './lot/face.ts'
/** Why a lot may not be used: pure. */
export { checkIssuable, type IssueProblem, type IssueProblemKind } from './lot/issue.ts'
/** The out-life clock: pure. */
export { outLifeAt } from './lot/out-life.ts'
/** Where lots were last. */
export { listLastPlaces } from './lot/store.ts'
/** Makes the material module. */
export { type MaterialOptions, materialModule } from './module.ts'
/** What happened to lots, what went into them, and all that ever happened, page by page. */
export { findMovements, listMovementsAfter, listMovementsInto } from './movement/store.ts'
/** What is asked of the plant's model about places. */
export type { NodeFinder } from './nodes.ts'
/** What a scanned text says, by GS1 or as it stands: pure. */
export { readScan, type Scan } from './scan/gs1.ts'
/** What dispensed lots were weighed out of, on which scale, by whom. */
export { listWeighingsInto } from './weighing/store.ts'
