import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AlarmDefinition } from '@throughline/model'
import {
  acknowledgeAlarms,
  adoptAlarmDefinitions,
  draftAlarmDefinition,
  exportAlarmDefinitions,
  importAlarmDefinitions,
  listAlarmDefinitions,
  listAlarmHistory,
  listAlarms,
  retireAlarmDefinition,
  shelveAlarm,
} from '@throughline/model'
import { findHead, listRecordSteps } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startAlarms } from '../testing/start-alarm.ts'

const started = await startAlarms()
afterAll(() => started.stop())
const { plant, engineer } = started
const kind = 'alarm.definition'

const draft = (content: ReturnType<typeof started.content>, changeReason = 'first', by = engineer) =>
  started.platform.run(draftAlarmDefinition, by, { ...content, changeReason })

/** As the last signature of the policy does. */
async function complete({ id }: Pick<AlarmDefinition, 'id'>, shown?: { version: number; hash: string }): Promise<void> {
  const head = shown ?? (await findHead(started.platform.db, { kind, id }))
  if (head === undefined) throw new Error(`no record of ${id}`)
  await started.platform.act('test', 'identity.signature.sign', {}, async (uow) => {
    uow.emit('identity.record-signatures-complete', { record: { kind, id }, ...head })
  })
  await started.platform.idle()
}

const versionsOf = (name: string) => started.platform.run(listAlarmDefinitions, engineer, { name })

async function alarmOf(id: Id<'AlarmDefinition'>) {
  await started.watch.idle()
  const { alarms } = await started.platform.run(listAlarms, engineer, { show: 'all', limit: 2000 })
  return alarms.find((each) => each.definitionId === id)
}

test('[ALM-5, D-8] a draft makes no alarm before its last signature; then it is judged by the newest reading', async () => {
  const tagId = plant.tag('signed')
  started.hear(tagId, -5, 90)
  const made = await draft(started.content('Signed.high', tagId))
  expect(made).toMatchObject({ version: 1, state: 'draft', priority: 2, draftedBy: 'eve', releasedAt: null })
  expect(await alarmOf(made.id)).toBeUndefined()
  await complete(made)
  expect(await alarmOf(made.id)).toMatchObject({ state: 'unacknowledged', occurredAt: started.at(-5) })
  expect(await versionsOf('signed.HIGH')).toMatchObject([{ state: 'released', releasedAt: started.clock.now() }])
  // What was signed is what stands: the release is a record beside it.
  expect(await listRecordSteps(started.platform.db, { kind, id: made.id }, 0)).toHaveLength(1)
  expect(await listRecordSteps(started.platform.db, { kind: 'alarm.release', id: made.id }, 0)).toHaveLength(1)
})

test('[ALM-5!, D-8!] what was drafted anew after it was signed is not released', async () => {
  const tagId = plant.tag('changed')
  const first = await draft(started.content('Changed.high', tagId))
  const shown = await findHead(started.platform.db, { kind, id: first.id })
  const second = await draft(started.content('Changed.high', tagId, { message: 'Another message' }), 'wording')
  expect(second).toMatchObject({ id: first.id, version: 1 })
  await complete(first, shown)
  expect(await versionsOf('Changed.high')).toMatchObject([{ state: 'draft', message: 'Another message' }])
  await complete(second)
  await complete(second)
  expect(await versionsOf('Changed.high')).toMatchObject([{ state: 'released' }])
})

test('[ALM-5] the next version replaces the one before at that instant; what stands is carried over and judged by the new limit', async () => {
  const tagId = plant.tag('next')
  const first = await started.alarm('Next.high', tagId)
  started.hear(tagId, -4, 85)
  const before = await alarmOf(first.id)
  await started.platform.run(acknowledgeAlarms, engineer, { definitionIds: [first.id] })
  const second = await draft(started.content('Next.high', tagId, { severity: 'severe' }), 'consequence seen anew')
  expect(second).toMatchObject({ version: 2, priority: 1 })
  expect((await alarmOf(first.id))?.state).toBe('acknowledged')
  await complete(second)
  expect((await versionsOf('Next.high')).map(({ version, state }) => [version, state])).toEqual([
    [2, 'released'],
    [1, 'superseded'],
  ])
  expect(await alarmOf(first.id)).toBeUndefined()
  // More urgent than it was: it alarms anew, and is the same occurrence.
  expect(await alarmOf(second.id)).toMatchObject({
    state: 'unacknowledged',
    priority: 1,
    occurrenceId: before?.occurrenceId,
    active: true,
  })
  const condition = { kind: 'limit' as const, side: 'high' as const, limit: 95, deadband: 1 }
  const third = await draft(started.content('Next.high', tagId, { condition, severity: 'severe' }), 'limit moved')
  await complete(third)
  expect(await alarmOf(third.id)).toMatchObject({ state: 'returned-unacknowledged', active: false })
  await expect(
    sql`update alarm.definition set on_delay_seconds = 9 where id = ${first.id}`.execute(started.database.owner),
  ).rejects.toThrow(/never changes/)
})

