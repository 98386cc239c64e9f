import { DomainError } from '@throughline/kernel'
import type { EquipmentClassVersion, TagTemplate } from '@throughline/model'
import { namesInCollision } from '../tag/rules.ts'

/** The number that the next version of a class gets: drafts do not count, one is overwritten by the next. */
export function nextVersion(published: readonly Pick<EquipmentClassVersion, 'version'>[]): number {
  return Math.max(0, ...published.map((each) => each.version)) + 1
}

/** What is wrong with the tags of a class as a whole, and what to do; undefined = nothing. */
export function templatesProblem(tags: readonly TagTemplate[]): string | undefined {
  const doubled = namesInCollision(tags.map((tag) => tag.name))
  if (doubled.length === 0) return undefined
  return `tag names must differ in more than case: rename or remove ${doubled.map((name) => `"${name}"`).join(', ')}`
}

/** @throws DomainError `conflict` when the version is published already */
export function assertDraft(version: Pick<EquipmentClassVersion, 'name' | 'version' | 'state'>): void {
  if (version.state === 'draft') return
  throw new DomainError(
    'conflict',
    'equipment.class-published',
    `Version ${version.version} of class ${version.name} is published and never changes: draft the next version`,
  )
}

/** @throws DomainError `conflict` when a class is called the same but for upper and lower case */
export function assertNameFits(name: string, existing: readonly Pick<EquipmentClassVersion, 'name'>[]): void {
  const other = existing.find((each) => each.name !== name && each.name.toLowerCase() === name.toLowerCase())
  if (other === undefined) return
  throw new DomainError(
    'conflict',
    'equipment.class-name-taken',
    `There is a class ${other.name}: write ${name} the same way, or choose another name`,
  )
}
