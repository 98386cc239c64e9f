import { DomainError } from '@throughline/kernel'
import type { AlarmDefinition, AlarmImportChange } from '@throughline/model'
import { exportAlarmDefinitions, importAlarmDefinitions } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { isWithin } from '../nodes.ts'
import { priorityOf } from '../philosophy/rules.ts'
import { readPhilosophy } from '../philosophy/store.ts'
import type { FileNames } from './csv-cells.ts'
import { contentCells, contentColumns } from './csv-cells.ts'
import type { DefinitionRow } from './csv-file.ts'
import { readDefinitions, writeDefinitions } from './csv-file.ts'
import type { BadCell } from './csv-row.ts'
import { columnAt } from './csv-row.ts'
import { draftAfter } from './draft.ts'
import type { AlarmPlant } from './plant.ts'
import { assertDefinition, tagsOf } from './rules.ts'
import { insertDefinitions, listDefinitions, listNewestDefinitions, lockDefinitions, updateDraft } from './store.ts'

/** The master alarm database as a file, and back. */
export function registerTransfer(platform: Platform, plant: AlarmPlant): void {
  platform.handle(exportAlarmDefinitions, async (uow, { nodeId }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const tops = nodeId === undefined ? uow.scopes : [nodeId]
    const shown = (await listNewestDefinitions(uow.trx)).filter((each) => isWithin(plant, each.nodeId, tops))
    return { text: writeDefinitions(shown, namesFor(plant, uow)), count: shown.length }
  })

  platform.handle(importAlarmDefinitions, async (uow, { text, changeReason, dryRun }) => {
    await lockDefinitions(uow.trx)
    const existing = await listDefinitions(uow.trx, {})
    // All versions come with the newest of a name first.
    const newest = new Map(existing.toReversed().map((each) => [each.name.toLowerCase(), each]))
    const philosophy = await readPhilosophy(uow.trx)
    const names = namesFor(plant, uow)
    const file = readDefinitions(text, names, newest, ({ severity, timeToRespond }) =>
      priorityOf(philosophy.matrix, severity, timeToRespond),
    )
    // What a line says of an alarm elsewhere is not answered, right or wrong.
    for (const name of file.names) {
      const known = newest.get(name)
      if (known !== undefined) await uow.assertWithin(known.nodeId)
    }
    const changed = file.rows.filter((row) => differencesOf(row, names).length > 0)
    assertNoBadCells([...file.bad, ...unsound(changed, existing, changeReason, plant)])
    for (const { content } of changed) await assertReachable(uow, plant, content)
    const drafts = changed.map(({ content, before }) => draftAfter(before, content, changeReason, uow, philosophy))
    if (!dryRun) {
      await insertDefinitions(
        uow.trx,
        drafts.flatMap(({ draft, isNew }) => (isNew ? [draft] : [])),
      )
      for (const { draft, isNew } of drafts) if (!isNew) await updateDraft(uow.trx, draft)
    }
    const changes = changed.map((row, index): AlarmImportChange => {
      const { draft, isNew } = drafts[index] as (typeof drafts)[number]
      return {
        ...{ line: row.line, name: draft.name, version: draft.version, priority: draft.priority },
        action: row.before === undefined ? 'new-alarm' : isNew ? 'next-version' : 'change-draft',
        differences: differencesOf(row, names),
      }
    })
    return { changes, unchanged: file.rows.length - changed.length }
  })
}

/** Only what the actor may see has a name to be found by. */
function namesFor(plant: AlarmPlant, { scopes }: UnitOfWork): FileNames {
  return {
    nodePath: (nodeId) => plant.node(nodeId as AlarmDefinition['nodeId'])?.path ?? nodeId,
    tagPath: (tagId) => plant.find(tagId)?.path ?? tagId,
    nodeAt(path) {
      const id = plant.nodeByPath(path)?.id
      return id !== undefined && isWithin(plant, id, scopes) ? id : undefined
    },
    tagAt(path) {
      const tag = plant.byPath(path)
      return tag !== undefined && isWithin(plant, tag.nodeId, scopes) ? tag.id : undefined
    },
  }
}

function differencesOf({ content, before }: DefinitionRow, names: FileNames): AlarmImportChange['differences'] {
  const [was, is] = [before === undefined ? {} : contentCells(before, names), contentCells(content, names)] as const
  return contentColumns.flatMap((column) => {
    const [old, now] = [Reflect.get(was, column) ?? '', is[column] ?? '']
    // The spelling of a name is the one it began with.
    return old === now || (column === 'name' && before !== undefined) ? [] : [{ column, before: old, after: now }]
  })
}

/** What no alarm may say, judged beside the other alarms as the whole file makes them. */
function unsound(
  changed: readonly DefinitionRow[],
  existing: readonly AlarmDefinition[],
  changeReason: string,
  plant: AlarmPlant,
): BadCell[] {
  const inFile = new Set(changed.map(({ content }) => content.name.toLowerCase()))
  const others = [
    ...existing
      .filter(({ state }) => state === 'draft' || state === 'released')
      .filter((each) => !inFile.has(each.name.toLowerCase())),
    ...changed.map(({ content }) => content),
  ]
  return changed.flatMap(({ line, content }): BadCell[] => {
    const { tagId } = content
    const neighbours = tagId === null ? [] : others.filter((each) => each.tagId === tagId && each !== content)
    try {
      assertDefinition({ ...content, changeReason }, tagId === null ? null : (plant.find(tagId) ?? null), neighbours)
      return []
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return [{ line, column: columnAt(fieldOf(error)), problem: error.message }]
    }
  })
}

const fieldOf = ({ details }: DomainError): string =>
  (details as { fields?: readonly { path: string }[] }).fields?.[0]?.path ?? ''

/** @throws DomainError `forbidden` where a changed line leads outside the scopes */
async function assertReachable(uow: UnitOfWork, plant: AlarmPlant, content: DefinitionRow['content']): Promise<void> {
  await uow.assertWithin(content.nodeId)
  for (const tagId of tagsOf(content)) {
    const tag = plant.find(tagId)
    if (tag !== undefined) await uow.assertWithin(tag.nodeId)
  }
}

/** @throws DomainError `invalid` that names every bad cell, by line and column */
function assertNoBadCells(bad: readonly BadCell[]): void {
  if (bad.length === 0) return
  const cells = bad.toSorted((a, b) => a.line - b.line)
  const fields = cells.map(({ line, column, problem }) => ({
    path: column === null ? `line ${line}` : `line ${line}, ${column}`,
    message: problem,
  }))
  const [first] = fields
  const others = fields.length === 1 ? '' : `, and ${fields.length - 1} more`
  throw new DomainError(
    'invalid',
    'alarm.file-invalid',
    `Nothing was drafted: ${first?.path}: ${first?.message}${others}`,
    { fields },
  )
}
