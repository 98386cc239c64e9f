import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { EquipmentClassVersion, EquipmentNode } from '@throughline/model'
import { PathName } from '@throughline/model'
import { pathProblem, placeProblem, timeZoneProblem } from '../node/rules.ts'
import type { Blueprint } from './blueprint.ts'
import { differenceOf } from './blueprint.ts'
import type { Entry, ModelDocument, NodeEntry } from './document.ts'
import { planTags } from './tag-plan.ts'

/** What is wrong, and with which part of the entry. */
interface Objection {
  readonly part: 'path' | 'level' | 'timeZone' | 'class' | 'classVersion'
  readonly problem: string
}

export function planNodes(blueprint: Blueprint, document: ModelDocument, at: Instant): void {
  const lines = new Map<string, number>()
  const order = new Map(document.nodes.map((entry) => [entry.value.path.toLowerCase(), entry.lineOf('path')]))
  for (const entry of document.nodes) {
    const path = entry.value.path.toLowerCase()
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    const earlier = lines.get(path)
    lines.set(path, earlier ?? entry.lineOf('path'))
    const objection: Objection | 'silent' | undefined =
      earlier === undefined
        ? (pathObjection(blueprint, entry.value, parent, document, order) ??
          classObjection(blueprint, document, entry.value))
        : {
            part: 'path',
            problem: `this path stands on line ${earlier} already (upper and lower case are one): remove one`,
          }
    const refused = objection ?? planNode(blueprint, document, entry, at)
    if (refused === undefined) continue
    document.broken.nodes.add(path)
    // What hangs on an entry that is named already is not named again.
    if (refused === 'silent') continue
    blueprint.badRows.push({
      line: entry.lineOf(refused.part),
      where: `node ${entry.value.path}`,
      problem: refused.problem,
    })
  }
}

function pathObjection(
  blueprint: Blueprint,
  entry: NodeEntry,
  parent: string,
  document: ModelDocument,
  order: ReadonlyMap<string, number>,
): Objection | 'silent' | undefined {
  const object = (problem: string): Objection => ({ part: 'path', problem })
  const badName = entry.path.split('/').find((name) => !PathName.safeParse(name).success)
  if (badName !== undefined) {
    return object(`"${badName}" is no name: use letters, digits, ".", "-" or "_", starting with a letter or digit`)
  }
  const tooLong = pathProblem(entry.path)
  if (tooLong !== undefined) return object(tooLong)
  if (blueprint.tags.has(entry.path.toLowerCase())) return object('a tag has this path already: use another name')
  if (parent === '' || blueprint.nodes.has(parent)) return undefined
  if (document.broken.nodes.has(parent)) return 'silent'
  const line = order.get(parent)
  if (line === undefined) return object(`there is no node ${parent}: add it, above this one`)
  return object(`its parent ${parent} stands further down, on line ${line}: move it above this one`)
}

function classObjection(
  blueprint: Blueprint,
  document: ModelDocument,
  entry: NodeEntry,
): Objection | 'silent' | undefined {
  const { class: name, classVersion } = entry
  if (name === undefined) {
    if (classVersion === undefined) return undefined
    return { part: 'classVersion', problem: 'classVersion says nothing without class: add the class, or remove this' }
  }
  if (findVersion(blueprint, entry) !== undefined) return undefined
  const versions = blueprint.classes.get(name.toLowerCase()) ?? []
  if (document.broken.classes.has(name.toLowerCase())) return 'silent'
  if (versions.some((each) => each.name !== name)) {
    return { part: 'class', problem: `the class is called ${versions[0]?.name}: write it the same way` }
  }
  if (versions.length === 0) {
    return { part: 'class', problem: `there is no class ${name}: add it to classes, or correct the name` }
  }
  const published = versions.filter((each) => each.state === 'published').map((each) => each.version)
  if (published.length === 0) return { part: 'class', problem: `class ${name} is only a draft: publish it first` }
  return {
    part: 'classVersion',
    problem: `class ${name} has no published version ${classVersion}: choose one of ${published.join(', ')}`,
  }
}

function findVersion(blueprint: Blueprint, entry: NodeEntry): EquipmentClassVersion | undefined {
  if (entry.class === undefined) return undefined
  const published = (blueprint.classes.get(entry.class.toLowerCase()) ?? []).filter(
    (each) => each.state === 'published' && each.name === entry.class,
  )
  if (entry.classVersion === undefined) return published.at(-1)
  return published.find((each) => each.version === entry.classVersion)
}

function planNode(
  blueprint: Blueprint,
  document: ModelDocument,
  entry: Entry<NodeEntry>,
  at: Instant,
): Objection | undefined {
  const { path: writtenPath, level, description } = entry.value
  const path = writtenPath.toLowerCase()
  const name = writtenPath.slice(writtenPath.lastIndexOf('/') + 1)
  const existing = blueprint.nodes.get(path)
  const parent = blueprint.nodes.get(path.slice(0, Math.max(0, path.lastIndexOf('/')))) ?? null
  const version = findVersion(blueprint, entry.value) ?? versionOf(blueprint, existing?.classId ?? null)
  const timeZone = entry.value.timeZone ?? existing?.timeZone ?? null

  if (existing !== undefined && existing.level !== level) {
    const problem = `the plant has it as ${existing.level}, and a level never changes: use another name, or write ${existing.level}`
    return { part: 'level', problem }
  }
  const misplaced = placeProblem(level, parent)
  if (misplaced !== undefined) return { part: 'level', problem: misplaced }
  const zoneProblem = timeZoneProblem(level, timeZone)
  if (zoneProblem !== undefined) return { part: 'timeZone', problem: zoneProblem }

  const node: EquipmentNode = {
    id: existing?.id ?? newId<'EquipmentNode'>(at),
    parentId: parent?.id ?? null,
    level,
    name,
    description,
    path,
    classId: version?.id ?? null,
    timeZone,
  }
  blueprint.nodes.set(path, node)
  recordNode(blueprint, existing, node, version)
  planTags(blueprint, document, entry, node, version, at)
  return undefined
}

function recordNode(
  blueprint: Blueprint,
  existing: EquipmentNode | undefined,
  node: EquipmentNode,
  version: EquipmentClassVersion | undefined,
): void {
  const shown = (each: EquipmentNode, its: EquipmentClassVersion | undefined) => ({
    name: each.name,
    description: each.description,
    timeZone: each.timeZone,
    class: its === undefined ? null : `${its.name} version ${its.version}`,
  })
  const after = shown(node, version)
  if (existing === undefined) {
    blueprint.writes.newNodes.push(node)
    const created = { ...after, level: node.level }
    blueprint.changes.push({ action: 'create', kind: 'node', name: node.path, before: {}, after: created })
    return
  }
  const difference = differenceOf(shown(existing, versionOf(blueprint, existing.classId)), after)
  if (difference === undefined) return
  blueprint.writes.changedNodes.push(node)
  blueprint.changes.push({ action: 'update', kind: 'node', name: node.path, ...difference })
}

function versionOf(blueprint: Blueprint, id: Id<'EquipmentClassVersion'> | null): EquipmentClassVersion | undefined {
  return id === null ? undefined : blueprint.classById.get(id)
}
