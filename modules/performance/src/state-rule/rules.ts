import { DomainError } from '@throughline/kernel'
import type { EquipmentClassVersion, StateRule } from '@throughline/model'
import { signalTags } from '../state/rules.ts'

type Content = Omit<StateRule, 'id' | 'version' | 'effectiveFrom' | 'reason' | 'recordedBy'>
type Template = EquipmentClassVersion['tags'][number]

/**
 * Refuses a rule that can tell nothing: of an unknown class, by tags that the class does not have, by counters that are no
 * numbers, by counts without an ideal cycle.
 * @throws DomainError `not-found`, `invalid`
 */
export function assertRule(rule: Content, classes: readonly EquipmentClassVersion[]): void {
  const templates = tagsOfClass(rule.className, classes)
  for (const tag of signalTags(rule.signal)) assertTag(rule.className, templates, tag)
  for (const tag of [rule.reasonTag, rule.orderTag, rule.productTag]) {
    if (tag !== null) assertTag(rule.className, templates, tag)
  }
  for (const counter of [rule.total, rule.good, rule.scrap, rule.rework]) {
    if (counter !== null) assertCounter(rule.className, templates, counter.tag)
  }
  if (rule.signal.kind !== 'counts') return
  assertCounter(rule.className, templates, rule.signal.tag)
  if (rule.idealCycleSeconds !== null) return
  throw refused(
    'cycle-missing',
    `${rule.className} is judged by "no counts for ${rule.signal.cycles} cycles": give the seconds of an ideal cycle`,
  )
}

/** Tags of the published versions of a class, the newest first. */
function tagsOfClass(className: string, classes: readonly EquipmentClassVersion[]): readonly Template[] {
  const versions = classes.filter(({ name, state }) => name === className && state === 'published')
  if (versions.length > 0) return versions.sort((a, b) => b.version - a.version).flatMap(({ tags }) => tags)
  throw new DomainError(
    'not-found',
    'performance.class-unknown',
    `There is no published equipment class ${className}: look it up with equipment.class.list`,
    { className },
  )
}

function assertTag(className: string, templates: readonly Template[], tag: string): Template {
  const found = templates.find(({ name }) => name === tag)
  if (found !== undefined) return found
  const names = [...new Set(templates.map(({ name }) => name))].join(', ')
  throw refused('tag-unknown', `${className} has no tag ${tag}: it has ${names === '' ? 'none' : names}`)
}

function assertCounter(className: string, templates: readonly Template[], tag: string): void {
  const { dataType } = assertTag(className, templates, tag)
  if (dataType === 'int64' || dataType === 'double') return
  throw refused('counter-no-number', `${tag} of ${className} is a ${dataType}: a counter is a whole number`)
}

const refused = (problem: string, message: string): DomainError =>
  new DomainError('invalid', `performance.state-rule-${problem}`, message)
