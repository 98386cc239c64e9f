/** Deviations of pieces, operations and orders; and all there are, page by page. */
export { listDeviationsAfter, listDeviationsOf } from './deviation/store.ts'
/** A document with what was measured. */
export type { MeasuredDocument } from './inspection/from-document.ts'
/** Inspections of pieces and operations; and all there are, page by page. */
export { listInspectionsAfter, listInspectionsOf } from './inspection/store.ts'
/** Makes the quality module. */
export { type Quality, qualityModule } from './module.ts'
/** What the module is told of the plant that it runs in. */
export type { OrderFinder, QualityOptions, Work } from './quality.ts'