test('[ALM-2] a shelved alarm stays on its shelf under the next version', async () => {
  const tagId = plant.tag('shelved')
  const first = await started.alarm('Shelved.high', tagId)
  const shelved = await started.platform.run(shelveAlarm, engineer, {
    definitionId: first.id,
    forSeconds: 600,
    reason: 'known',
  })
  const second = await draft(started.content('Shelved.high', tagId, { response: 'call the utility' }), 'response')
  await complete(second)
  expect(await alarmOf(second.id)).toMatchObject({ state: 'shelved', shelvedUntil: shelved.shelvedUntil })
})

test('a retired alarm ends in words, hears no more readings, and its history stays', async () => {
  const tagId = plant.tag('retired')
  const { id } = await started.alarm('Retired.high', tagId)
  started.hear(tagId, -4, 85)
  await started.watch.idle()
  const retired = await started.platform.run(retireAlarmDefinition, engineer, { definitionId: id, reason: 'pump gone' })
  expect(retired.state).toBe('retired')
  await started.platform.idle()
  started.hear(tagId, -3, 20)
  started.hear(tagId, -2, 85)
  expect(await alarmOf(id)).toBeUndefined()
  const window = { from: started.at(-1e6), to: started.at(1e6) }
  const { transitions } = await started.platform.run(listAlarmHistory, engineer, { definitionId: id, window })
  expect(transitions.toReversed().map(({ event, to, comment }) => [event, to, comment])).toEqual([
    ['occur', 'unacknowledged', ''],
    ['return', 'returned-unacknowledged', 'retired: pump gone'],
    ['acknowledge', 'normal', 'retired: pump gone'],
  ])
  await expect(
    started.platform.run(retireAlarmDefinition, engineer, { definitionId: id, reason: 'again' }),
  ).rejects.toMatchObject({ code: 'alarm.definition-not-released' })
})

