export { equipmentModule } from './module.ts'
export { findSharedTimeZone } from './node/store.ts'
export type { TagDirectory } from './tag/directory.ts'
