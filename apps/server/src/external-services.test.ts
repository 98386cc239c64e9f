import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import { ensurePerson } from '@throughline/identity'
import type { Instant } from '@throughline/kernel'
import { DomainError, fromMs, plusMs, systemClock } from '@throughline/kernel'
import type { Sample, Tag } from '@throughline/model'
import {
  activatePerson,
  encodeSampleBatch,
  listLastSamples,
  listNodes,
  listPersons,
  listSamples,
  listTags,
  openSession,
  SampleAcknowledgement,
  wireTopics,
} from '@throughline/model'
import type { DatabaseConnection } from '@throughline/platform'
import { nobody, systemActor } from '@throughline/platform'
import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import mqtt from 'mqtt'
import type { Logger } from 'pino'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ServerConfig } from './config.ts'
import { readConfig } from './config.ts'
import type { Plant } from './plant.ts'
import { startPlant } from './plant.ts'

const silent = pino({ level: 'silent' })
const system = systemActor('test')
const home = mkdtempSync(join(tmpdir(), 'throughline-external-'))
const modelFile = join(home, 'model.yaml')
const model = `
classes:
  - name: pump
    tags:
      - { name: Flow, dataType: double, unit: L/min }
      - { name: Pressure, dataType: double, unit: bar }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: {} }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
  - path: acme/north/p-01
    level: area
    class: pump
    sources: { Flow: { connection: line, address: 'ns=1;s=Flow' } }
`
beforeAll(() => writeFileSync(modelFile, model))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A plant in a home of its own under the test's folder, on ports of its own. */
function configOf(folder: string, environment: Record<string, string>): ServerConfig {
  const own = { THROUGHLINE_HOME: join(home, folder), THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }
  return { ...readConfig({ ...own, ...environment }), modelFile }
}
const start = (config: ServerConfig, log: Logger = silent): Promise<Plant> =>
  startPlant(config, '0.0.0', systemClock, log)

/** The error with which the plant refuses to start. A plant that starts all the same is stopped, and fails the test. */
async function refusalOf(config: ServerConfig, log: Logger = silent): Promise<DomainError> {
  const outcome = await start(config, log).catch((error: unknown) => error)
  if (outcome instanceof DomainError) return outcome
  if (outcome instanceof Error) throw outcome
  await (outcome as Plant).stop()
  throw new Error('the plant started')
}