test('a list that was released elsewhere is taken over once: known names stay as they are, and the document is on record', async () => {
  const [first, second] = [plant.tag('adopt1'), plant.tag('adopt2')]
  const definitions = [started.content('Adopt1.high', first), started.content('Adopt2.high', second)]
  const adopt = (list: typeof definitions) =>
    started.platform.run(adoptAlarmDefinitions, engineer, {
      definitions: list,
      document: 'ALM-LIST-001 v3',
      reason: 'commissioning',
    })
  expect(await adopt(definitions.slice(0, 1))).toMatchObject({
    adopted: [{ version: 1, state: 'released' }],
    known: [],
  })
  const again = await adopt(definitions)
  expect(again.adopted.map(({ name }) => name)).toEqual(['Adopt2.high'])
  expect(again.known).toEqual(['Adopt1.high'])
  const { rows } = await sql`select adopted_from from alarm.release where name = 'Adopt1.high'`.execute(
    started.platform.db,
  )
  expect(rows).toEqual([{ adopted_from: 'ALM-LIST-001 v3' }])
  const narrow = actorWith(['alarm.definition.release'], plant.bio)
  await expect(
    started.platform.run(adoptAlarmDefinitions, narrow, { definitions, document: 'none', reason: 'mischief' }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
  const stale = { ...actorWith(['alarm.definition.release']), provedAt: null }
  await expect(
    started.platform.run(adoptAlarmDefinitions, stale, { definitions, document: 'none', reason: 'mischief' }),
  ).rejects.toMatchObject({ code: 'identity.step-up-needed' })
})

test('[SR-3.5!] one bad alarm of a list refuses the list, and names it', async () => {
  const tagId = plant.tag('pair')
  const at = (side: 'high' | 'high-high', limit: number) => ({ kind: 'limit' as const, side, limit, deadband: 0 })
  const definitions = [
    started.content('Pair.high', tagId, { condition: at('high', 90) }),
    started.content('Pair.high-high', tagId, { condition: at('high-high', 80) }),
  ]
  await expect(
    started.platform.run(adoptAlarmDefinitions, engineer, { definitions, document: 'LIST', reason: 'commissioning' }),
  ).rejects.toMatchObject({ code: 'alarm.definition-invalid', message: expect.stringContaining('Pair.high-high') })
  expect(await versionsOf('Pair.high')).toEqual([])
})

test('[SR-2.1!] nobody drafts on equipment or tags outside their scope, nor of what is not there', async () => {
  const [mine, theirs] = [plant.tag('mine', plant.oven), plant.tag('theirs', plant.loop)]
  const narrow = actorWith(['alarm.definition.write', 'alarm.definition.release', 'alarm.read'], plant.aero)
  await draft(started.content('Mine.high', mine), 'first', narrow)
  const foreignTag = { ...started.content('Foreign.high', theirs), nodeId: plant.oven }
  await expect(draft(foreignTag, 'first', narrow)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(draft(started.content('Theirs.high', theirs), 'first', narrow)).rejects.toMatchObject({
    kind: 'forbidden',
  })
  const there = await started.alarm('There.high', theirs)
  // A name that stands elsewhere is not taken from there.
  await expect(draft(started.content('There.high', mine), 'first', narrow)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(
    started.platform.run(retireAlarmDefinition, narrow, { definitionId: there.id, reason: 'mischief' }),
  ).rejects.toMatchObject({ kind: 'forbidden' })
  expect((await started.platform.run(listAlarmDefinitions, narrow, {})).map(({ name }) => name)).toEqual(['Mine.high'])
  await expect(draft(started.content('Nowhere.high', newId<'Tag'>()))).rejects.toMatchObject({
    code: 'alarm.tag-unknown',
  })
  await expect(
    draft({ ...started.content('Nowhere.high', mine), nodeId: newId<'EquipmentNode'>() }),
  ).rejects.toMatchObject({ code: 'alarm.node-unknown' })
  await expect(
    started.platform.run(retireAlarmDefinition, engineer, { definitionId: newId(), reason: 'nothing' }),
  ).rejects.toMatchObject({ code: 'alarm.definition-unknown' })
})

const exported = async (by = engineer) => (await started.platform.run(exportAlarmDefinitions, by, {})).text
const imported = (text: string, dryRun = false, by = engineer) =>
  started.platform.run(importAlarmDefinitions, by, { text, changeReason: 'yearly review', dryRun })
/** The file with one cell of one alarm written anew. */
function edited(text: string, name: string, column: string, cell: string): string {
  const [head = '', ...lines] = text.split('\r\n')
  const at = head.split(',').indexOf(column)
  const edit = (line: string) =>
    line
      .split(',')
      .map((each, index) => (index === at ? cell : each))
      .join(',')
  return [head, ...lines.map((line) => (line.startsWith(`${name},`) ? edit(line) : line))].join('\r\n')
}

test('[ALM-5] the exported list, imported as it is, drafts nothing', async () => {
  await draft(started.content('File.same', plant.tag('file-same'), { cause: '=cmd, "quoted"\nand more' }))
  const all = await started.platform.run(listAlarmDefinitions, engineer, {})
  expect(await imported(await exported())).toEqual({ changes: [], unchanged: all.length })
  expect(await started.platform.run(listAlarmDefinitions, engineer, {})).toEqual(all)
})

test('[ALM-5] a file drafts what differs: a next version, a draft anew, a new alarm; told first, and none raises anything yet', async () => {
  const tagId = plant.tag('file')
  await started.alarm('File.high', tagId)
  await draft(started.content('File.draft', plant.tag('file-draft')))
  const [before] = await versionsOf('File.draft')
  const withMore = edited(
    edited(await exported(), 'File.high', 'limit', '85'),
    ...(['File.draft', 'severity', 'severe'] as const),
  )
  const line = withMore.split('\r\n').find((each) => each.startsWith('File.high,')) ?? ''
  const record = line.split(',').length - 7
  const fresh = line.replace('File.high', 'File.high-high').replace(',high,85', ',high-high,95').split(',')
  const text = `${withMore}${[...fresh.slice(0, record), ...Array(7).fill('')].join(',')}\r\n`
  const told = await imported(text, true)
  expect(told.changes.map(({ name, action, version }) => [name, action, version])).toEqual([
    ['File.draft', 'change-draft', 1],
    ['File.high', 'next-version', 2],
    ['File.high-high', 'new-alarm', 1],
  ])
  expect(told.changes[1]?.differences).toEqual([{ column: 'limit', before: '80', after: '85' }])
  expect((await versionsOf('File.high')).map(({ version }) => version)).toEqual([1])

  expect(await imported(text)).toEqual(told)
  expect(await versionsOf('File.high')).toMatchObject([
    { version: 2, state: 'draft', condition: { limit: 85 }, changeReason: 'yearly review', draftedBy: 'eve' },
    { version: 1, state: 'released' },
  ])
  expect(await versionsOf('File.draft')).toMatchObject([{ id: before?.id, severity: 'severe', priority: 1 }])
  expect(await versionsOf('File.high-high')).toMatchObject([{ version: 1, state: 'draft' }])
  // The file is older than what it made of itself.
  await expect(imported(text)).rejects.toMatchObject({ code: 'alarm.file-invalid' })
})

test('[SR-3.5!] one bad line refuses the file: every one is named by number and column, and nothing is drafted', async () => {
  const tagId = plant.tag('file-pair')
  await started.alarm('Pair.a', tagId)
  await started.alarm('Pair.b', tagId, { condition: { kind: 'limit', side: 'high-high', limit: 90, deadband: 1 } })
  await started.alarm('Pair.c', plant.tag('file-third'))
  const fine = edited(await exported(), 'Pair.c', 'limit', '70')
  const lineOf = (name: string) => fine.split(/\r?\n/).findIndex((each) => each.startsWith(`${name},`)) + 1
  const bad = edited(edited(fine, 'Pair.a', 'limit', '95'), 'Pair.b', 'latched', 'perhaps')
  await expect(imported(bad)).rejects.toMatchObject({
    code: 'alarm.file-invalid',
    details: {
      fields: [
        { path: `line ${lineOf('Pair.a')}, limit`, message: expect.stringContaining('must lie below Pair.b') },
        { path: `line ${lineOf('Pair.b')}, latched`, message: expect.stringContaining('no truth value') },
      ],
    },
  })
  expect(await versionsOf('Pair.c')).toMatchObject([{ version: 1 }])
  // Judged as the whole file makes them: both move, and keep their order.
  const moved = edited(edited(fine, 'Pair.a', 'limit', '95'), 'Pair.b', 'limit', '98')
  expect((await imported(moved, true)).changes.map(({ name }) => name)).toEqual(['Pair.a', 'Pair.b', 'Pair.c'])
})

test('[SR-2.1!] a file reaches no alarm, equipment or tag outside the scopes, and an export holds none', async () => {
  const theirs = await started.alarm('Hidden.high', plant.tag('hidden', plant.loop))
  const mine = await started.alarm('Seen.high', plant.tag('seen', plant.oven))
  const narrow = actorWith(['alarm.definition.write', 'alarm.read'], plant.aero)
  const [all, own] = [await exported(), await exported(narrow)]
  expect(own).toContain(mine.name)
  expect(own).not.toContain(theirs.name)
  await expect(imported(all, true, narrow)).rejects.toMatchObject({ kind: 'forbidden' })
  for (const column of ['equipment', 'tag'] as const) {
    const elsewhere = edited(own, 'Seen.high', column, column === 'tag' ? 'bio/loop/hidden' : 'bio/loop')
    await expect(imported(elsewhere, false, narrow)).rejects.toMatchObject({
      code: 'alarm.file-invalid',
      message: expect.stringContaining('that you may see'),
    })
  }
  const reader = actorWith(['alarm.read'])
  await expect(imported(all, true, reader)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(exported(actorWith(['historian.sample.read']))).rejects.toMatchObject({ kind: 'forbidden' })
})
