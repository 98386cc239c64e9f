/** What the module is told of the plant that it runs in. */
export type { ExecutionOptions, LoadedProgram, MachineCondition, TagReading } from './execution.ts'
/** Of a run, oldest first: what was answered for by signature, and what the gate found of the program. */
export { listOverrides, listProgramChecks } from './gate/store.ts'
/** One version of a work instruction; undefined = there is none. */
export { findInstruction } from './instruction/store.ts'
/** Makes the execution module. */
export { executionModule } from './module.ts'
/** Orders by id, or by code in whatever case; undefined = there is none. */
export { findOrder, findOrderByCode } from './order/store.ts'
/** What equipment was busy with at an instant; one run with its pieces, all of some pieces, all there are. */
export { findRun, listRunIdsAfter, listRunsOfLots, type StoredRun, type WorkAt, workAt } from './run/store.ts'
/** What a gauge or tool was used for in a time. */
export { type GaugeUse, listGaugeUses } from './step-entry/gauge-use.ts'
/** Every entry of a run, the replaced ones too, oldest first; and the records beside entries. */
export { listEntries as listStepEntries, listRecordsBeside } from './step-entry/store.ts'
/** One version of how a product is made; undefined = there is none. */
export { findDefinition as findWorkDefinition } from './work-definition/store.ts'
