import type { Instant } from '@throughline/kernel'
import type { Tag, TagSource } from '@throughline/model'
import { TagSource as TagSourceSchema } from '@throughline/model'
import type { KeptTag } from '../tag/rules.ts'
import type { Blueprint, PlantState } from './blueprint.ts'
import { blueprintOf } from './blueprint.ts'
import { planClasses } from './class-plan.ts'
import { planConnections } from './connection-plan.ts'
import type { ModelDocument, TagFile, TagRow } from './document.ts'
import { planNodes } from './node-plan.ts'
import { checkAddresses, planTag, sourceProblem } from './tag-plan.ts'

/** What would make the plant as the document says; bad rows are collected, so that all are named at once. */
export function planDocument(plant: PlantState, document: ModelDocument, at: Instant): Blueprint {
  const blueprint = blueprintOf(plant, document.badRows)
  planClasses(blueprint, document, at)
  planConnections(blueprint, document, at)
  planNodes(blueprint, document, at)
  checkAddresses(blueprint)
  return blueprint
}

const nothingBroken = {
  broken: { classes: new Set<string>(), connections: new Set<string>(), nodes: new Set<string>() },
}

/** A tag file gives existing tags their sources; what it says of the tags themselves must be what their class says. */
export function planTagFile(plant: PlantState, file: TagFile): Blueprint {
  const blueprint = blueprintOf(plant, file.badRows)
  const lines = new Map<string, number>()
  for (const row of file.rows) {
    const path = row.path.toLowerCase()
    const earlier = lines.get(path)
    lines.set(path, earlier ?? row.line)
    const tag = blueprint.tags.get(path)
    const bad = (problem: string) => blueprint.badRows.push({ line: row.line, where: `tag ${row.path}`, problem })
    if (earlier !== undefined) {
      bad(`this tag stands on line ${earlier} already (upper and lower case are one): remove one`)
    } else if (tag === undefined || tag.retired) {
      bad('there is no such tag: tags come from equipment classes, so add it there (as YAML), or correct the path')
    } else {
      for (const problem of planRow(blueprint, tag, row)) bad(problem)
    }
  }
  checkAddresses(blueprint)
  return blueprint
}

function planRow(blueprint: Blueprint, tag: KeptTag, row: TagRow): string[] {
  const problems = statedProblems(tag, row)
  const unknown = row.source && sourceProblem(blueprint, nothingBroken, row.source)
  if (unknown) problems.push(unknown)
  if (problems.length === 0) planTag(blueprint, tag, { ...tag, source: sourceOf(tag, row) }, row.line)
  return problems
}

const sourceOf = (tag: Tag, row: TagRow): TagSource | null =>
  row.source && TagSourceSchema.parse({ ...tag.source, ...row.source })

function statedProblems(tag: Tag, row: TagRow): string[] {
  return Object.entries(row.stated)
    .filter(([field, stated]) => tag[field as keyof Tag] !== stated)
    .map(([field, stated]) => {
      const held = tag[field as keyof Tag]
      return `${field} is ${JSON.stringify(held)} by the tag's class, not ${JSON.stringify(stated)}: change the class (as YAML), or correct the row`
    })
}
