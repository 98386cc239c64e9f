import { once } from 'node:events'
import { get } from 'node:http'
import { permissionsOf } from '@throughline/identity'
import type { AuditEntry, Operation } from '@throughline/model'
import {
  createClient,
  findDocument,
  findMedia,
  findPhoto,
  listAuditEntries,
  listNodes,
  listOperations,
  Problem,
  permissions,
} from '@throughline/model'
import { systemActor } from '@throughline/platform'
import { readPdf } from '@throughline/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from './testing/callers.ts'
import { PlantOfCallers, password, personRoles } from './testing/callers.ts'
import { atNorth, narrowed, placeless } from './testing/requests.ts'

/** Put into every field that an operation declares secret; short enough to be refused as token and password. */
const secret = 'hush-7f3a'

const world = new PlantOfCallers()
const { callers, routes, home } = world
const callerNamed = (name: string): Caller => world.named(name)
const post = (name: string, body: unknown, headers: Record<string, string>) => world.post(name, body, headers)
beforeAll(() => world.start(), 120_000)
afterAll(() => world.stop(), 60_000)

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
function expectedFor(caller: Caller, operation: Operation): { status: number; code: string } {
  const { permission, scope, whileLocked, mutates } = operation
  const refused = { status: 400, code: 'platform.input-invalid' }
  if (caller.isWall && mutates) return { status: 403, code: 'platform.station-only-shows' }
  if (permission === 'anyone') return refused
  if (caller.actor === 'nobody') return { status: 401, code: 'platform.session-missing' }
  if (caller.locked && whileLocked !== true) return { status: 401, code: 'identity.session-locked' }
  if (permission === 'signed-in') return caller.isWall ? { status: 401, code: 'platform.session-missing' } : refused
  if (!caller.held.includes(permission)) return { status: 403, code: 'platform.permission-missing' }
  if (scope === 'plant' && caller.reach !== 'plant') return { status: 403, code: 'platform.out-of-scope' }
  return refused
}

async function auditOf(operation: Operation): Promise<AuditEntry[]> {
  const call = createClient({ baseUrl: world.plant.url, headers: callerNamed('auditor').headers })
  return await call(listAuditEntries, { operation: operation.name, limit: 1000 })
}

const operations = listOperations()
const named = operations.map((operation) => [operation.name, operation] as const)

test('[P11-10d, SR-7.7] the operations tried here are all that the plant offers', () => {
  const offered = world.plant.platform.operations().map(({ operation }) => operation.name)
  expect(offered).toEqual(operations.map(({ name }) => name))
  expect(offered.length).toBeGreaterThan(30)
})

test('[P11-10d, SR-2.1] the operations that need no permission are these, and no other', () => {
  const open = operations.filter(({ permission }) => !(permissions as readonly string[]).includes(permission))
  expect(open.map(({ name, permission }) => `${name}: ${permission}`)).toEqual([
    'identity.badge.get-own: signed-in',
    'identity.badge.set-pin: signed-in',
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
    'identity.session.open-with-badge: anyone',
    'identity.session.step-up: signed-in',
    'identity.session.terminate-own: signed-in',
    'identity.sign-in.get-notice: anyone',
    'identity.signature.begin-passkey: signed-in',
    'identity.signature.list: signed-in',
    'identity.signature.prepare: signed-in',
    'identity.signature.sign: signed-in',
    'identity.single-sign-on.begin: anyone',
    'identity.single-sign-on.complete: anyone',
    'identity.single-sign-on.end-sessions: anyone',
    'identity.single-sign-on.get-logout: signed-in',
    'identity.single-sign-on.list: anyone',
    'identity.station.get-current: anyone',
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
      ...credentials.map((each) => each.replace(/^(Bearer |throughline(-station)?=)/, '')),
    ]) {
      expect(trail).not.toContain(hidden)
    }
    for (const field of operation.secrets ?? []) expect(trail).toContain(`"${field}":"•••"`)
  })
})

describe('[P11-10d!, SR-2.1-RE2!] who holds the permission at another site is refused at this one', () => {
  const placed = named.filter(([, { scope }]) => typeof scope === 'function')
  test.each(placed)('%s', async (name, operation) => {
    const caller = callerNamed('all roles at another site')
    expect(caller.held).toContain(operation.permission)
    const body = atNorth[name]?.(world.north)
    const answer = await post(name, body, caller.headers)
    expect(Problem.parse(await answer.json())).toMatchObject({ status: 403, code: 'platform.out-of-scope' })
    const refused = (await auditOf(operation)).filter((entry) => entry.actor === caller.actor)
    expect(refused.map(({ outcome }) => outcome)).toContain('platform.out-of-scope')
    await expect(world.plant.platform.runByName(name, systemActor('test'), body)).resolves.toBeDefined()
  })
})

const forMachines = ['equipment.agent-configuration.get']

