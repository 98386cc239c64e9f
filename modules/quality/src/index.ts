/** One deviation; those of pieces, operations and orders; all there are, page by page. */
export { findDeviation, listDeviationsAfter, listDeviationsOf } from './deviation/store.ts'
/** A document with what was measured. */
export type { MeasuredDocument } from './inspection/from-document.ts'
/** One inspection; those of pieces and operations; all there are, page by page. */
export { findInspection, listInspectionsAfter, listInspectionsOf } from './inspection/store.ts'
/** Makes the quality module. */
export { type Quality, qualityModule } from './module.ts'
/** What the module is told of the plant that it runs in. */
export type { OrderFinder, QualityOptions, Work } from './quality.ts'
