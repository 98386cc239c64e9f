import type { Logbook, LogbookEntry } from '@throughline/model'
import {
  closeLogbook,
  correctLogbook,
  listCleaning,
  listLogbookEntries,
  listLogbooks,
  listSignatures,
  prepareSignature,
  reviewLogbook,
  setLogbook,
  writeLogbook,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { StartedExecution } from '../testing/start-execution.ts'
import { password, startExecution } from '../testing/start-execution.ts'

let plant: StartedExecution
let book: Logbook
let operator: Actor
let supervisor: Actor
const bench = 'Aurora/AERO/Bench'
const agent = { key: 'agent', label: { en: 'Agent' }, type: 'text' as const }
const clean = { key: 'clean', title: { en: 'Cleaned' }, fields: [agent] }
const handOver = { key: 'hand-over', title: { en: 'Hand-over' }, fields: [] }

beforeAll(async () => {
  plant = await startExecution()
  operator = (await plant.someone('otto', 'operator')).actor
  supervisor = (await plant.someone('susi', 'supervisor')).actor
  book = await set([clean, handOver])
})
afterAll(() => plant?.close())
beforeEach(() => plant.clock.advanceMs(60_000))

const set = (
  templates: (typeof clean | { key: string; title: { en: string }; fields: [] })[],
  name = 'Cleaning of the bench',
) =>
  plant.platform.run(setLogbook, plant.anybody, {
    ...{ nodeId: plant.node(bench), kind: 'cleaning', name, templates, reason: 'as SOP-9 says' },
  })
const write = (more: object = {}, by = operator): Promise<LogbookEntry> =>
  plant.platform.run(writeLogbook, by, {
    ...{ logbookId: book.id, template: 'clean', values: { agent: 'IPA' }, text: '', order: null, ...more },
  })
const list = (more: object = {}) => plant.platform.run(listLogbookEntries, operator, { logbookId: book.id, ...more })
const refused = (code: string) => expect.objectContaining({ code: `execution.${code}` })
const numbers = (entries: readonly LogbookEntry[]) => entries.map(({ number }) => number)

test('[EXE-6] entries are numbered without a gap whoever writes at once, keep their form, and are corrected, never erased', async () => {
  const written = await Promise.all(Array.from({ length: 8 }, () => write({ template: 'hand-over', values: {} })))
  expect(numbers(written).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  await expect(write({ values: {} })).rejects.toEqual(refused('logbook-values'))
  await expect(write({ template: 'use' })).rejects.toEqual(refused('logbook-form-unknown'))
  const first = await write({ text: 'quick', order: 'WO-1' })
  expect(first).toMatchObject({ number: 9, form: clean, by: { name: 'otto' }, order: 'WO-1', replacedAt: null })
  const changed = await set([{ ...clean, fields: [] as never }, handOver], 'CLEANING of the bench')
  expect(changed).toMatchObject({ id: book.id, version: 2 })
  plant.clock.advanceMs(1000)
  const correction = { entryId: first.id, values: { agent: 'water' }, text: 'quick', reason: 'the other bottle' }
  const corrected = await plant.platform.run(correctLogbook, operator, correction)
  expect(corrected).toMatchObject({
    number: 10,
    corrects: first.id,
    at: first.at,
    form: clean,
    reason: 'the other bottle',
  })
  await expect(plant.platform.run(correctLogbook, operator, correction)).rejects.toEqual(refused('entry-replaced'))
  expect(numbers((await list({ limit: 2 })).entries)).toEqual([10, 8])
  const all = await list({ includeReplaced: true })
  expect(all.total).toBe(10)
  expect(all.entries.find(({ id }) => id === first.id)?.replacedAt).toBe(corrected.recordedAt)
  const erase = sql`delete from execution.logbook_entry`
  await expect(erase.execute(plant.database.owner)).rejects.toThrow(/never changes/)
  await expect(erase.execute(plant.database.db)).rejects.toThrow(/permission denied/)
  await set([clean, handOver])
})

test('[211.182!, AL-C-2, AL-C-2-1!] what is written later stands where it happened, with the next number and the time of writing: it passes for nothing that was written then', async () => {
  const before = await write({ template: 'hand-over', values: {} })
  plant.clock.advanceMs(3_600_000)
  const at = (before.at - 600_000_000) as LogbookEntry['at']
  await expect(write({ template: 'hand-over', values: {}, at })).rejects.toEqual(refused('late-reason-missing'))
  const late = await write({ template: 'hand-over', values: {}, at, reason: 'hands were full' })
  expect(late).toMatchObject({
    at,
    recordedAt: plant.clock.now(),
    number: before.number + 1,
    reason: 'hands were full',
  })
  const { entries, total } = await list({ includeReplaced: true, limit: 5000 })
  const times = entries.map((each) => each.at)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(entries.findIndex(({ id }) => id === late.id)).toBeGreaterThan(entries.findIndex(({ id }) => id === before.id))
  // None is missing.
  expect(numbers(entries).sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  for (const change of ['recorded_at = at', 'number = 1', 'at = recorded_at']) {
    const backDated = sql`update execution.logbook_entry set ${sql.raw(change)} where id = ${late.id}`
    await expect(backDated.execute(plant.database.owner), change).rejects.toThrow(/never changes/)
  }
})

test('[AS-8.5.1-4] an entry that equipment was cleaned makes it clean from then on', async () => {
  const status = async () => (await plant.platform.run(listCleaning, plant.anybody, { nodeId: plant.node(bench) }))[0]
  const at = plant.clock.now() - 30_000_000
  await write({ at })
  expect(await status()).toMatchObject({ status: 'clean', since: at })
  await write({ at: at - 1_000_000 })
  expect(await status()).toMatchObject({ status: 'clean', since: at })
  await expect(write({ at: plant.clock.now() + 200_000_000 })).rejects.toEqual(refused('time-future'))
})

test('[EXE-6] a stretch of a book is reviewed by signature of another person', async () => {
  const own = await plant.platform.run(setLogbook, plant.anybody, {
    ...{ nodeId: plant.node(bench), kind: 'shift', name: 'Shift', templates: [handOver], reason: 'as ever' },
  })
  const entry = (by: Actor) => write({ logbookId: own.id, template: 'hand-over', values: {} }, by)
  await entry(supervisor)
  const now = plant.clock.now()
  const review = (proof = password) =>
    plant.platform.run(reviewLogbook, supervisor, {
      logbookId: own.id,
      window: { from: now - 1_000_000, to: now + 3_600_000_000 },
      signature: {
        ...{ meaning: 'reviewed', reason: 'end of shift', shown: null },
        proof: { method: 'password', name: 'susi', password: proof },
      },
    })
  await expect(review()).rejects.toEqual(refused('logbook-own'))
  await entry(operator)
  const done = await review()
  expect(done).toMatchObject({ entries: 2, reviewedBy: 'susi', window: { to: plant.clock.now() + 1 } })
  const asked = { record: { kind: 'execution.logbook_review', id: done.id } }
  expect(await plant.platform.run(listSignatures, plant.anybody, asked)).toMatchObject([
    { meaning: 'reviewed', printedName: 'susi' },
  ])
  expect((await plant.platform.run(prepareSignature, plant.anybody, asked)).title).toMatch(
    /^2 entries of Shift, from \d+ \w+ \d{4} [\d:]+ UTC\+00:00 to \d/,
  )
  const listed = await plant.platform.run(listLogbookEntries, operator, { logbookId: own.id })
  expect(listed.reviews).toEqual([done])
})

test('a book is seen and written into by people of its place', async () => {
  const nina = { ...actorWith(['execution.read', 'execution.logbook.write'], plant.node('Aurora/BIO')), name: 'nina' }
  expect(await plant.platform.run(listLogbooks, nina, {})).toEqual([])
  await expect(write({}, nina)).rejects.toMatchObject({ kind: 'forbidden' })
  const here = { nodeId: plant.node('Aurora/AERO'), kind: 'cleaning' as const }
  expect(await plant.platform.run(listLogbooks, operator, here)).toMatchObject([{ id: book.id }])
  expect(await plant.platform.run(listLogbooks, operator, { nodeId: plant.node('Aurora/BIO') })).toEqual([])
})

test('[EXE-6!] a closed book takes no entry, correction or form any more, by a signature that stays, and is still read', async () => {
  const { platform } = plant
  const old = await set([handOver], 'Old book')
  const entry = await write({ logbookId: old.id, template: 'hand-over', values: {} })
  const record = { kind: 'execution.logbook', id: old.id }
  const close = async (by: Actor, version = old.version) => {
    const { current } = await platform.run(prepareSignature, by, { record })
    const proof = { method: 'password' as const, name: by.name, password }
    const signature = { meaning: 'approved' as const, reason: 'full', shown: current, proof }
    return platform.run(closeLogbook, by, { logbookId: old.id, version, reason: 'the next book begins', signature })
  }
  await expect(close(operator)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(close(supervisor, 7)).rejects.toEqual(refused('version-conflict'))
  expect(await close(supervisor)).toMatchObject({ id: old.id, state: 'closed', version: 2 })
  expect(await platform.run(listSignatures, plant.anybody, { record })).toMatchObject([{ meaning: 'approved' }])
  const more = { logbookId: old.id, template: 'hand-over', values: {} }
  await expect(write(more)).rejects.toThrow(/Old book is closed: nothing is written into it any more/)
  const correction = { entryId: entry.id, values: {}, text: 'x', reason: 'too late' }
  await expect(platform.run(correctLogbook, operator, correction)).rejects.toEqual(refused('logbook-closed'))
  await expect(set([clean], 'OLD book')).rejects.toEqual(refused('logbook-closed'))
  await expect(close(supervisor, 2)).rejects.toEqual(refused('logbook-closed'))
  expect(numbers((await list({ logbookId: old.id })).entries)).toEqual([entry.number])
})