/** An answer as its reader sees it: a document by its text. */
function readable(text: string): string {
  const answer: unknown = JSON.parse(text)
  const isDocument = typeof answer === 'object' && answer !== null && 'fileName' in answer && 'content' in answer
  if (!isDocument) return text
  return readPdf(Buffer.from(String(answer.content), 'base64')).pages.join('\n')
}

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
    const body = input(world.north)
    const traces = ['acme/north', '42.5', 'opc.tcp', 'north', ...Object.values(world.north).flat()]
    const wall = callerNamed('a board on the wall')
    const isShown = !operation.mutates && wall.held.some((each) => each === operation.permission)
    for (const caller of [callerNamed('all roles at another site'), ...(isShown ? [wall] : [])]) {
      const answer = await post(name, body, caller.headers)
      const text = await answer.text()
      expect(answer.status, text).toBe(status)
      if (status === 403) expect(Problem.parse(JSON.parse(text)).code).toBe('platform.out-of-scope')
      for (const traceOfNorth of traces) expect(readable(text)).not.toContain(traceOfNorth)
    }
    if (!operation.mutates) {
      const seen = await post(name, body, callerNamed('auditor').headers)
      expect(seen.status, 'the same request of somebody who may').toBe(200)
      const told = readable(await seen.text())
      if (status === 200) expect(traces.filter((trace) => told.includes(trace))).not.toEqual([])
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
  // Gives a bundle to whoever holds the one-time ticket of an export, and nothing without it.
  'GET /api/ledger/bundles/:token': {
    path: '/api/ledger/bundles/guessed',
    status: 404,
    holds: 'platform.bundle-unknown',
  },
  'GET /api/traceability/as-built/:token': {
    path: '/api/traceability/as-built/guessed',
    status: 404,
    holds: 'platform.bundle-unknown',
  },
  'ALL /api/*': { path: '/api/plant.door.open', status: 404, holds: 'platform.operation-unknown' },
  // Sends the browser on, here to a page that says that there is no such provider.
  'GET /sign-in/with/:provider': { path: '/sign-in/with/nobody', status: 303, holds: '' },
  'GET /sign-in/with/:provider/callback': { path: '/sign-in/with/nobody/callback?state=1', status: 303, holds: '' },
  // Takes a provider's posted word only.
  'POST /sign-in/with/:provider/logout': { path: '/sign-in/with/nobody/logout', status: 404, holds: 'page-unknown' },
  'GET /*': { path: '/', status: 200, holds: '<title>pages</title>' },
}

/** Routes that hand out what an operation describes: they ask it first, and say what it says. */
const askingRoutes: Readonly<Record<string, { path: string; operation: Operation }>> = {
  'GET /api/document/:hash': { path: '/api/document/guessed', operation: findDocument },
  'GET /api/execution/media/:hash': { path: '/api/execution/media/guessed', operation: findMedia },
  'GET /api/performance/photo/:hash': { path: '/api/performance/photo/guessed', operation: findPhoto },
}

test('[P11-10d, SR-7.7] the routes beside the operations are these, and no other', () => {
  const ofOperations = new Set(operations.map(({ name }) => `POST /api/${name}`))
  const raw = routes.filter((route) => !ofOperations.has(route) && !route.startsWith('HEAD '))
  expect([...new Set(raw.map((route) => route.replace('HEAD,GET', 'GET').replace('GET,HEAD', 'GET')))].sort()).toEqual(
    [...Object.keys(openRoutes), ...Object.keys(askingRoutes)].sort(),
  )
  expect(routes.filter((route) => ofOperations.has(route)).length).toBe(ofOperations.size)
})

test.each(Object.entries(openRoutes))(
  '[P11-10d, SR-2.1] %s answers a stranger as listed, and everybody else the same',
  async (_, { path, status, holds }) => {
    for (const [name, { headers }] of callers) {
      const answer = await fetch(`${world.plant.url}${path}`, { headers, redirect: 'manual' })
      expect({ name, status: answer.status }).toEqual({ name, status })
      expect(await answer.text(), name).toContain(holds)
    }
  },
)

test.each(Object.entries(askingRoutes))(
  '[P11-10d!, SR-2.1!] %s answers each caller what its operation does',
  async (_, { path, operation }) => {
    for (const [name, caller] of callers) {
      const answer = await fetch(`${world.plant.url}${path}`, { headers: caller.headers })
      const { status, code } = Problem.parse(await answer.json())
      expect({ name, status, code }).toEqual({ name, ...expectedFor(caller, operation) })
    }
  },
)

test('[SR-4.1!, SR-2.1!] a picture of a stop is shown to who may see its machine, and to nobody of another site', async () => {
  const asking = (caller: string) =>
    fetch(`${world.plant.url}/api/performance/photo/${world.north.photo}`, { headers: callerNamed(caller).headers })
  const seen = await asking('operator')
  expect({ status: seen.status, type: seen.headers.get('content-type') }).toEqual({ status: 200, type: 'image/png' })
  const refused = await asking('all roles at another site')
  expect(Problem.parse(await refused.json())).toMatchObject({ status: 403, code: 'platform.out-of-scope' })
})

test('[SR-4.1] the description of the API names operations, and nothing of this plant', async () => {
  const text = await (await fetch(`${world.plant.url}/api/openapi.json`)).text()
  for (const traceOfPlant of ['acme', 'southerner', world.north.tag, home]) expect(text).not.toContain(traceOfPlant)
})

test('[SR-7.7!] an operation is reached by POST alone', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const answer = await fetch(`${world.plant.url}/api/${listNodes.name}`, {
      method,
      headers: callerNamed('operator').headers,
    })
    expect(answer.status, method).toBe(404)
  }
})

/** `fetch` would tidy the path up before it is sent. */
const statusOfRawPath = async (path: string): Promise<number | undefined> => {
  const { hostname, port } = new URL(world.plant.url)
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
