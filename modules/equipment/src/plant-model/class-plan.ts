import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { EquipmentClassVersion, TagTemplate } from '@throughline/model'
import { canonicalJson } from '@throughline/platform'
import { nextVersion, templatesProblem } from '../equipment-class/rules.ts'
import type { Blueprint } from './blueprint.ts'
import { differenceOf } from './blueprint.ts'
import type { ClassEntry, Entry, ModelDocument } from './document.ts'

/** Every class entry that says something new becomes a new published version. */
export function planClasses(blueprint: Blueprint, document: ModelDocument, at: Instant): void {
  const seen = new Map<string, Entry<ClassEntry>[]>()
  for (const entry of document.classes) {
    const key = entry.value.name.toLowerCase()
    const earlier = seen.get(key) ?? []
    seen.set(key, [...earlier, entry])
    const problem =
      doubledProblem(entry.value, earlier) ??
      templatesProblem(entry.value.tags) ??
      planClass(blueprint, entry.value, blueprint.classes.get(key) ?? [], at)
    if (problem === undefined) continue
    document.broken.classes.add(key)
    blueprint.badRows.push({ line: entry.lineOf('name'), where: `class ${entry.value.name}`, problem })
  }
}

function doubledProblem(entry: ClassEntry, earlier: readonly Entry<ClassEntry>[]): string | undefined {
  const other = earlier.find(
    (each) => entry.version === undefined || each.value.version === undefined || entry.version === each.value.version,
  )
  if (other === undefined) return undefined
  return `the class stands on line ${other.lineOf('name')} already: remove one, or give each a version of its own`
}

/** Lays one entry on the blueprint; answers what is wrong with it, if anything. */
function planClass(
  blueprint: Blueprint,
  entry: ClassEntry,
  existing: readonly EquipmentClassVersion[],
  at: Instant,
): string | undefined {
  const otherCase = existing.find((each) => each.name !== entry.name)
  if (otherCase !== undefined) return `the plant has a class ${otherCase.name}: write it the same way`
  const published = existing.filter((each) => each.state === 'published')
  const same = entry.version === undefined ? published.at(-1) : published.find((each) => each.version === entry.version)
  if (same !== undefined && hasContent(same, entry)) return undefined
  const next = nextVersion(published)
  if (entry.version !== undefined && same !== undefined) {
    return `version ${entry.version} is published and never changes: give the new content version ${next}`
  }
  if (entry.version !== undefined && entry.version !== next) {
    return `version ${entry.version} would leave a gap: the next version is ${next}`
  }
  const draft = existing.find((each) => each.state === 'draft')
  if (draft !== undefined && !hasContent(draft, entry)) {
    return `someone has a different draft of version ${draft.version}: publish it or draft this content, then apply again`
  }
  publish(blueprint, { id: newId<'EquipmentClassVersion'>(at), ...draft, ...entry, version: next }, draft, at)
  return undefined
}

function publish(
  blueprint: Blueprint,
  content: Omit<EquipmentClassVersion, 'state' | 'publishedAt'>,
  draft: EquipmentClassVersion | undefined,
  at: Instant,
): void {
  const { id, name, version, description, tags } = content
  const made: EquipmentClassVersion = { id, name, version, state: 'published', description, tags, publishedAt: at }
  const key = name.toLowerCase()
  const published = (blueprint.classes.get(key) ?? []).filter((each) => each.state === 'published')
  blueprint.classes.set(key, [...published, made])
  const before = published.at(-1)
  blueprint.changes.push({
    action: before === undefined ? 'create' : 'update',
    kind: 'class',
    name,
    before: {},
    after: { version, description, tags },
    ...(before && differenceOf(summaryOf(before, tags), summaryOf(made, before.tags))),
  })
  if (draft === undefined) blueprint.writes.newClasses.push(made)
  else blueprint.writes.publishedDrafts.push(made)
}

/** Of two versions only the templates that the other does not have in the same words are worth showing. */
const summaryOf = (version: EquipmentClassVersion, others: readonly TagTemplate[]) => {
  const known = new Set(others.map((each) => canonicalJson(each)))
  const tags = version.tags.filter((each) => !known.has(canonicalJson(each)))
  return { version: version.version, description: version.description, tags }
}

/** The order of the tags means nothing. */
const hasContent = (version: EquipmentClassVersion, entry: ClassEntry): boolean =>
  version.description === entry.description && contentOf(version.tags) === contentOf(entry.tags)

const contentOf = (tags: readonly TagTemplate[]): string =>
  tags
    .map((tag) => canonicalJson(tag))
    .sort()
    .join()
