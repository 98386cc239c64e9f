import { DomainError } from '@throughline/kernel'
import { operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Platform } from '../platform.ts'
import { createHttpServer } from './server.ts'

const greet = operation({
  name: 'test.greeting.send',
  summary: 'Send a greeting',
  permission: 'equipment.model.write',
  scope: 'plant',
  mutates: true,
  input: z.object({ to: z.string().min(2), times: z.int().positive() }),
  output: z.object({ text: z.string() }),
})
const signIn = operation({
  name: 'test.session.open',
  summary: 'Open a session',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({}),
  output: z.object({}),
})
const fail = operation({
  name: 'test.greeting.fail',
  summary: 'Fail with a secret in the message',
  permission: 'equipment.model.read',
  scope: 'any',
  mutates: false,
  input: z.object({}),
  output: z.object({}),
})

let database: TestDatabase
let platform: Platform
let app: FastifyInstance

beforeAll(async () => {
  database = await createTestDatabase({ modules: [] })
  platform = await Platform.start(database.db, [], handClock('2026-11-22T06:00:00Z'), pino({ level: 'silent' }))
  platform.handle(greet, async (_uow, input) => ({ text: `hello ${input.to}`.repeat(input.times) }))
  platform.handle(signIn, async (uow) => {
    uow.session.start('token-of-the-session', 3600)
    return {}
  })
  platform.handle(fail, async () => {
    throw new Error('password=hunter2')
  })
  const engineer = actorWith(['equipment.model.write', 'equipment.model.read'])
  const reader = actorWith(['equipment.model.read'])
  const board = { ...actorWith(['equipment.model.read']), name: 'Board 1', kind: 'station' as const, sessionId: null }
  platform.authenticateWith({
    bySession: async (token) => (token === 'good' ? engineer : undefined),
    byTerminal: async (token) => (token === 'wall' ? board : undefined),
    byApiKey: async (key) => (key === 'tl_good' ? engineer : key === 'tl_reader' ? reader : undefined),
    findGone: async () => new Set(),
  })
  app = await createHttpServer(platform, { version: '0.0.1', tls: null, webDir: null })
})
afterAll(async () => {
  await app.close()
  await platform.stop()
  await database.close()
})

