import { toIso } from '@throughline/kernel'
import type { AlarmCondition, AlarmDefinition } from '@throughline/model'
import { listCell } from './csv-list.ts'
import type { DefinitionContent } from './draft.ts'

/** What people say of an alarm. */
export const contentColumns = [
  ...['name', 'equipment', 'tag', 'message', 'condition', 'side', 'limit', 'deadband', 'fromTag', 'fromValue'],
  ...['seconds', 'within', 'values', 'source', 'onDelaySeconds', 'offDelaySeconds', 'latched', 'severity'],
  ...['timeToRespond', 'cause', 'consequence', 'response', 'qualityCritical', 'suppressTag', 'suppressValues'],
] as const
/** What follows from it and from its record: shown, and never set by a file. */
export const recordColumns = [
  'version',
  'state',
  'priority',
  'changeReason',
  'draftedBy',
  'draftedAt',
  'releasedAt',
] as const
export const columns: readonly string[] = [...contentColumns, ...recordColumns]

/** Which columns a condition of a kind has. */
export const conditionColumns: Readonly<Record<AlarmCondition['kind'], readonly string[]>> = {
  limit: ['side', 'limit', 'deadband'],
  deviation: ['limit', 'deadband', 'fromTag', 'fromValue'],
  rate: ['side', 'limit', 'deadband', 'seconds'],
  stuck: ['seconds', 'within'],
  stale: ['seconds'],
  state: ['values'],
  external: ['source'],
  event: ['source', 'values'],
}
export const allConditionColumns = [...new Set(Object.values(conditionColumns).flat())]
export const numberColumns = new Set([
  'limit',
  'deadband',
  'fromValue',
  'seconds',
  'within',
  'onDelaySeconds',
  'offDelaySeconds',
])

/** How a file names equipment and tags. */
export interface FileNames {
  nodePath(nodeId: string): string
  tagPath(tagId: string): string
  nodeAt(path: string): DefinitionContent['nodeId'] | undefined
  tagAt(path: string): NonNullable<DefinitionContent['tagId']> | undefined
}

/** What a definition says, by column. */
export function contentCells(content: DefinitionContent, names: FileNames): Record<string, string> {
  const { condition, suppressWhile, tagId } = content
  return {
    ...{ name: content.name, equipment: names.nodePath(content.nodeId), message: content.message },
    tag: tagId === null ? '' : names.tagPath(tagId),
    ...conditionCells(condition, names),
    ...{ onDelaySeconds: String(content.onDelaySeconds), offDelaySeconds: String(content.offDelaySeconds) },
    ...{ latched: String(content.latched), severity: content.severity, timeToRespond: content.timeToRespond },
    ...{ cause: content.cause, consequence: content.consequence, response: content.response },
    qualityCritical: String(content.qualityCritical),
    suppressTag: suppressWhile === null ? '' : names.tagPath(suppressWhile.tagId),
    suppressValues: suppressWhile === null ? '' : listCell(suppressWhile.values),
  }
}

function conditionCells(condition: AlarmCondition, names: FileNames): Record<string, string> {
  const { kind } = condition
  switch (kind) {
    case 'limit':
      return { condition: kind, ...texts({ ...condition }, 'side', 'limit', 'deadband') }
    case 'deviation':
      return {
        ...{ condition: kind, ...texts({ ...condition }, 'limit', 'deadband') },
        ...('tagId' in condition.from
          ? { fromTag: names.tagPath(condition.from.tagId) }
          : { fromValue: String(condition.from.value) }),
      }
    case 'rate':
      return {
        ...{ condition: kind, ...texts({ ...condition }, 'side', 'limit', 'deadband') },
        seconds: String(condition.overSeconds),
      }
    case 'stuck':
      return { condition: kind, seconds: String(condition.forSeconds), within: String(condition.within) }
    case 'stale':
      return { condition: kind, seconds: String(condition.forSeconds) }
    case 'state':
      return { condition: kind, values: listCell(condition.values) }
    case 'external':
      return { condition: kind, source: condition.source }
    case 'event':
      return { condition: kind, source: condition.source, values: listCell(condition.severities) }
  }
}

const texts = (from: Record<string, unknown>, ...keys: string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, String(from[key])]))

/** What the record of a definition says, by column. */
export function recordCells(definition: AlarmDefinition): Record<string, string> {
  const { version, state, priority, changeReason, draftedBy, draftedAt, releasedAt } = definition
  return {
    ...{ version: String(version), state, priority: String(priority), changeReason, draftedBy },
    ...{ draftedAt: toIso(draftedAt), releasedAt: releasedAt === null ? '' : toIso(releasedAt) },
  }
}
