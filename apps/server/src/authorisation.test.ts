import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { permissionsOf } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { fromMs, newId, plusMs, systemClock } from '@throughline/kernel'
import type { AuditEntry, Operation, Permission, Role } from '@throughline/model'
import {
  activatePerson,
  createClient,
  createMachineAccount,
  disablePerson,
  encodeSampleBatch,
  invitePerson,
  listAuditEntries,
  listLastSamples,
  listNodes,
  listOperations,
  listPersons,
  listSessions,
  listTags,
  lockSession,
  openContext,
  openSession,
  Problem,
  permissions,
  revokeMachineAccount,
  roles,
  setPersonGrants,
  terminateSession,
  wireTopics,
} from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { readConfig } from './config.ts'
import type { Plant } from './plant.ts'
import { startPlant } from './plant.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-authorisation-'))
const webDir = join(home, 'pages')
const modelFile = join(home, 'model.yaml')
const model = `
classes:
  - { name: pump, tags: [{ name: Flow, dataType: double, unit: L/min }] }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: {} }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
  - { path: acme/south, level: site, timeZone: Europe/Lisbon }
  - { path: acme/north/utilities, level: area }
  - path: acme/north/utilities/p-01
    level: work-center
    class: pump
    sources: { Flow: { connection: line, address: 'ns=1;s=Flow' } }
`
const config = {
  ...readConfig({ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0', THROUGHLINE_WEB: webDir }),
  modelFile,
}
const personRoles = roles.filter((role) => role !== 'edge-agent')
const password = 'a long enough password'
/** Put into every field that an operation declares secret; short enough to be refused as token and password. */
const secret = 'hush-7f3a'
const wrongKey = `tl_${'w'.repeat(43)}`
const endedSession = 'e'.repeat(43)
const nobodysId = newId<'Person'>()

/** Somebody who calls, with what the role table gives them and where. */
interface Caller {
  readonly headers: Record<string, string>
  /** As the audit trail names them. */
  readonly actor: string
  readonly held: readonly Permission[]
  readonly reach: 'plant' | 'south'
  readonly locked?: true
}

let plant: Plant
const callers = new Map<string, Caller>()
const routes: string[] = []
const north = { site: '', unit: '', tag: '', interval: '' }

const hearRoutes = (message: unknown): void => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url }) => {
    routes.push(`${Array.isArray(method) && method.length > 2 ? 'ALL' : String(method)} ${url}`)
  })
}

beforeAll(async () => {
  mkdirSync(webDir)
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>pages</title>')
  writeFileSync(modelFile, model)
  subscribe('fastify.initialization', hearRoutes)
  plant = await startPlant(config, '0.0.0', turnedBack, pino({ level: 'silent' }))
  const system = systemActor('test')
  await signInTheShutOut()
  const nodes = await plant.platform.run(listNodes, system, {})
  const nodeAt = (path: string) => nodes.find((node) => node.path === path)?.id ?? null
  north.site = nodeAt('acme/north') ?? ''
  north.unit = nodeAt('acme/north/utilities/p-01') ?? ''
  north.tag = (await plant.platform.run(listTags, system, {})).tags[0]?.id ?? ''
  const opened = { nodeId: north.unit, kind: 'batch', label: 'B-1', from: fromMs(Date.now()) } as const
  north.interval = (await plant.platform.run(openContext, system, opened)).id

  callers.set('nobody', { ...stranger, headers: {} })
  callers.set('a wrong API key', { ...stranger, headers: { authorization: `Bearer ${wrongKey}` } })
  callers.set('an unknown session', { ...stranger, headers: { cookie: `throughline=${endedSession}` } })
  for (const role of personRoles) callers.set(role, await person(role, [role], 'plant'))
  callers.set('all roles at another site', await person('southerner', personRoles, 'south', nodeAt('acme/south')))
  callers.set('an edge agent', await machine('edge-1', 'plant', null))
  callers.set('an edge agent of another site', await machine('edge-2', 'south', nodeAt('acme/south')))
  callers.set('a locked session', await lockedOne())
  await sendOneSample()
}, 120_000)
afterAll(async () => {
  unsubscribe('fastify.initialization', hearRoutes)
  await plant?.stop()
  rmSync(home, { recursive: true, force: true })
}, 60_000)

