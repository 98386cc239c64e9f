import type { Clock, Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Permission } from '@throughline/model'
import { operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock, waitFor } from '@throughline/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { nobody, systemActor } from './door/actor.ts'
import type { UnitOfWork } from './door/unit-of-work.ts'
import { Platform } from './platform.ts'

const here = 'equipment.model.write' satisfies Permission
const north = '018f0000-0000-7000-8000-000000000001' as Id<'EquipmentNode'>
const south = '018f0000-0000-7000-8000-000000000002' as Id<'EquipmentNode'>
const unit = '018f0000-0000-7000-8000-000000000003' as Id<'EquipmentNode'>

const rename = operation({
  name: 'test.thing.rename',
  summary: 'Rename a thing',
  permission: here,
  scope: (input: { nodeId: string }) => input.nodeId,
  mutates: true,
  secrets: ['pin'],
  input: z.object({ nodeId: z.uuid(), name: z.string().min(2), pin: z.string().optional() }),
  output: z.object({ name: z.string(), times: z.int() }),
})
const readThing = operation({
  name: 'test.thing.read',
  summary: 'Read a thing',
  permission: 'equipment.model.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.object({ number: z.number() }),
})
const showOnce = operation({
  name: 'test.thing.show-once',
  summary: 'Make a secret that is shown once',
  permission: here,
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({}),
  output: z.object({ secret: z.string() }),
})

let database: TestDatabase
let platform: Platform
const clock: Clock = handClock('2026-11-22T06:00:00Z')
const engineer = actorWith([here])
const heard: number[] = []
let work: (uow: UnitOfWork) => Promise<void>
let times = 0
let deaf = false

beforeAll(async () => {
  database = await createTestDatabase({ modules: [] })
  platform = await Platform.start(database.db, [], clock, pino({ level: 'silent' }))
  platform.locateWith({ pathTo: async (nodeId) => (nodeId === unit ? [unit, north] : [nodeId]) })
  platform.handle(rename, async (uow, input) => {
    times += 1
    await work(uow)
    return { name: input.name, times }
  })
  platform.handle(readThing, async () => ({ number: 'not a number' as unknown as number }))
  platform.handle(showOnce, async () => ({ secret: 'only now' }))
  platform.on('equipment.model-changed', 'test.listener', async (_uow, event) => {
    if (deaf) throw new DomainError('unavailable', 'test.deaf', 'not now')
    heard.push(event.changed)
  })
})
afterAll(async () => {
  await platform.stop()
  await database.close()
})
beforeEach(async () => {
  work = async () => {}
  times = 0
  heard.length = 0
  deaf = false
  before = (await entries()).length
})

// The audit trail cannot be emptied between tests, so each looks at what came since it began.
let before = 0
const audit = async () => (await entries()).slice(before)
const entries = async () => {
  const rows = await database.db.selectFrom('platform.audit_entry').select('text').orderBy('seq').execute()
  return rows.map(({ text }) => {
    const { actor, operation, input, outcome } = JSON.parse(text)
    return {
      actor: actor.id as string,
      operation: operation as string,
      input: input as unknown,
      outcome: outcome as string,
    }
  })
}
const tell = async (uow: UnitOfWork): Promise<void> => uow.emit('equipment.model-changed', { changed: 1, at: uow.at })

test('[P11-10e-1, A11-9] a change, its audit entry and its event commit together', async () => {
  work = tell
  await platform.run(rename, engineer, { nodeId: north, name: 'pump' })
  await platform.idle()
  expect(heard).toEqual([1])
  expect(await audit()).toEqual([
    { actor: engineer.id, operation: rename.name, input: { nodeId: north, name: 'pump' }, outcome: 'done' },
  ])
})

test('[A11-9!] work that fails leaves no event, and an audit entry that says why', async () => {
  work = async (uow) => {
    await tell(uow)
    throw new DomainError('conflict', 'test.thing-locked', 'The thing is locked')
  }
  await expect(platform.run(rename, engineer, { nodeId: north, name: 'pump' })).rejects.toMatchObject({
    kind: 'conflict',
  })
  const waiting = database.db.selectFrom('platform.outbox').selectAll().where('delivered', '=', false)
  expect(await waiting.execute()).toEqual([])
  expect(await audit()).toMatchObject([{ outcome: 'test.thing-locked' }])
})

test('[A11-9!, SR-2.1!, SR-2.8!] who lacks the permission is refused before the shape is looked at, and the attempt is audited', async () => {
  const visitor = actorWith(['historian.sample.read'])
  await expect(platform.run(rename, visitor, { nodeId: 'no uuid', name: '' })).rejects.toMatchObject({
    kind: 'forbidden',
    code: 'platform.permission-missing',
  })
  expect(await audit()).toMatchObject([{ actor: visitor.id, outcome: 'platform.permission-missing' }])
})

test('[SR-1.1!] who has no session is told to sign in', async () => {
  await expect(platform.run(rename, nobody(null), { nodeId: north, name: 'pump' })).rejects.toMatchObject({
    kind: 'unauthenticated',
  })
})

