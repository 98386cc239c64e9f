import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { EquipmentClassVersion, EquipmentNode, ModelChange, TagSource, TagTemplate } from '@throughline/model'
import type { KeptTag } from '../tag/rules.ts'
import { addressProblem, instantiate, meaningProblem, templateFields } from '../tag/rules.ts'
import type { Blueprint } from './blueprint.ts'
import { differenceOf } from './blueprint.ts'
import type { Entry, ModelDocument, NodeEntry } from './document.ts'

/** Gives one node the tags of its class, each from the source that the entry names for it. */
export function planTags(
  blueprint: Blueprint,
  document: ModelDocument,
  entry: Entry<NodeEntry>,
  node: EquipmentNode,
  version: EquipmentClassVersion | undefined,
  at: Instant,
): void {
  const templates = version?.tags ?? []
  const sources = readSources(blueprint, document, entry, version)
  const present = new Map((blueprint.tagsOfNode.get(node.id) ?? []).map((tag) => [tag.name.toLowerCase(), tag]))
  for (const template of templates) {
    const key = template.name.toLowerCase()
    const named = sources.get(key)
    const existing = present.get(key)
    present.delete(key)
    const problem = existing && meaningProblem(existing, template)
    if (problem !== undefined) {
      blueprint.badRows.push({ line: entry.lineOf('class'), where: `node ${entry.value.path}`, problem })
      continue
    }
    const source = named === undefined ? (existing?.source ?? null) : named.source
    planTag(blueprint, existing, tagOf(existing, node, template, source, at), named?.line ?? entry.lineOf('class'))
  }
  for (const tag of present.values()) {
    if (!tag.retired) planTag(blueprint, tag, { ...tag, retired: true, source: null }, entry.lineOf('class'))
  }
}

const tagOf = (
  existing: KeptTag | undefined,
  node: EquipmentNode,
  template: TagTemplate,
  source: TagSource | null,
  at: Instant,
): KeptTag => instantiate(existing?.id ?? newId<'Tag'>(at), node, template, source)

interface NamedSource {
  readonly source: TagSource | null
  readonly line: number
}

function readSources(
  blueprint: Blueprint,
  document: ModelDocument,
  entry: Entry<NodeEntry>,
  version: EquipmentClassVersion | undefined,
): Map<string, NamedSource> {
  const names = new Set(version?.tags.map((tag) => tag.name.toLowerCase()))
  const sources = new Map<string, NamedSource>()
  for (const [name, source] of Object.entries(entry.value.sources)) {
    const line = entry.lineOf('sources', name)
    const problem = nameProblem(name, names, sources, version) ?? (source && sourceProblem(blueprint, document, source))
    if (problem) blueprint.badRows.push({ line, where: `tag ${entry.value.path}/${name}`, problem })
    sources.set(name.toLowerCase(), { source: problem ? null : source, line })
  }
  return sources
}

function nameProblem(
  name: string,
  names: ReadonlySet<string>,
  earlier: ReadonlyMap<string, NamedSource>,
  version: EquipmentClassVersion | undefined,
): string | undefined {
  if (version === undefined) return 'the node has no class, so it has no tags: give it a class, or remove the source'
  if (!names.has(name.toLowerCase())) {
    return `class ${version.name} version ${version.version} has no tag ${name}: add it to the class, or correct the name`
  }
  const other = earlier.get(name.toLowerCase())
  return (
    other && `the source of this tag stands on line ${other.line} already (upper and lower case are one): remove one`
  )
}

/** What is wrong with a source, and what to do; undefined = nothing that can be seen from here. */
export function sourceProblem(
  blueprint: Blueprint,
  document: Pick<ModelDocument, 'broken'>,
  source: Pick<TagSource, 'connection' | 'address'>,
): string | undefined {
  const key = source.connection.toLowerCase()
  const connection = blueprint.connections.get(key)
  if (connection === undefined && !document.broken.connections.has(key)) {
    return `there is no connection ${source.connection}: add it to connections, or correct the name`
  }
  if (connection !== undefined && connection.name !== source.connection) {
    return `the connection is called ${connection.name}: write it the same way`
  }
  return addressProblem(source.address)
}

/** Puts one tag as it will be on the blueprint, and records what that changes. */
export function planTag(blueprint: Blueprint, existing: KeptTag | undefined, tag: KeptTag, line: number): void {
  if (blueprint.nodes.has(tag.path)) {
    const problem = 'a node has this path already: rename the node, or the tag in its class'
    blueprint.badRows.push({ line, where: `tag ${tag.path}`, problem })
    return
  }
  const change = changeOf(existing, tag)
  blueprint.lines.set(tag.path, line)
  if (change === undefined) return
  blueprint.tags.set(tag.path, tag)
  blueprint.changes.push(change)
  if (existing === undefined) blueprint.writes.newTags.push(tag)
  else blueprint.writes.changedTags.push(tag)
}

function changeOf(existing: KeptTag | undefined, tag: KeptTag): ModelChange | undefined {
  if (existing === undefined) {
    return { action: 'create', kind: 'tag', name: tag.path, before: {}, after: shown(tag) }
  }
  const retired = (each: KeptTag) => ({ ...shown(each), retired: each.retired })
  const difference = differenceOf(retired(existing), retired(tag))
  return difference && { action: 'update', kind: 'tag', name: tag.path, ...difference }
}

const shown = (tag: KeptTag): Record<string, unknown> => ({
  ...Object.fromEntries(templateFields.map((field) => [field, tag[field]])),
  source: tag.source,
})

/**
 * One address feeds one tag: a reading that nobody mapped is found again by its address, and two tags for one value
 * would differ one day. Looked at when all entries are laid, so that two tags may swap.
 */
export function checkAddresses(blueprint: Blueprint): void {
  const users = new Map<string, KeptTag>()
  for (const tag of blueprint.tags.values()) {
    if (tag.source === null) continue
    const key = `${tag.source.connection}\n${tag.source.address}`
    const other = users.get(key)
    users.set(key, other ?? tag)
    if (other === undefined) continue
    // Of the two, the one that the document speaks of is at fault; when it speaks of both, the later.
    const [line, otherLine] = [blueprint.lines.get(tag.path), blueprint.lines.get(other.path)]
    const [wrong, right, at] = (line ?? 0) >= (otherLine ?? 0) ? [tag, other, line ?? 0] : [other, tag, otherLine ?? 0]
    const { connection, address } = tag.source
    blueprint.badRows.push({
      line: at,
      where: `tag ${wrong.path}`,
      problem: `address ${address} of connection ${connection} feeds ${right.path} already: correct one, or set the other's source to null`,
    })
  }
}
