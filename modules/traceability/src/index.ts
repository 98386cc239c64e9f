/** Makes the traceability module. */
export { type TraceabilityOptions, traceabilityModule } from './module.ts'
