/** What the module is told of the plant that it runs in. */
export type { ExecutionOptions, LoadedProgram, MachineCondition } from './execution.ts'
/** Makes the execution module. */
export { executionModule } from './module.ts'
