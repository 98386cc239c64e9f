export { equipmentModule } from './module.ts'
export type { TagDirectory } from './tag/directory.ts'