describe('with a broker that the plant did not start', () => {
  /** Every character that has a meaning of its own in a URL. */
  const account = { username: 'plant:server@acme', password: 'p@ss:w/ö?r d#1%2F&=+' }
  const edgeAccount = { username: 'edge-1', password: 'edge' }
  const everything = { publish: ['#'], subscribe: ['#'] }
  let broker: Broker
  let plant: Plant
  let edge: mqtt.MqttClient
  let flow: Tag
  let pressure: Tag
  const acknowledged: number[] = []
  const dialled: string[] = []

  const openBroker = (port: number): Promise<Broker> =>
    startBroker({
      port,
      folder: null,
      authenticate: async (username, password) => {
        dialled.push(username)
        const known = [account, edgeAccount].find((each) => each.username === username)
        return known?.password === password ? everything : null
      },
      onFault: () => {},
    })
  const urlOf = ({ port }: { port: number }, { username, password } = account): string =>
    `mqtt://${encodeURIComponent(username)}:${encodeURIComponent(password)}@127.0.0.1:${port}`

  beforeAll(async () => {
    broker = await openBroker(0)
    plant = await start(configOf('by-broker', { MQTT_URL: urlOf(broker) }))
    const { tags } = await plant.platform.run(listTags, system, {})
    flow = tags.find((tag) => tag.name === 'Flow') as Tag
    pressure = tags.find((tag) => tag.name === 'Pressure') as Tag
    edge = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...edgeAccount, reconnectPeriod: 100 })
    await edge.subscribeAsync(wireTopics.acknowledgement('edge-1'), { qos: 1 })
    edge.on('message', (topic, payload) => {
      if (topic !== wireTopics.acknowledgement('edge-1')) return
      acknowledged.push(SampleAcknowledgement.parse(JSON.parse(payload.toString())).sequence)
    })
  }, 120_000)
  afterAll(async () => {
    await edge?.endAsync(true)
    await plant?.stop()
    await broker?.close()
  }, 60_000)

  const began: Instant = plusMs(fromMs(Date.now()), -60_000)
  let sequence = 0
  /** As an edge agent does: the same batch again until it is acknowledged, since nobody keeps it on the way. */
  async function deliver(tag: Tag, value: number): Promise<void> {
    sequence += 1
    const at = plusMs(began, sequence * 1000)
    const sample: Sample = { tag: tag.id, at, serverAt: at, value, status: 0 }
    const message = Buffer.from(encodeSampleBatch('edge-1/test', sequence, [sample]))
    let sentAt = 0
    await waitFor(() => {
      if (edge.connected && performance.now() - sentAt > 500) {
        sentAt = performance.now()
        edge.publish(wireTopics.samples('edge-1'), message, { qos: 1 })
      }
      return acknowledged.includes(sequence)
    }, `the acknowledgement of batch ${sequence}`)
  }
  const storedValues = async (tag: Tag): Promise<unknown[]> => {
    const window = { from: began, to: plusMs(began, 3_600_000) }
    const { samples } = await plant.platform.run(listSamples, system, { tagId: tag.id, window })
    return samples.map((sample) => sample.value)
  }
  /** What somebody who arrives now finds in the namespace. */
  async function namespaceShows(values: Record<string, number>): Promise<void> {
    const reader = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, { ...edgeAccount, reconnectPeriod: 100 })
    const found: Record<string, unknown> = {}
    reader.on('message', (topic, payload) => {
      found[topic.replace('uns/acme/north/p-01/', '')] = JSON.parse(payload.toString()).value
    })
    await reader.subscribeAsync('uns/#')
    try {
      await waitFor(
        () => Object.entries(values).every(([name, value]) => found[name] === value),
        `the namespace to show ${JSON.stringify(values)}`,
      )
    } finally {
      await reader.endAsync(true)
    }
  }

  test('name and password of the URL reach the broker as they were before they were encoded', () => {
    expect(dialled).toContain(account.username)
  })

  test('what is told to others of the broker is its address alone', () => {
    expect(plant.mqttUrl).toBe(`mqtt://127.0.0.1:${broker.port}`)
  })

  test('samples come in by it and are acknowledged, and the namespace goes out by it', async () => {
    await deliver(flow, 10)
    await deliver(pressure, 2)
    expect(await storedValues(flow)).toEqual([10])
    await namespaceShows({ flow: 10, pressure: 2 })
  })

  test('[SR-7.4!] when it goes away and comes back empty, the plant goes on and shows the whole namespace again', async () => {
    const { port } = broker
    const before = await storedValues(flow)
    await broker.close()
    await waitFor(() => !edge.connected, 'the connection to break')
    expect((await fetch(`${plant.url}/health`)).status).toBe(200)
    broker = await openBroker(port)
    await deliver(flow, 11)
    expect(await storedValues(flow)).toEqual([...before, 11])
    // The pressure did not change meanwhile, and the new broker kept nothing of the old one.
    await namespaceShows({ flow: 11, pressure: 2 })
  })

  test('the plant stops also while it is away', async () => {
    const other = await openBroker(0)
    const second = await start(configOf('abandoned', { MQTT_URL: urlOf(other) }))
    await other.close()
    await second.stop()
    await expect(fetch(`${second.url}/health`)).rejects.toThrow()
  })
})

describe('[SR-3.7!] a service that cannot be used is one clear error that names it and shows no password', () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  afterEach(() => lines.splice(0))
  const password = 'geheim-7f3a'

  test('nobody listens there', async () => {
    const closed = await startBroker({ port: 0, folder: null, authenticate: async () => null, onFault: () => {} })
    await closed.close()
    const url = `mqtt://plant:${password}@127.0.0.1:${closed.port}`
    const refusal = await refusalOf(configOf('no-broker', { MQTT_URL: url }), log)
    expect(refusal).toMatchObject({ kind: 'unavailable', code: 'server.broker-unreachable' })
    expect(refusal.message).toContain(`127.0.0.1:${closed.port}`)
    expect(`${refusal.message} ${JSON.stringify(refusal.details)} ${lines.join('')}`).not.toContain(password)
  })

  test('it refuses the account', async () => {
    const strict = await startBroker({ port: 0, folder: null, authenticate: async () => null, onFault: () => {} })
    const url = `mqtt://plant:${password}@127.0.0.1:${strict.port}`
    const refusal = await refusalOf(configOf('strict-broker', { MQTT_URL: url }), log)
    await strict.close()
    expect(refusal).toMatchObject({ kind: 'unavailable', code: 'server.broker-unreachable' })
    expect(refusal.message).toContain(`127.0.0.1:${strict.port}`)
    expect(`${refusal.message} ${JSON.stringify(refusal.details)} ${lines.join('')}`).not.toContain(password)
  })

  test.each([
    ['MQTT_URL', 'no URL at all', `plant:${password}@broker`],
    ['MQTT_URL', 'no host', `mqtt:plant:${password}`],
    ['MQTT_URL', 'a port beyond all ports', `mqtt://plant:${password}@127.0.0.1:99999`],
    ['MQTT_URL', 'a bare % in the password', `mqtt://plant:${password}%zz@127.0.0.1:1883`],
    ['MQTT_URL', 'a protocol that is not MQTT', `http://plant:${password}@127.0.0.1:1883`],
    ['DATABASE_URL', 'a protocol that is not PostgreSQL', `mysql://plant:${password}@127.0.0.1/plant`],
    ['DATABASE_URL', 'no URL at all', `plant:${password}@127.0.0.1`],
  ])('%s with %s is refused before anything is opened', (setting, _, url) => {
    const read = () => configOf('odd', { [setting]: url })
    expect(read).toThrow(setting)
    expect(read).not.toThrow(password)
  })
})

