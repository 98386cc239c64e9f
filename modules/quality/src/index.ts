/** Makes the quality module. */
export { qualityModule } from './module.ts'
/** What the module is told of the plant that it runs in. */
export type { OrderFinder, QualityOptions, Work } from './quality.ts'
