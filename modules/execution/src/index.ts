/** What the module is told of the plant that it runs in. */
export type { ExecutionOptions, LoadedProgram, MachineCondition } from './execution.ts'
/** Makes the execution module. */
export { executionModule } from './module.ts'
/** Orders as other records name them. */
export { findOrder, findOrderByCode } from './order/store.ts'
/** What was being worked on at a place. */
export { type WorkThere, workAt } from './run/face.ts'