test.each([
  { at: north, on: north, may: true, why: 'the node itself' },
  { at: north, on: unit, may: true, why: 'a node below' },
  { at: south, on: unit, may: false, why: 'a node elsewhere' },
  { at: unit, on: north, may: false, why: 'a node above' },
])('[SR-2.1-RE2!] a permission at one node reaches $why: $may', async ({ at, on, may }) => {
  const asked = platform.run(rename, actorWith([here], at), { nodeId: on, name: 'pump' })
  if (may) await expect(asked).resolves.toMatchObject({ name: 'pump' })
  else await expect(asked).rejects.toMatchObject({ code: 'platform.out-of-scope' })
})

test('a permission at one node is not a permission for the whole plant', async () => {
  await expect(platform.run(showOnce, actorWith([here], north), {})).rejects.toMatchObject({
    code: 'platform.out-of-scope',
  })
})

test('[SR-3.5!] a broken input is refused with every field that is wrong', async () => {
  await expect(platform.run(rename, engineer, { nodeId: 'x', name: '' })).rejects.toMatchObject({
    code: 'platform.input-invalid',
    details: { fields: [expect.objectContaining({ path: 'nodeId' }), expect.objectContaining({ path: 'name' })] },
  })
})

test('[SR-4.1!] secrets reach neither the audit entry of a success nor that of a refusal', async () => {
  await platform.run(rename, engineer, { nodeId: north, name: 'pump', pin: '4711' })
  await expect(platform.run(rename, engineer, { nodeId: north, name: '', pin: '4711' })).rejects.toThrow()
  expect(JSON.stringify(await audit())).not.toContain('4711')
  expect(await audit()).toMatchObject([{ input: { pin: '•••' } }, { input: { pin: '•••' } }])
})

test('[SR-4.1!] a misspelt secret stays secret, and so does an input that is no object', async () => {
  const misspelt = { nodeId: north, name: 'pump', pinn: '4712' } as unknown as { nodeId: string; name: string }
  await platform.run(rename, engineer, misspelt)
  await expect(platform.runByName(rename.name, engineer, ['4713'])).rejects.toMatchObject({ kind: 'invalid' })
  expect(JSON.stringify(await audit())).not.toMatch(/471[23]/)
})

test('an answer that breaks its own schema is a defect and is not given', async () => {
  await expect(platform.run(readThing, systemActor('test'), {})).rejects.toMatchObject({ kind: 'defect' })
})

test('a repeated request repeats the answer and not the change', async () => {
  const input = { nodeId: north, name: 'pump' }
  const first = await platform.run(rename, engineer, input, { idempotencyKey: 'key-00000001' })
  const again = await platform.run(rename, engineer, input, { idempotencyKey: 'key-00000001' })
  expect(again).toEqual(first)
  expect(times).toBe(1)
})

test('two equal requests at the same moment change once', async () => {
  const ask = () => platform.run(rename, engineer, { nodeId: north, name: 'fan' }, { idempotencyKey: 'key-00000002' })
  const answers = await Promise.all([ask(), ask(), ask()])
  expect(times).toBe(1)
  expect(new Set(answers.map((answer) => answer.times))).toEqual(new Set([1]))
})

test('a key that was used for another request is refused', async () => {
  await platform.run(rename, engineer, { nodeId: north, name: 'pump' }, { idempotencyKey: 'key-00000003' })
  const other = platform.run(rename, engineer, { nodeId: north, name: 'fan' }, { idempotencyKey: 'key-00000003' })
  await expect(other).rejects.toMatchObject({ code: 'platform.idempotency-key-reused' })
})

test('a secret that is shown once is not kept for a repeated request', async () => {
  await platform.run(showOnce, engineer, {}, { idempotencyKey: 'key-00000004' })
  await expect(platform.run(showOnce, engineer, {}, { idempotencyKey: 'key-00000004' })).rejects.toMatchObject({
    code: 'platform.answer-shown-once',
  })
  const kept = await database.db.selectFrom('platform.idempotency').selectAll().execute()
  expect(JSON.stringify(kept)).not.toContain('only now')
})

test('a request that failed may be repeated with its key', async () => {
  work = async () => {
    throw new DomainError('unavailable', 'test.busy', 'busy')
  }
  const ask = () => platform.run(rename, engineer, { nodeId: north, name: 'pump' }, { idempotencyKey: 'key-00000005' })
  await expect(ask()).rejects.toMatchObject({ kind: 'unavailable' })
  work = async () => {}
  await expect(ask()).resolves.toMatchObject({ name: 'pump' })
})

test('a guard refuses before the work, and is listed', async () => {
  let locked = true
  platform.guard(rename, 'test.change-control', async () => {
    if (locked) throw new DomainError('forbidden', 'test.change-needed', 'A change request is needed')
  })
  await expect(platform.run(rename, engineer, { nodeId: north, name: 'pump' })).rejects.toMatchObject({
    code: 'test.change-needed',
  })
  locked = false
  expect(times).toBe(0)
  const listed = platform.operations().find(({ operation: { name } }) => name === rename.name)
  expect(listed?.guards).toEqual(['test.change-control'])
})

test('a subscriber that fails undoes nothing: its event waits and is delivered later', async () => {
  work = tell
  deaf = true
  await platform.run(rename, engineer, { nodeId: north, name: 'pump' })
  await platform.idle()
  expect(heard).toEqual([])
  deaf = false
  await waitFor(() => heard.length === 1, 'the event is repeated')
})
