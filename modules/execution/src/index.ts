/** What the module is told of the plant that it runs in. */
export type { ExecutionOptions, LoadedProgram, MachineCondition, TagReading } from './execution.ts'
/** One version of a work instruction; undefined = there is none. */
export { findInstruction } from './instruction/store.ts'
/** Makes the execution module. */
export { executionModule } from './module.ts'
/** Orders by id, or by code in whatever case; undefined = there is none. */
export { findOrder, findOrderByCode } from './order/store.ts'
/** What equipment was busy with at an instant, and one run with its pieces. */
export { findRun, type StoredRun, type WorkAt, workAt } from './run/store.ts'
/** Every entry of a run, the replaced ones too, oldest first. */
export { listEntries as listStepEntries } from './step-entry/store.ts'