describe('with a database that the plant did not start', () => {
  let database: TestDatabase
  let config: ServerConfig
  let plant: Plant | undefined
  beforeAll(async () => {
    database = await createTestDatabase()
    config = configOf('by-database', { DATABASE_URL: urlOf(database.connection) })
  })
  afterEach(async () => {
    await plant?.stop()
    plant = undefined
  })
  afterAll(() => database.close())

  test('it keeps its records there and finds them after a restart', async () => {
    plant = await start(config)
    const person = await ensurePerson(plant.platform, { name: 'ada', printedName: 'Ada', role: 'quality' })
    const password = 'a long enough password'
    await plant.platform.run(activatePerson, nobody(null), { token: person?.path.split('#')[1] ?? '', password })
    const nodes = await plant.platform.run(listNodes, system, {})
    expect(nodes.map((node) => node.path)).toEqual(['acme', 'acme/north', 'acme/north/p-01'])
    const rows = await sql<{ name: string }>`select name from identity.person`.execute(database.db)
    expect(rows.rows.map(({ name }) => name)).toContain('ada')
    await plant.stop()

    plant = await start({ ...config, modelFile: null })
    expect(await plant.platform.run(listNodes, system, {})).toEqual(nodes)
    expect((await plant.platform.run(listPersons, system, {})).map(({ name }) => name)).toEqual(['ada'])
    const signIn = await fetch(`${plant.url}/api/${openSession.name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ name: 'ada', password }),
    })
    expect(signIn.status).toBe(200)
    expect(await plant.platform.run(listLastSamples, system, { tagIds: [] })).toEqual([])
  })

  test('one that another version of the product made is refused by one line that says so, and nothing is left open', async () => {
    plant = await start(config)
    await plant.stop()
    await sql`insert into platform.migration (module, name, checksum, applied_at)
      values ('equipment', '9999-from-the-future', 'x', 0)`.execute(database.owner)
    const refusal = await refusalOf(config)
    expect(refusal).toMatchObject({ kind: 'conflict', code: 'platform.migration-unknown' })
    expect(refusal.message).toContain('equipment/9999-from-the-future')
    expect(refusal.message).not.toContain('\n')
    await waitFor(async () => (await sessionsOn(database)) === 0, 'the sessions of the refused plant to end')

    await sql`delete from platform.migration where name = '9999-from-the-future'`.execute(database.owner)
    plant = await start(config)
    expect((await fetch(`${plant.url}/health`)).status).toBe(200)
  })

  test('one that does not answer is one line that says what to check, without the password', async () => {
    const refusal = await refusalOf(
      configOf('no-database', { DATABASE_URL: `postgresql://plant:geheim-7f3a@127.0.0.1:${await freePort()}/plant` }),
    )
    expect(refusal).toMatchObject({ kind: 'unavailable', code: 'platform.database-unreachable' })
    expect(refusal.message).toContain('DATABASE_URL')
    expect(`${refusal.message} ${JSON.stringify(refusal.details)}`).not.toContain('geheim')
  })
})

/** A connection as the URL that `DATABASE_URL` takes; a server on a socket is named by the folder of that socket. */
function urlOf(connection: DatabaseConnection): string {
  if (typeof connection === 'string') return connection
  const { host, user, database } = connection
  const query = new URLSearchParams({ host: String(host), user: String(user) })
  return `postgresql:///${database}?${query.toString()}`
}

/** Sessions on the test's database beside the test's own. */
// Only the owner is told what other logins' sessions do.
async function sessionsOn({ owner }: TestDatabase): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      and state is distinct from 'idle'`.execute(owner)
  return found.rows[0]?.count ?? 0
}

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const broker = await startBroker({ port: 0, folder: null, authenticate: async () => null, onFault: () => {} })
  await broker.close()
  const refused = await new Promise<boolean>((resolve) => {
    const socket = connect(broker.port, '127.0.0.1')
    socket.once('error', () => resolve(true))
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
  expect(refused).toBe(true)
  return broker.port
}
