import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { ExportSubject } from './bundle.ts'
import type { Ledger } from './ledger.ts'
import type { TestBench } from './testing/open-test-ledger.ts'
import { openTestBench } from './testing/open-test-ledger.ts'
import { record, recordMany } from './testing/record.ts'

const checker = fileURLToPath(new URL('../../../../apps/verify/src/main.ts', import.meta.url))

let server: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase({ modules: [] })
})
afterAll(() => server.close())

let database: TestDatabase
let clock: HandClock
let bench: TestBench
let ledger: Ledger
let start: Instant

beforeEach(async () => {
  database = await server.another()
  clock = handClock()
  start = clock.now()
  bench = await openTestBench(database, clock)
  ledger = await bench.open()
  for (let version = 1; version <= 3; version += 1) {
    clock.advanceMs(1000)
    const before = version === 1 ? null : { id: 's1', force: version - 1 }
    await record(database.db, clock.now(), [
      { kind: 'press.die', id: `d${version}`, after: { id: `d${version}` } },
      { kind: 'press.stroke', id: 's1', before, after: { id: 's1', force: version } },
    ])
    await recordMany(database.db, clock.now(), 300)
    if (version === 1) await ledger.rotateKey()
    await ledger.checkpoint()
  }
  clock.advanceMs(1000)
  await record(database.db, clock.now(), [
    { kind: 'identity.signature', id: 'sig1', after: { id: 'sig1', record_kind: 'press.stroke', record_id: 's1' } },
  ])
  await record(database.db, clock.now(), [
    { kind: 'identity.signature', id: 'sig2', after: { id: 'sig2', record_kind: 'press.die', record_id: 'd1' } },
  ])
  return () => bench.close()
})

const stroke = { kind: 'record', record: { kind: 'press.stroke', id: 's1' } } as const

async function linesOf(...parameters: Parameters<Ledger['exportBundle']>): Promise<string[]> {
  const lines: string[] = []
  for await (const line of ledger.exportBundle(...parameters)) lines.push(line)
  return lines
}

