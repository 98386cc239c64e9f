import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Signature } from '@throughline/model'
import { listSignatures, operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock, readPdf } from '@throughline/testkit'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import type { Module } from '../../module.ts'
import { Platform } from '../../platform.ts'
import { Ledger } from '../ledger.ts'
import type { DocumentMaker } from '../operations.ts'
import { recordDocumentFor } from './maker.ts'

const setForce = operation({
  name: 'press.setting.set',
  summary: 'Set the force of the press',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ id: z.uuid(), force: z.number(), reason: z.string() }),
  output: z.object({}),
})

const press: Module = {
  name: 'press',
  migrations: [{ name: '0001-press', sql: 'create table press.setting (id uuid primary key, force numeric not null)' }],
  register(platform) {
    platform.handle(setForce, async (uow, { id, force }) => {
      await sql`insert into press.setting (id, force) values (${id}, ${force})
        on conflict (id) do update set force = excluded.force`.execute(uow.trx)
      return {}
    })
    platform.handle(listSignatures, async (_uow, { record }) => signatures.map((each) => ({ ...each, record })))
  },
}

const clock = handClock('2026-11-22T08:00:00Z')
const ada = actorWith(['equipment.model.write'])
const record = { kind: 'press.setting', id: '018f0000-0000-7000-8000-00000000000a' }
let signatures: Signature[] = []
let database: TestDatabase
let platform: Platform
let ledger: Ledger
let folder: string
let make: DocumentMaker

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'throughline-document-'))
  const log = pino({ level: 'silent' })
  platform = await Platform.start(database.db, [press], clock, log)
  const about = { plant: 'Plant of tests', software: '0.1.0', clockStatus: () => 'synchronised' as const, log }
  ledger = await Ledger.open(database.db, clock, { ...about, keyDir: join(folder, 'keys') })
  make = recordDocumentFor(platform, ledger, 'Plant of tests', async () => 'Europe/Berlin')
  for (const force of [40, 55, 60]) {
    await platform.run(setForce, ada, { id: record.id, force, reason: `die for ${force} kN` })
    clock.advanceMs(60_000)
  }
}, 60_000)
afterAll(async () => {
  await ledger?.stop()
  await platform?.stop()
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

async function documentText(): Promise<string> {
  const made = await make({ kind: 'record', record })
  expect(made?.name).toBe(`press.setting-${record.id}.pdf`)
  return readPdf(made?.content ?? Buffer.alloc(0)).pages.join(' ')
}

test('[P11-10b, P11-10e-2] the document of a record holds every version that the ledger has, with who, when and why', async () => {
  const text = await documentText()
  for (const [version, force] of [40, 55, 60].entries()) {
    expect(text).toMatch(
      new RegExp(
        `Version ${version + 1}, 22 Nov 2026 09:0${version}:00 UTC\\+01:00 ada set the force of the press\\. Reason die for ${force} kN`,
      ),
    )
  }
  expect(text).toMatch(/force 60 ± changed: force, in version 3 by ada, 22 Nov 2026 09:02:00 UTC\+01:00; before: 55/)
})

test('what a document tells of is signed before it is made, and it names the checkpoint', async () => {
  const text = await documentText()
  const { checkpoint } = await ledger.status()
  expect(text).toContain(`${checkpoint?.size} leaves`)
  expect(text.replaceAll(' ', '')).toContain(checkpoint?.note.split('\n')[2])
})

test('[P11-50b] signatures that a module keeps stand in the document', async () => {
  expect(await documentText()).toContain('Nobody has signed this record.')
  const personId = newId<'Person'>(clock.now()) as Id<'Person'>
  const signature = {
    version: 3,
    recordHash: 'a'.repeat(64),
    meaning: 'approved',
    reason: 'checked',
    personId,
  } as const
  const signed = { signedAt: clock.now(), localTime: '2026-11-22T09:03:00+01:00', components: 'name and password' }
  const proof = { manifestHash: 'b'.repeat(64), state: 'valid', stateReason: null } as const
  const id = newId<'Signature'>(clock.now())
  signatures = [{ id, record, printedName: 'Quinn Quality', ...signature, ...signed, ...proof }]
  expect(await documentText()).toContain('Quinn Quality: approved Signed 2026-11-22 09:03:00 UTC+01:00')
  signatures = []
})

test('a record with more versions than a page of the trail has them all', async () => {
  for (let n = 0; n < 203; n += 1) await platform.run(setForce, ada, { id: record.id, force: n, reason: `step ${n}` })
  const made = await make({ kind: 'record', record })
  const [attached] = readPdf(made?.content ?? Buffer.alloc(0)).attachments
  const { versions } = JSON.parse(attached?.content ?? '') as { versions: { change: { version: number } }[] }
  expect(versions.map(({ change }) => change.version)).toEqual(Array.from({ length: 206 }, (_, n) => n + 1))
})

test('there is no document of a window, nor of a record that was never there', async () => {
  expect(await make({ kind: 'window', from: clock.now(), to: clock.now() })).toBeNull()
  expect(await make({ kind: 'record', record: { kind: 'press.setting', id: 'none' } })).toBeNull()
})