const key = () => crypto.randomUUID()
const post = (name: string, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/api/${name}`,
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer tl_good',
      'idempotency-key': key(),
      ...headers,
    },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
const bySession = { authorization: '', cookie: 'throughline=good' }

test('an operation is a route', async () => {
  const answer = await post('test.greeting.send', { to: 'Ada', times: 1 })
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toEqual({ text: 'hello Ada' })
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('[SR-3.5!] a bad body answers 400 with every field named, as a problem document', async () => {
  const answer = await post('test.greeting.send', { to: 'A', times: 0.5, extra: 1 })
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  expect(answer.json()).toMatchObject({
    type: 'urn:throughline:problem:platform.input-invalid',
    status: 400,
    code: 'platform.input-invalid',
    fields: [expect.objectContaining({ path: 'to' }), expect.objectContaining({ path: 'times' })],
  })
})

test.each([
  ['text that is no JSON', '{"to":', 'platform.body-not-json'],
  ['a body of another type', { to: 'Ada', times: '1' }, 'platform.input-invalid'],
])('%s is refused and not coerced', async (_what, payload, code) => {
  expect((await post('test.greeting.send', payload)).json()).toMatchObject({ status: 400, code })
})

test('[SR-1.1!] without session or key an operation answers 401, before the body is read', async () => {
  const answer = await post('test.greeting.send', '{', { authorization: '' })
  expect(answer.json()).toMatchObject({ status: 401, code: 'platform.session-missing' })
})

test('a wrong key is a 401 and not a 500', async () => {
  expect((await post('test.greeting.send', {}, { authorization: 'Bearer tl_bad' })).statusCode).toBe(401)
})

test('a change without an idempotency key is refused, saying what to send', async () => {
  const answer = await post('test.greeting.send', { to: 'Ada', times: 1 }, { 'idempotency-key': '' })
  expect(answer.json()).toMatchObject({ status: 400, code: 'platform.idempotency-key-missing' })
})

test('[SR-2.1!, SR-2.8!] who may not do it is told so, also without a key, and leaves an audit entry', async () => {
  const answer = await post(
    'test.greeting.send',
    { to: 'Ada', times: 1 },
    { authorization: 'Bearer tl_reader', 'idempotency-key': '' },
  )
  expect(answer.json()).toMatchObject({ status: 403, code: 'platform.permission-missing' })
  const entries = await database.db.selectFrom('platform.audit_entry').select('outcome').execute()
  expect(entries.map(({ outcome }) => outcome)).toContain('platform.permission-missing')
})

test.each([
  ['another site by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
  ['another origin, from an older browser', { origin: 'https://evil.example' }, 403],
  ['our own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ['our own page, from an older browser', { origin: 'http://localhost:8080', host: 'localhost:8080' }, 200],
])('[SR-3.8!] a request with a session from %s answers as it must', async (_who, headers, status) => {
  const answer = await post('test.greeting.send', { to: 'Ada', times: 1 }, { ...bySession, ...headers })
  expect(answer.statusCode).toBe(status)
})

describe('a board on the wall', () => {
  const wall = 'throughline-station=wall'
  const codeOf = async (headers: Record<string, string>) =>
    (await post('test.greeting.send', { to: 'Ada', times: 1 }, { authorization: '', ...headers })).json().code

  test('[SR-2.1!] changes nothing, by its own name', async () => {
    const answer = await post('test.greeting.send', {}, { authorization: '', cookie: wall })
    expect(answer.json()).toMatchObject({ status: 403, code: 'platform.station-only-shows' })
    expect(answer.json().detail).toContain('Board 1')
  })
  test('[SR-2.1!] signs nobody in either', async () => {
    const answer = await post('test.session.open', {}, { authorization: '', cookie: wall })
    expect(answer.json()).toMatchObject({ status: 403, code: 'platform.station-only-shows' })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
  test('[SR-3.8!] is nobody to a page of another site', async () => {
    expect(await codeOf({ cookie: wall, 'sec-fetch-site': 'cross-site' })).toBe('platform.session-missing')
  })
  test('a person who is signed in at the same device goes before it, and an ended session does not', async () => {
    expect(await codeOf({ cookie: `${wall}; throughline=good` })).toBeUndefined()
    expect(await codeOf({ cookie: `throughline=ended; ${wall}` })).toBe('platform.station-only-shows')
  })
  test('an API key goes before it, also one that is wrong', async () => {
    expect(await codeOf({ cookie: wall, authorization: 'Bearer tl_good' })).toBeUndefined()
    expect(await codeOf({ cookie: wall, authorization: 'Bearer tl_wrong' })).toBe('platform.session-missing')
  })
  test('a terminal where people work is nobody by itself', async () => {
    expect(await codeOf({ cookie: 'throughline-station=mixer' })).toBe('platform.session-missing')
  })
})

test('[SR-3.8] a session is a cookie that scripts cannot read and other sites cannot send', async () => {
  const answer = await post('test.session.open', {}, { authorization: '' })
  expect(answer.headers['set-cookie']).toBe(
    'throughline=token-of-the-session; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600',
  )
})

test('[SR-3.7!] a defect tells its reference and nothing else', async () => {
  const answer = await post('test.greeting.fail', {})
  expect(answer.statusCode).toBe(500)
  expect(answer.body).not.toContain('hunter2')
  expect(answer.json()).toMatchObject({ code: 'platform.defect', instance: expect.stringMatching(/^[0-9a-f-]{36}$/) })
})

test('[SR-7.7!] an unknown operation is a 404 with a problem document', async () => {
  expect((await post('test.greeting.forget', {})).json()).toMatchObject({
    status: 404,
    code: 'platform.operation-unknown',
  })
})

test('[SR-7.1!] a body over the limit is refused', async () => {
  const answer = await post('test.session.open', { filler: 'x'.repeat(70_000) }, { authorization: '' })
  expect(answer.json()).toMatchObject({ code: 'platform.body-too-large' })
})

test('the OpenAPI document describes every mounted operation with its schemas', async () => {
  const document = (await app.inject('/api/openapi.json')).json() as { openapi: string; paths: Record<string, unknown> }
  expect(document.openapi).toBe('3.1.0')
  for (const { operation: each } of platform.operations()) {
    expect(document.paths).toHaveProperty([`/api/${each.name}`, 'post', 'operationId'], each.name)
  }
  expect(document.paths).toHaveProperty(
    ['/api/test.greeting.send', 'post', 'requestBody', 'content', 'application/json', 'schema', 'required'],
    ['to', 'times'],
  )
})

test('the reference page names every operation and loads nothing from elsewhere', async () => {
  const page = (await app.inject('/api')).body
  expect(page).toContain('test.greeting.send')
  expect(page).not.toMatch(/(src|href)="https?:/)
})

test('[SR-2.4] pages may load from this origin only', async () => {
  const policy = (await app.inject('/health')).headers['content-security-policy']
  expect(policy).toContain("default-src 'self'")
  expect(policy).not.toContain('unsafe-eval')
})

test('an error of the product keeps its code on the way out', async () => {
  platform.guard(greet, 'test.closed', async () => {
    throw new DomainError('conflict', 'test.shop-closed', 'The shop is closed', { opensAt: '08:00' })
  })
  const answer = await post('test.greeting.send', { to: 'Ada', times: 1 })
  expect(answer.json()).toMatchObject({ status: 409, code: 'test.shop-closed', details: { opensAt: '08:00' } })
})
