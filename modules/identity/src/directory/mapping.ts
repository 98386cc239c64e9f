import type { RoleMapping } from '../outside-person/mapping.ts'
import { normalDn } from './rules.ts'

/** The mappings with the names of their groups in normal form, as the groups of an entry come. */
export const normalMappings = (mappings: readonly RoleMapping[]): RoleMapping[] =>
  mappings.map((mapping) => ({ ...mapping, value: normalDn(mapping.value) }))
