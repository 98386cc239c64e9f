import { DomainError } from '@throughline/kernel'
import { operation } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { nobody } from '../door/actor.ts'
import { Platform } from '../platform.ts'
import { createHttpServer } from './server.ts'

const askOutside = operation({
  name: 'test.outside.ask',
  summary: 'Ask somebody outside',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  input: z.object({ question: z.string() }),
  output: z.object({ answer: z.string() }),
})
const bindTerminal = operation({
  name: 'test.terminal.bind',
  summary: 'Give this terminal a token',
  permission: 'anyone',
  scope: 'any',
  mutates: true,
  input: z.object({ isRefused: z.boolean() }),
  output: z.object({ before: z.string().nullable() }),
})

let database: TestDatabase
let platform: Platform
let plain: FastifyInstance
let secure: FastifyInstance
const order: string[] = []

beforeAll(async () => {
  database = await createTestDatabase({ modules: [] })
  platform = await Platform.start(database.db, [], handClock(), pino({ level: 'silent' }))
  platform.handlePrepared(
    askOutside,
    async (_, { question }) => {
      const open = await sql<{ count: string }>`
        select count(*) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`.execute(
        database.db,
      )
      order.push(`asked with ${open.rows[0]?.count} transactions open`)
      if (question === 'who?') throw new DomainError('unavailable', 'test.silence', 'Nobody answers')
      return 'because'
    },
    async (_uow, _input, answer) => {
      order.push('handled')
      return { answer }
    },
  )
  platform.handle(bindTerminal, async (uow, { isRefused }) => {
    uow.terminal.bind('token-of-the-terminal', 60)
    if (isRefused) throw new DomainError('conflict', 'test.refused', 'No')
    return { before: uow.terminal.token }
  })
  platform.route({
    method: 'GET',
    path: '/away/:where',
    answer: async ({ params, search, baseUrl, cookie, session, actor }) => {
      session.start('token-of-the-session', 60)
      const told = new URLSearchParams({
        where: params['where'] ?? '',
        search,
        baseUrl,
        held: cookie('crumb') ?? '',
        actor: actor.kind,
      })
      const cookies = [{ name: 'crumb', value: 'x', maxAgeSeconds: 600 }]
      return { status: 303, location: `https://id.example/?${told}`, cookies }
    },
  })
  platform.route({
    method: 'POST',
    path: '/posted',
    answer: async ({ form }) => ({ status: 200, body: { said: form.get('said') } }),
  })
  plain = await createHttpServer(platform, { version: '0.0.1', tls: null, webDir: null })
  secure = await createHttpServer(platform, { version: '0.0.1', tls: { cert: '', key: '' }, webDir: null })
})
afterAll(async () => {
  await Promise.all([plain.close(), secure.close()])
  await platform.stop()
  await database.close()
})
beforeEach(() => {
  order.length = 0
})

test('what has to be asked outside is asked before the transaction, and its answer reaches the handler', async () => {
  expect(await platform.run(askOutside, nobody(null), { question: 'why?' })).toEqual({ answer: 'because' })
  expect(order).toEqual(['asked with 0 transactions open', 'handled'])
})

test('when nobody answers nothing is handled, and the refusal is in the trail', async () => {
  await expect(platform.run(askOutside, nobody(null), { question: 'who?' })).rejects.toMatchObject({
    code: 'test.silence',
  })
  expect(order).toHaveLength(1)
  const { rows } = await sql<{ outcome: string }>`
    select outcome from platform.audit_entry where operation = 'test.outside.ask' order by seq desc limit 1`.execute(
    database.db,
  )
  expect(rows).toEqual([{ outcome: 'test.silence' }])
})

test('a route sends the browser on with what it needs to come back, and with its session', async () => {
  const answer = await plain.inject({
    url: '/away/there?a=1&b=2',
    headers: { cookie: 'crumb=y', host: 'plant.example' },
  })
  expect(answer.statusCode).toBe(303)
  const to = new URL(answer.headers.location ?? '')
  expect(Object.fromEntries(to.searchParams)).toEqual({
    where: 'there',
    search: 'a=1&b=2',
    baseUrl: 'http://plant.example',
    held: 'y',
    actor: 'nobody',
  })
  expect(answer.headers['set-cookie']).toEqual([
    'throughline=token-of-the-session; Path=/; HttpOnly; SameSite=Strict; Max-Age=60',
    'crumb=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=600',
  ])
})

test('over HTTPS its cookies are bound to this host', async () => {
  const answer = await secure.inject({ url: '/away/there', headers: { cookie: 'crumb=y; __Host-crumb=z' } })
  expect(new URL(answer.headers.location ?? '').searchParams.get('held')).toBe('z')
  expect(String(answer.headers['set-cookie'])).toContain('__Host-crumb=x; Path=/; HttpOnly; SameSite=Lax; Secure')
})

test('[SR-3.5] a form is read at such a route and nowhere else: no foreign page posts one to an operation', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': 'a key of this test' }
  const posted = { method: 'POST' as const, headers, payload: 'said=hello' }
  expect((await plain.inject({ ...posted, url: '/posted' })).json()).toEqual({ said: 'hello' })
  expect((await plain.inject({ ...posted, url: `/api/${askOutside.name}` })).statusCode).toBe(400)
})

test('[P11-10h] a terminal gets its token once the work is done, brings it from then on, and no script sees it', async () => {
  const post = (isRefused: boolean, cookie = '') =>
    plain.inject({
      method: 'POST',
      url: `/api/${bindTerminal.name}`,
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), cookie },
      payload: JSON.stringify({ isRefused }),
    })
  expect((await post(true)).headers['set-cookie']).toBeUndefined()
  const bound = await post(false)
  expect(bound.headers['set-cookie']).toBe(
    'throughline-station=token-of-the-terminal; Path=/; HttpOnly; SameSite=Strict; Max-Age=60',
  )
  expect((await post(false, 'throughline-station=mine')).json()).toEqual({ before: 'mine' })
})