/** The stranger's program, which shares no code with this one: exit code, and what it says. */
async function judge(lines: readonly string[], ...more: string[]): Promise<{ code: number; says: string }> {
  const file = join(bench.folder, 'a.bundle')
  await writeFile(file, lines.join(''))
  const key = (await ledger.status()).keys[0] ?? ''
  try {
    const says = execFileSync(process.execPath, [checker, file, '--key', key, ...more], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return { code: 0, says }
  } catch (error) {
    const failed = z.object({ status: z.number(), stdout: z.string(), stderr: z.string() }).parse(error)
    return { code: failed.status, says: failed.stdout + failed.stderr }
  }
}

test('[P11-10b] a record is exported with every version, its entries and signatures, and a stranger finds it valid', async () => {
  const content = Buffer.from('%PDF the record for people')
  const lines = await linesOf(stroke, { name: 'stroke.pdf', content })
  expect(await judge(lines)).toMatchObject({ code: 0 })
  const parsed = lines.map((line) => z.looseObject({ line: z.string() }).parse(JSON.parse(line)))
  const leaves = parsed.filter(({ line }) => line === 'leaf').map(({ text }) => String(text))
  // Three versions and a signature, each with its entry; neither the dies nor the signature on one of them.
  expect(leaves).toHaveLength(8)
  expect(leaves.filter((text) => text.includes('"kind":"press.stroke"'))).toHaveLength(3)
  expect(leaves.filter((text) => text.includes('"sig1"'))).toHaveLength(1)
  expect(leaves.join('')).not.toContain('"sig2"')
  expect(parsed.find(({ line }) => line === 'record')).toMatchObject({
    state: { 'press.stroke': [{ id: 's1', force: 3 }] },
    document: { name: 'stroke.pdf', base64: content.toString('base64') },
  })
})

test('[P11-10b] several records are exported in one bundle, an entry that they share once, and a stranger finds it valid', async () => {
  const die = { kind: 'press.die', id: 'd1' }
  const content = Buffer.from('%PDF how it was made')
  const subject = { kind: 'records', records: [stroke.record, die, stroke.record] } as const
  const lines = await linesOf(subject, { name: 'as-built.pdf', content })
  expect(await judge(lines)).toMatchObject({ code: 0, says: expect.stringContaining('Bundle of 2 records') })
  // Of the stroke eight leaves; of the die its one version, and the signature on it with its entry.
  expect(lines.filter((line) => line.startsWith('{"line":"leaf"'))).toHaveLength(11)
  const states = lines.filter((line) => line.startsWith('{"line":"state"')).map((line) => JSON.parse(line))
  expect(states).toEqual([
    { line: 'state', record: stroke.record, state: { 'press.stroke': [{ id: 's1', force: 3 }] } },
    { line: 'state', record: die, state: { 'press.die': [{ id: 'd1' }] } },
  ])
  const unknown = { kind: 'records', records: [die, { kind: 'press.die', id: 'd9' }] } as const
  await expect(linesOf(unknown)).rejects.toMatchObject({ message: 'The ledger knows no press.die d9' })
})

test.each<[string, () => ExportSubject]>([
  ['all places', () => ({ kind: 'places', from: 0, to: 913 })],
  ['places in the midst of a tile', () => ({ kind: 'places', from: 100, to: 700 })],
  ['the last place', () => ({ kind: 'places', from: 913, to: 914 })],
  ['a second', () => ({ kind: 'window', from: plusMs(start, 2000), to: plusMs(start, 3000) })],
  ['all of the time', () => ({ kind: 'window', from: 0 as Instant, to: plusMs(start, 1e9) })],
])('[P11-10b] a window of %s is found valid by a stranger', async (_, subject) => {
  expect(await judge(await linesOf(subject()))).toMatchObject({ code: 0 })
})

test('a window of time holds all that was recorded in it, with the changes of its first entry', async () => {
  const lines = await linesOf({ kind: 'window', from: plusMs(start, 2000), to: plusMs(start, 3000) })
  const leaves = lines.filter((line) => line.startsWith('{"line":"leaf"'))
  expect(leaves).toHaveLength(303)
  expect(leaves[0]).toContain('press.die')
})

test('the reader is given the checkpoints that they hold, and the checker compares them', async () => {
  const found = await sql<{ size: number; note: string }>`
    select size, note from platform.ledger_checkpoint order by size`.execute(database.db)
  const witness = found.rows[1]
  if (witness === undefined) throw new Error('two checkpoints were expected')
  const file = join(bench.folder, 'kept.checkpoint')
  await writeFile(file, witness.note)
  const lines = await linesOf(stroke, null, [witness.size])
  expect(await judge(lines, '--checkpoint', file)).toMatchObject({ code: 0 })
  // A witness over the same number of leaves that says something else.
  await writeFile(file, (await readFile(file, 'utf8')).replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`))
  expect((await judge(lines, '--checkpoint', file)).code).not.toBe(0)
})

test('[P11-10a!, P11-10b!] a record that was edited, and one that lost a version, are not found valid', async () => {
  await bench.tamper(
    `update platform.record_change set text = replace(text, '"force":2', '"force":9') where record_id = 's1' and version = 2`,
  )
  const edited = await judge(await linesOf(stroke))
  expect(edited).toMatchObject({ code: 1, says: expect.stringMatching(/altered/i) })
})

test('[P11-10a!] a version that was taken out is missing, and the leaves behind it keep their places', async () => {
  await bench.tamper(`delete from platform.record_change where record_id = 's1' and version = 2`)
  const lines = await linesOf(stroke)
  expect(await judge(lines)).toMatchObject({ code: 1, says: expect.stringMatching(/missing/i) })
  const window = await linesOf({ kind: 'places', from: 200, to: 800 })
  expect(await judge(window)).toMatchObject({ code: 1, says: expect.stringMatching(/missing/i) })
  expect(window.filter((line) => line.startsWith('{"line":"leaf"'))).toHaveLength(599)
})

test('[P11-10a!] a bundle whose key note was rewritten is not found valid', async () => {
  const lines = await linesOf(stroke)
  const broken = lines.map((line) => (line.startsWith('{"line":"key"') ? line.replace('from 0', 'from 1') : line))
  expect(await judge(broken)).toMatchObject({ code: 1, says: expect.stringMatching(/forged/i) })
})

test.each<[string, ExportSubject, string]>([
  [
    'a record that is not known',
    { kind: 'record', record: { kind: 'press.stroke', id: 's9' } },
    'platform.ledger-record-unknown',
  ],
  [
    'a time of which nothing is known',
    { kind: 'window', from: 1 as Instant, to: 2 as Instant },
    'platform.ledger-window-empty',
  ],
  ['places that there are not', { kind: 'places', from: 0, to: 10_000 }, 'platform.ledger-window-invalid'],
  ['no places', { kind: 'places', from: 5, to: 5 }, 'platform.ledger-window-invalid'],
])('%s cannot be exported, and the refusal names it', async (_, subject, code) => {
  await expect(linesOf(subject)).rejects.toMatchObject({ code })
})

test('a record whose newest version cannot be sealed yet is refused for the moment', async () => {
  await database.owner.transaction().execute(async (trx) => {
    await sql`select pg_current_xact_id()`.execute(trx)
    await record(database.db, clock.now(), [
      { kind: 'press.stroke', id: 's1', before: { id: 's1', force: 3 }, after: null },
    ])
    await expect(linesOf(stroke)).rejects.toMatchObject({ kind: 'unavailable', code: 'platform.ledger-unsealed' })
  })
  const lines = await linesOf(stroke)
  expect(await judge(lines)).toMatchObject({ code: 0 })
  expect(lines.find((line) => line.startsWith('{"line":"record"'))).toContain('"state":{}')
})
