import type { AlarmDefinition } from '@throughline/model'
import { conditionText, priorityWords, respondWords, secondsText, severityWords } from '../alarm-words.ts'

/** How ids are told to people. */
export interface DefinitionNames {
  readonly node: (nodeId: string) => string
  readonly tag: (tagId: string) => string
  /** Label of the tag's unit; empty where it has none. */
  readonly unit: (tagId: string) => string
}

/** One thing that a version says. */
export interface DefinitionFact {
  readonly head: string
  readonly text: string
}

/** Everything that is released with one version, in words. */
export function factsOf(definition: AlarmDefinition, names: DefinitionNames): readonly DefinitionFact[] {
  const { tagId, suppressWhile, priority, severity, timeToRespond } = definition
  const unit = tagId === null ? '' : names.unit(tagId)
  return [
    { head: 'Message', text: definition.message },
    {
      head: 'Priority',
      text: `${priority} ${priorityWords[priority as 1 | 2 | 3 | 4]}: ${severityWords[severity].toLowerCase()}, respond in ${respondWords[timeToRespond]}`,
    },
    { head: 'Equipment', text: names.node(definition.nodeId) },
    { head: 'Tag', text: tagId === null ? '— (raised elsewhere)' : names.tag(tagId) },
    { head: 'Condition', text: conditionText(definition.condition, unit, names.tag) },
    {
      head: 'Delays',
      text: `on ${secondsText(definition.onDelaySeconds)}, off ${secondsText(definition.offDelaySeconds)}`,
    },
    { head: 'Latched', text: definition.latched ? 'Yes: it stays until it is reset' : 'No' },
    { head: 'Cause', text: definition.cause || '—' },
    { head: 'Consequence', text: definition.consequence || '—' },
    { head: 'Response', text: definition.response || '—' },
    { head: 'Quality-critical', text: definition.qualityCritical ? 'Yes: quality is told of each one' : 'No' },
    {
      head: 'Suppressed',
      text:
        suppressWhile === null
          ? 'Never'
          : `while ${names.tag(suppressWhile.tagId)} is ${suppressWhile.values.join(' or ')}`,
    },
  ]
}

/** What a version says differently from the one before it. */
export function differencesOf(
  before: AlarmDefinition,
  after: AlarmDefinition,
  names: DefinitionNames,
): readonly { readonly head: string; readonly before: string; readonly after: string }[] {
  const old = new Map(factsOf(before, names).map(({ head, text }) => [head, text]))
  return factsOf(after, names).flatMap(({ head, text }) => {
    const was = old.get(head) ?? ''
    return was === text ? [] : [{ head, before: was, after: text }]
  })
}
