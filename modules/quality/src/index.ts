/** A document with what was measured. */
export type { MeasuredDocument } from './inspection/from-document.ts'
/** Makes the quality module. */
export { type Quality, qualityModule } from './module.ts'
/** What the module is told of the plant that it runs in. */
export type { OrderFinder, QualityOptions, Work } from './quality.ts'