/** Who is shut out, whatever roles they hold: the audit trail knows them as nobody. */
const stranger = { actor: 'nobody', held: [], reach: 'plant' } as const
const shutOut = [
  'a session unused for too long',
  'a session that lasted its whole time',
  'the session of a disabled person',
  'the session of a person who awaits approval again',
  'a terminated session',
]

/** The clock of the plant, turned back while sessions begin that are to be over. */
let behindMs = 0
const turnedBack = { now: () => plusMs(systemClock.now(), -behindMs) }

async function signInTheShutOut(): Promise<void> {
  const cookies = new Map<string, string>()
  for (const [index, name] of shutOut.entries()) {
    behindMs = [31 * 60_000, 12 * 3_600_000][index] ?? 0
    const { headers } = await person(`shut-out-${index}`, ['administrator', 'quality', 'engineer'], 'plant')
    cookies.set(name, headers['cookie'] ?? '')
  }
  const system = systemActor('test')
  const everybody = await plant.platform.run(listPersons, system, {})
  const idOf = (index: number) => everybody.find(({ name }) => name === `shut-out-${index}`)?.id ?? nobodysId
  const reason = 'to be refused in this test'
  await plant.platform.run(disablePerson, system, { personId: idOf(2), reason })
  // No operation leads back to this state; whoever is in it must be shut out all the same.
  await plant.platform.db.transaction().execute(async (trx) => {
    await sql`select set_config('throughline.entry', 'a state that no operation makes', true)`.execute(trx)
    await sql`update identity.person set state = 'awaiting-approval' where id = ${idOf(3)}`.execute(trx)
  })
  const open = await plant.platform.run(listSessions, system, {})
  const terminated = open.find(({ personId }) => personId === idOf(4))?.id
  if (terminated === undefined) throw new Error('there is no session to terminate')
  await plant.platform.run(terminateSession, system, { sessionId: terminated, reason })
  for (const [name, cookie] of cookies) callers.set(name, { ...stranger, headers: { cookie } })
}

async function lockedOne(): Promise<Caller> {
  const caller = await person('locked', ['administrator', 'quality'], 'plant')
  expect((await post(lockSession.name, {}, caller.headers)).status).toBe(200)
  return { ...caller, locked: true }
}

type NodeId = Awaited<ReturnType<typeof nodeIds>>[number] | null
const nodeIds = async () => (await plant.platform.run(listNodes, systemActor('test'), {})).map(({ id }) => id)
const heldBy = (held: readonly Role[]) => [...new Set(held.flatMap((role) => permissionsOf[role]))]

async function person(
  name: string,
  held: readonly Role[],
  reach: Caller['reach'],
  nodeId: NodeId = null,
): Promise<Caller> {
  const grants = held.map((role) => ({ role, nodeId }))
  const invitation = { name, printedName: name, grants, identityChecked: 'a caller of this test' }
  const invited = await plant.platform.run(invitePerson, systemActor('test'), invitation)
  const token = (invited.activation?.path ?? '').split('#')[1] ?? ''
  await plant.platform.run(activatePerson, nobody(null), { token, password })
  const answer = await post(openSession.name, { name, password }, {})
  expect(answer.status).toBe(200)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { headers: { cookie }, actor: invited.person.id, held: heldBy(held), reach }
}

async function machine(name: string, reach: Caller['reach'], nodeId: NodeId): Promise<Caller> {
  const wanted = { name, grants: [{ role: 'edge-agent' as const, nodeId }] }
  const { account, apiKey } = await plant.platform.run(createMachineAccount, systemActor('test'), wanted)
  const headers = { authorization: `Bearer ${apiKey}` }
  return { headers, actor: account.id, held: heldBy(['edge-agent']), reach }
}

async function sendOneSample(): Promise<void> {
  const key = callerNamed('an edge agent').headers['authorization']?.slice('Bearer '.length) ?? ''
  const edge = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-1', password: key })
  const at = fromMs(Date.now())
  const batch = encodeSampleBatch('edge-1/test', 1, [{ tag: north.tag, at, serverAt: at, value: 42.5, status: 0 }])
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(batch), { qos: 1 })
  const asked = { tagIds: [north.tag] }
  await waitFor(
    async () => (await plant.platform.run(listLastSamples, systemActor('test'), asked)).length > 0,
    'the sample',
  )
  await edge.endAsync()
}

