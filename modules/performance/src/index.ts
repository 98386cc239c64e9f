/** Makes the module that says what the plant is doing. */
export { performanceModule } from './module.ts'
/** The module's face for the composition root, and what it hears of the river of readings. */
export type { Performance, PerformanceOptions, SampleWatch } from './performance.ts'
/** What a machine was busy with. */
export type { Run } from './run/run.ts'
