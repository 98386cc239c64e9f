import type { Id } from '@throughline/kernel'
import type { EquipmentNode, Tag, TagSource, TagTemplate } from '@throughline/model'
import { pathOf } from '../node/rules.ts'

/** A tag as the module keeps it: one that its class no longer has is retired, so that its readings keep their name. */
export type KeptTag = Tag & { readonly retired: boolean }

/** What a tag takes from its class; the rest (id, place, source) is its own. */
export const templateFields = [
  'name',
  'description',
  'dataType',
  'unit',
  'rangeLow',
  'rangeHigh',
  'normalLow',
  'normalHigh',
  'deadband',
  'decimals',
  'writable',
] as const satisfies readonly (keyof TagTemplate & keyof Tag)[]

/** The tag of one node that a template calls for. */
export function instantiate(
  id: Id<'Tag'>,
  node: Pick<EquipmentNode, 'id' | 'path'>,
  template: TagTemplate,
  source: TagSource | null,
): KeptTag {
  return { ...template, id, nodeId: node.id, path: pathOf(node.path, template.name), source, retired: false }
}

/**
 * Why an existing tag cannot become what the template says, and what to do; undefined = it can. Readings are kept by
 * tag id and say no unit: under another unit or data type the old ones would lie.
 */
export function meaningProblem(tag: Tag, template: TagTemplate): string | undefined {
  if (tag.unit !== template.unit) {
    return `the readings of ${tag.path} are kept in "${tag.unit}", the class now says "${template.unit}": give the tag of the new unit another name`
  }
  if (tag.dataType === template.dataType) return undefined
  return `the readings of ${tag.path} are kept as ${tag.dataType}, the class now says ${template.dataType}: give the tag of the new type another name`
}

/** What is wrong with an address before its driver reads it, and what to do; undefined = nothing. */
export function addressProblem(address: string): string | undefined {
  if (address.trim() !== address) return `address "${address}" begins or ends with a space: remove it`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what no protocol's address holds
  if (/[\u0000-\u001f\u007f-\u009f]/.test(address)) return 'the address holds a control character: remove it'
  return undefined
}

/** Names that differ only in case and so would share one path; empty = none. */
export function namesInCollision(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => {
    const key = name.toLowerCase()
    if (seen.has(key)) return true
    seen.add(key)
    return false
  })
}