function callerNamed(name: string): Caller {
  const found = callers.get(name)
  if (found === undefined) throw new Error(`no caller is called ${name}`)
  return found
}

const post = (name: string, body: unknown, headers: Record<string, string>): Promise<Response> =>
  fetch(`${plant.url}/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
    body: JSON.stringify(body),
  })

/**
 * A body that no schema takes, so that even the permitted change nothing. Where every field may be absent an object is
 * never wrong: then it is a list.
 */
function brokenBodyFor(operation: Operation): unknown {
  const secrets = Object.fromEntries((operation.secrets ?? []).map((field) => [field, secret]))
  const body = { broken: true, ...secrets }
  return operation.input.safeParse(body).success ? ['broken'] : body
}

/** What the role table and the scope say of a broken request: read from the operation, never from an answer. */
function expectedFor(caller: Caller, { permission, scope, whileLocked }: Operation): { status: number; code: string } {
  const refused = { status: 400, code: 'platform.input-invalid' }
  if (permission === 'anyone') return refused
  if (caller.actor === 'nobody') return { status: 401, code: 'platform.session-missing' }
  if (caller.locked && whileLocked !== true) return { status: 401, code: 'identity.session-locked' }
  if (permission === 'signed-in') return refused
  if (!caller.held.includes(permission)) return { status: 403, code: 'platform.permission-missing' }
  if (scope === 'plant' && caller.reach !== 'plant') return { status: 403, code: 'platform.out-of-scope' }
  return refused
}

async function auditOf(operation: Operation): Promise<AuditEntry[]> {
  const call = createClient({ baseUrl: plant.url, headers: callerNamed('auditor').headers })
  return await call(listAuditEntries, { operation: operation.name, limit: 1000 })
}

const operations = listOperations()
const named = operations.map((operation) => [operation.name, operation] as const)

test('[P11-10d, SR-7.7] the operations tried here are all that the plant offers', () => {
  const offered = plant.platform.operations().map(({ operation }) => operation.name)
  expect(offered).toEqual(operations.map(({ name }) => name))
  expect(offered.length).toBeGreaterThan(30)
})

test('[P11-10d, SR-2.1] the operations that need no permission are these, and no other', () => {
  const open = operations.filter(({ permission }) => !(permissions as readonly string[]).includes(permission))
  expect(open.map(({ name, permission }) => `${name}: ${permission}`)).toEqual([
    'identity.credential.change-password: signed-in',
    'identity.credential.get-own: signed-in',
    'identity.passkey.begin-registration: signed-in',
    'identity.passkey.begin-sign-in: anyone',
    'identity.passkey.list: signed-in',
    'identity.passkey.register: signed-in',
    'identity.passkey.remove: signed-in',
    'identity.passkey.sign-in: anyone',
    'identity.person.activate: anyone',
    'identity.session.close: signed-in',
    'identity.session.get-current: signed-in',
    'identity.session.list-own: signed-in',
    'identity.session.lock: signed-in',
    'identity.session.open: anyone',
    'identity.session.step-up: signed-in',
    'identity.session.terminate-own: signed-in',
    'identity.sign-in.get-notice: anyone',
    'identity.totp.confirm: signed-in',
    'identity.totp.enrol: signed-in',
    'identity.totp.remove: signed-in',
    'identity.totp.renew-recovery-codes: signed-in',
  ])
})

test('each role is refused something that another role may do', () => {
  const withoutAnything = personRoles.filter((role) => permissions.every((each) => permissionsOf[role].includes(each)))
  expect(withoutAnything).toEqual([])
})

describe('[P11-10d!, P11-10g!, A11-9!, A11-12!, SR-2.1!, SR-2.8!, SR-3.5!, SR-6.1-RE1!] whoever calls gets what the role table and the scope say, and each refusal is in the audit trail', () => {
  test.each(named)('%s', async (_, operation) => {
    const attempts = []
    for (const [name, caller] of callers) {
      const answer = await post(operation.name, brokenBodyFor(operation), caller.headers)
      const text = await answer.text()
      const { status, code, fields } = Problem.parse(JSON.parse(text))
      const expected = expectedFor(caller, operation)
      expect({ name, http: answer.status, status, code }).toEqual({ name, http: expected.status, ...expected })
      if (expected.status === 400) expect(fields?.length, `${name} hears which fields are wrong`).toBeGreaterThan(0)
      expect(text).not.toContain(secret)
      attempts.push({ actor: caller.actor, ...expected })
    }
    const entries = await auditOf(operation)
    const audited = entries
      .filter(({ outcome }) => outcome !== 'done')
      .map(({ actor, outcome }) => `${actor} ${outcome}`)
    const refusals = attempts.filter(({ status }) => operation.mutates || status === 401 || status === 403)
    expect(audited.sort()).toEqual(refusals.map(({ actor, code }) => `${actor} ${code}`).sort())
    const trail = JSON.stringify(entries)
    const credentials = [...callers.values()].flatMap(({ headers }) => Object.values(headers))
    for (const hidden of [
      secret,
      password,
      ...credentials.map((each) => each.replace(/^(Bearer |throughline=)/, '')),
    ]) {
      expect(trail).not.toContain(hidden)
    }
    for (const field of operation.secrets ?? []) expect(trail).toContain(`"${field}":"•••"`)
  })
})

/** For each operation that acts at one node: a request that is right in every way but for the place. */
const atNorth: Readonly<Record<string, () => unknown>> = {
  'equipment.node.create': () => ({ parentId: north.site, level: 'area', name: 'annex' }),
  'historian.context.list': () => ({ nodeId: north.unit, ...wholeDay() }),
  'historian.context.open': () => ({ nodeId: north.unit, kind: 'batch', label: 'B-2', from: fromMs(Date.now()) }),
}

describe('[P11-10d!, SR-2.1-RE2!] who holds the permission at another site is refused at this one', () => {
  const placed = named.filter(([, { scope }]) => typeof scope === 'function')
  test.each(placed)('%s', async (name, operation) => {
    const caller = callerNamed('all roles at another site')
    expect(caller.held).toContain(operation.permission)
    const answer = await post(name, atNorth[name]?.(), caller.headers)
    expect(Problem.parse(await answer.json())).toMatchObject({ status: 403, code: 'platform.out-of-scope' })
    const refused = (await auditOf(operation)).filter((entry) => entry.actor === caller.actor)
    expect(refused.map(({ outcome }) => outcome)).toContain('platform.out-of-scope')
  })
})

const wholeDay = () => {
  const now = fromMs(Date.now())
  return { from: plusMs(now, -43_200_000), to: plusMs(now, 43_200_000) }
}

/** For each operation whose handler narrows its answer: what asks for the north, and what the south hears. */
const narrowed: Readonly<Record<string, { input: () => unknown; status: number }>> = {
  'equipment.connection.list': { input: () => ({}), status: 200 },
  'equipment.node.list': { input: () => ({}), status: 200 },
  'equipment.tag.get': { input: () => ({ tagId: north.tag }), status: 403 },
  'equipment.tag.list': { input: () => ({}), status: 200 },
  'historian.context.correct': {
    input: () => ({ intervalId: north.interval, label: 'B-9', from: 0, to: null, reason: 'the wrong label' }),
    status: 403,
  },
  'historian.sample.correct': {
    input: () => ({ tagId: north.tag, at: 1, value: 1, reason: 'the probe was wet' }),
    status: 403,
  },
  'historian.sample.export': { input: () => ({ tagIds: [north.tag], window: wholeDay() }), status: 403 },
  'historian.sample.list': { input: () => ({ tagId: north.tag, window: wholeDay() }), status: 403 },
  'historian.sample.list-in-context': { input: () => ({ tagId: north.tag, kind: 'batch', label: 'B-1' }), status: 403 },
  // Like a tag without any sample: left out.
  'historian.sample.list-last': { input: () => ({ tagIds: [north.tag] }), status: 200 },
  'historian.trend.get': { input: () => ({ tagIds: [north.tag], window: wholeDay() }), status: 403 },
  'historian.trend.get-aggregate': { input: () => ({ tagId: north.tag, window: wholeDay() }), status: 403 },
  'historian.trend.get-time-in-state': { input: () => ({ tagId: north.tag, window: wholeDay() }), status: 403 },
}
/** Knowledge of the whole plant, the same for everybody who may read at all. */
const placeless = ['equipment.class.list', 'historian.retention.get']
const forMachines = ['equipment.agent-configuration.get']

describe('[SR-4.1!] who holds the permission at another site learns nothing of this one', () => {
  const narrowing = named.filter(
    ([name, { scope, permission }]) =>
      scope === 'any' && (permissions as readonly string[]).includes(permission) && !placeless.includes(name),
  )
  const forPeople = narrowing.filter(([name]) => !forMachines.includes(name))

  test('every operation that narrows its answer is tried here', () => {
    expect(forPeople.map(([name]) => name)).toEqual(Object.keys(narrowed))
  })

  test.each(forPeople)('%s', async (name, operation) => {
    const { input, status } = narrowed[name] ?? { input: () => undefined, status: 0 }
    const body = input()
    const answer = await post(name, body, callerNamed('all roles at another site').headers)
    const text = await answer.text()
    expect(answer.status, text).toBe(status)
    for (const traceOfNorth of ['acme/north', north.site, north.unit, '42.5', 'opc.tcp'])
      expect(text).not.toContain(traceOfNorth)
    if (!operation.mutates) {
      const seen = await post(name, body, callerNamed('auditor').headers)
      expect(seen.status, 'the same request of somebody who may').toBe(200)
      await seen.body?.cancel()
    }
  })

  test('[SR-2.1-RE1!] an edge agent gets its own configuration and no other', async () => {
    const [name] = forMachines
    const asking = (caller: string, agent: string) => post(name ?? '', { agent }, callerNamed(caller).headers)
    expect((await asking('an edge agent', 'edge-1')).status).toBe(200)
    expect((await asking('an edge agent', 'edge-2')).status).toBe(403)
    expect((await asking('an edge agent of another site', 'edge-1')).status).toBe(403)
  })
})

/** Every route beside the operations, and what it answers without a session. */
const openRoutes: Readonly<Record<string, { path: string; accept?: string; status: number; holds: string }>> = {
  'GET /health': { path: '/health', status: 200, holds: '{"status":"up"}' },
  'GET /api': { path: '/api', status: 200, holds: 'identity.session.open' },
  'GET /api/openapi.json': { path: '/api/openapi.json', status: 200, holds: '"openapi":"3.1.0"' },
  'GET /api/reference.css': { path: '/api/reference.css', status: 200, holds: '{' },
  'ALL /api/*': { path: '/api/plant.door.open', status: 404, holds: 'platform.operation-unknown' },
  'GET /*': { path: '/', status: 200, holds: '<title>pages</title>' },
}

test('[P11-10d, SR-7.7] the routes beside the operations are these, and no other', () => {
  const ofOperations = new Set(operations.map(({ name }) => `POST /api/${name}`))
  const raw = routes.filter((route) => !ofOperations.has(route) && !route.startsWith('HEAD '))
  expect([...new Set(raw.map((route) => route.replace('HEAD,GET', 'GET').replace('GET,HEAD', 'GET')))].sort()).toEqual(
    Object.keys(openRoutes).sort(),
  )
  expect(routes.filter((route) => ofOperations.has(route)).length).toBe(ofOperations.size)
})

test.each(Object.entries(openRoutes))(
  '[P11-10d, SR-2.1] %s answers a stranger as listed, and everybody else the same',
  async (_, { path, status, holds }) => {
    for (const [name, { headers }] of callers) {
      const answer = await fetch(`${plant.url}${path}`, { headers })
      expect({ name, status: answer.status }).toEqual({ name, status })
      expect(await answer.text(), name).toContain(holds)
    }
  },
)

test('[SR-4.1] the description of the API names operations, and nothing of this plant', async () => {
  const text = await (await fetch(`${plant.url}/api/openapi.json`)).text()
  for (const traceOfPlant of ['acme', 'southerner', north.tag, home]) expect(text).not.toContain(traceOfPlant)
})

test('[SR-7.7!] an operation is reached by POST alone', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const answer = await fetch(`${plant.url}/api/${listNodes.name}`, {
      method,
      headers: callerNamed('operator').headers,
    })
    expect(answer.status, method).toBe(404)
  }
})

/** `fetch` would tidy the path up before it is sent. */
const statusOfRawPath = async (path: string): Promise<number | undefined> => {
  const { hostname, port } = new URL(plant.url)
  const [response] = await once(get({ hostname, port, path }), 'response')
  response.resume()
  return response.statusCode
}

test.each(['/../model.yaml', '/..%2fmodel.yaml', '/%2e%2e/model.yaml', '/..%5cmodel.yaml'])(
  '[SR-7.7!, SR-4.1!] what lies beside the pages is not served: %s',
  async (path) => {
    expect(await statusOfRawPath('/index.html')).toBe(200)
    expect(await statusOfRawPath(path)).toBe(404)
  },
)

describe('the live line', () => {
  const dial = (path: string, headers: Record<string, string>) =>
    new WebSocket(`${plant.url.replace('http', 'ws')}${path}`, { headers })
  const refusalOf = async (socket: WebSocket): Promise<number | undefined> => {
    const [, response] = await once(socket, 'unexpected-response')
    socket.on('error', () => {})
    socket.terminate()
    return response.statusCode
  }

  test.each(['nobody', 'a wrong API key', 'an unknown session', ...shutOut])(
    '[P11-10d!, SR-1.1!, SR-2.1!] %s is told to sign in',
    async (name) => {
      const [code] = await once(dial('/live', callerNamed(name).headers), 'close')
      expect(code).toBe(4401)
    },
  )

  test('[SR-2.5!] a locked session is told to prove anew who is there', async () => {
    const [code] = await once(dial('/live', callerNamed('a locked session').headers), 'close')
    expect(code).toBe(4423)
  })

  const system = systemActor('test')
  const reason = 'the end of an open line'
  /** What is done to somebody whose line is open, and the code with which it closes. */
  const ends: readonly [string, (personId: Id<'Person'>, headers: Caller['headers']) => Promise<unknown>, number][] = [
    [
      'terminating the session',
      async (personId) => {
        const open = await plant.platform.run(listSessions, system, {})
        const sessionId = open.find((session) => session.personId === personId)?.id ?? newId<'Session'>()
        await plant.platform.run(terminateSession, system, { sessionId, reason })
      },
      4401,
    ],
    ['disabling the person', (personId) => plant.platform.run(disablePerson, system, { personId, reason }), 4401],
    [
      'taking a role away',
      (personId) => {
        const grants = [{ role: 'auditor' as const, nodeId: null }]
        return plant.platform.run(setPersonGrants, system, { personId, grants, reason })
      },
      4401,
    ],
    ['locking the session', (_, headers) => post(lockSession.name, {}, headers), 4423],
  ]
  test.each(ends)('[P11-300b!, SR-2.6!] %s ends an open line', async (how, end, expected) => {
    const { actor, headers } = await person(`line-${how.split(' ')[0]}`, ['operator'], 'plant')
    const socket = dial('/live', headers)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await end(actor as Id<'Person'>, headers)
    expect((await closed)[0]).toBe(expected)
  })

  test('[P11-300b!, SR-2.6!] revoking a key ends an open line', async () => {
    const { actor, headers } = await machine('line-reader', 'plant', null)
    const socket = dial('/live', headers)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    const accountId = actor as Id<'MachineAccount'>
    await plant.platform.run(revokeMachineAccount, system, { accountId, reason })
    expect((await closed)[0]).toBe(4401)
  })

  test('[SR-3.8!] a page of another web site is refused, whatever session its browser holds', async () => {
    const { headers } = callerNamed('operator')
    const foreign = { ...headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(await refusalOf(dial('/live', foreign))).toBe(403)
  })

  test('[SR-7.7!] there is no other line', async () => {
    expect(await refusalOf(dial('/other', callerNamed('operator').headers))).toBe(404)
  })
})
