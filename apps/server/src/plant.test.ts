import { existsSync, globSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureAdministrator, ensureMachineAccount, ensurePerson } from '@throughline/identity'
import type { Instant } from '@throughline/kernel'
import { fromMs, plusMs, systemClock } from '@throughline/kernel'
import type { Client, LiveTopic, Sample, Tag } from '@throughline/model'
import {
  AgentStatus,
  acknowledgeAlarms,
  activatePerson,
  adoptAlarmDefinitions,
  closeSession,
  createClient,
  encodeSampleBatch,
  getDiagnostics,
  invitePerson,
  LiveFrame,
  listAlarmHistory,
  listAlarms,
  listAuditEntries,
  listCurrentStates,
  listLastSamples,
  listNodes,
  listSamples,
  listTags,
  listUnmappedSources,
  mapSource,
  openSession,
  SampleAcknowledgement,
  setStateRule,
  statusCode,
  wireTopics,
} from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { readConfig } from './config.ts'
import type { Plant } from './plant.ts'
import { startPlant } from './plant.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-plant-'))
const modelFile = join(home, 'model.yaml')
const model = `
classes:
  - name: pump
    tags:
      - { name: Flow, dataType: double, unit: L/min }
      - { name: Pressure, dataType: double, unit: bar }
      - { name: Order, dataType: string }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: {} }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin }
  - { path: acme/south, level: site, timeZone: Europe/Lisbon }
  - { path: acme/north/utilities, level: area }
  - { path: acme/north/utilities/water, level: work-center }
  - path: acme/north/utilities/water/p-01
    level: work-unit
    class: pump
    sources:
      Flow: { connection: line, address: 'ns=1;s=Flow' }
`
const config = {
  ...readConfig({ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }),
  modelFile,
}

let plant: Plant
let agentKey: string
let call: Client
let cookie: string
let flow: Tag
let pressure: Tag
let edge: mqtt.MqttClient
const acknowledged: number[] = []

beforeAll(async () => {
  writeFileSync(modelFile, model)
  plant = await startPlant(config, '0.0.0', systemClock, pino({ level: 'silent' }))
  agentKey = (await ensureMachineAccount(plant.platform, 'edge-1', ['edge-agent'])) ?? ''
  const administrator = await ensureAdministrator(plant.platform)
  cookie = await activateAndSignIn('admin', administrator?.path ?? '')
  call = createClient({ baseUrl: plant.url, headers: { cookie } })
  const { tags } = await call(listTags, {})
  flow = tags.find((tag) => tag.name === 'Flow') as Tag
  pressure = tags.find((tag) => tag.name === 'Pressure') as Tag
  edge = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-1', password: agentKey })
  await edge.subscribeAsync(wireTopics.acknowledgement('edge-1'), { qos: 1 })
  edge.on('message', (topic, payload) => {
    if (topic !== wireTopics.acknowledgement('edge-1')) return
    acknowledged.push(SampleAcknowledgement.parse(JSON.parse(payload.toString())).sequence)
  })
}, 120_000)
afterAll(async () => {
  await edge?.endAsync()
  await plant?.stop()
  rmSync(home, { recursive: true, force: true })
}, 60_000)

async function activateAndSignIn(name: string, path: string): Promise<string> {
  const password = 'a long enough password'
  await plant.platform.run(activatePerson, nobody(null), { token: path.split('#')[1] ?? '', password })
  const answer = await fetch(`${plant.url}/api/${openSession.name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ name, password }),
  })
  expect(answer.status).toBe(200)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

const start: Instant = plusMs(fromMs(Date.now()), -60_000)
const sampleOf = (tag: string, seconds: number, value: Sample['value'], status = 0): Sample => {
  const at = plusMs(start, seconds * 1000)
  return { tag, at, serverAt: at, value, status }
}
let sequence = 0
async function send(...samples: Sample[]): Promise<number> {
  sequence += 1
  const message = encodeSampleBatch('edge-1/test', sequence, samples)
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 1 })
  return sequence
}
const window = { from: plusMs(start, -1000), to: plusMs(start, 120_000) }
const storedValues = async (tag: Tag) =>
  (await call(listSamples, { tagId: tag.id, window })).samples.map((sample) => sample.value)

test('a batch is acknowledged once it can be read from the historian', async () => {
  const sent = await send(sampleOf(flow.id, 0, 10), sampleOf(flow.id, 1, 11), sampleOf(flow.id, 2, 12))
  await waitFor(() => acknowledged.includes(sent), 'the acknowledgement')
  expect(await storedValues(flow)).toEqual([10, 11, 12])
})

test('[A11-5!] a batch heard twice is stored once, and acknowledged again', async () => {
  const before = await storedValues(flow)
  const message = encodeSampleBatch('edge-1/test', sequence, [sampleOf(flow.id, 2, 12)])
  const heard = acknowledged.length
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 1 })
  await waitFor(() => acknowledged.length > heard, 'the repeated acknowledgement')
  expect(await storedValues(flow)).toEqual(before)
})

test('[A11-5!, SR-3.1!] a batch that skips one is not stored: the agent hears where to go on', async () => {
  const heard = acknowledged.length
  const message = encodeSampleBatch('edge-1/test', sequence + 5, [sampleOf(flow.id, 0.5, 99)])
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 1 })
  await waitFor(() => acknowledged.length > heard, 'the acknowledgement')
  expect(acknowledged.at(-1)).toBe(sequence)
  expect(await storedValues(flow)).not.toContain(99)
})

test('[P11-10h!, A11-5!, SR-3.1!, SR-3.5!] malformed bytes and a batch in a foreign name are counted, and nothing is stored', async () => {
  await edge.publishAsync(wireTopics.samples('edge-1'), 'not a batch', { qos: 1 })
  const foreign = encodeSampleBatch('edge-2/test', 1, [sampleOf(flow.id, 0.6, 98)])
  await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(foreign), { qos: 1 })
  const causes = async () => (await call(getDiagnostics, {})).faults.map(({ cause }) => cause)
  await waitFor(async () => (await causes()).includes('batch-of-another-agent'), 'the fault')
  expect(await causes()).toContain('batch-malformed')
  expect(await storedValues(flow)).not.toContain(98)
})

test('[P11-10h!] samples of an unknown source are parked, listed, and become the history of the tag they are mapped to', async () => {
  const source = 'edge-1/line/ns=1;s=Pressure'
  const sent = await send(sampleOf(source, 3, 2.5), sampleOf(source, 4, 2.6))
  await waitFor(() => acknowledged.includes(sent), 'the acknowledgement')
  expect(await call(listUnmappedSources, {})).toMatchObject([{ source, count: 2, lastValue: 2.6 }])
  await expect(call(mapSource, { source, tagId: pressure.id })).rejects.toMatchObject({ kind: 'forbidden' })
  const engineer = systemActor('engineer', ['equipment.model.write'])
  expect(await plant.platform.run(mapSource, engineer, { source, tagId: pressure.id })).toEqual({ moved: 2 })
  const later = await send(sampleOf(source, 5, 2.7))
  await waitFor(() => acknowledged.includes(later), 'the acknowledgement of the later sample')
  await waitFor(async () => (await storedValues(pressure)).length === 3, 'the later sample in the history of the tag')
  expect(await storedValues(pressure)).toEqual([2.5, 2.6, 2.7])
  expect(await call(listUnmappedSources, {})).toEqual([])
})

test('the unified namespace shows the newest value as retained plain JSON to who may read', async () => {
  const reader = await ensureMachineAccount(plant.platform, 'reader', ['operator'])
  await send(sampleOf(flow.id, 6, 13.5))
  const client = await mqtt.connectAsync(plant.mqttUrl, { username: 'reader', password: reader ?? '' })
  const heard: unknown[] = []
  client.on('message', (topic, payload) => heard.push([topic, JSON.parse(payload.toString())]))
  await client.subscribeAsync('uns/#')
  const topic = 'uns/acme/north/utilities/water/p-01/flow'
  await waitFor(() => JSON.stringify(heard).includes('13.5'), 'the value')
  expect(heard).toContainEqual([topic, expect.objectContaining({ value: 13.5, unit: 'L/min', quality: 'good' })])
  // A source that was given to a tag is followed under that tag.
  await waitFor(() => JSON.stringify(heard).includes('2.7'), 'the value of the mapped source')
  const mapped = 'uns/acme/north/utilities/water/p-01/pressure'
  expect(heard).toContainEqual([mapped, expect.objectContaining({ value: 2.7, quality: 'good' })])
  await client.endAsync()
})

test('[P11-10h!, SR-1.2!, SR-5.2-RE1!] the broker refuses strangers, wrong keys, and an agent on the branch of another', async () => {
  const dial = (options: mqtt.IClientOptions) => mqtt.connectAsync(plant.mqttUrl, { ...options, reconnectPeriod: 0 })
  await expect(dial({})).rejects.toThrow()
  await expect(dial({ username: 'edge-1', password: 'tl_wrong' })).rejects.toThrow()
  const other = await ensureMachineAccount(plant.platform, 'edge-9', ['edge-agent'])
  const client = await dial({ username: 'edge-9', password: other ?? '' })
  const message = encodeSampleBatch('edge-1/test', sequence + 1, [sampleOf(flow.id, 0.7, 97)])
  client.publish(wireTopics.samples('edge-1'), Buffer.from(message), { qos: 0 })
  await send(sampleOf(flow.id, 7, 14))
  await waitFor(async () => (await storedValues(flow)).includes(14), 'the sample of the right agent')
  expect(await storedValues(flow)).not.toContain(97)
  await client.endAsync(true)
})

function watchLive(cookieHeader: string | undefined, tags: readonly string[]) {
  const socket = new WebSocket(`${plant.url.replace('http', 'ws')}/live`, {
    headers: cookieHeader === undefined ? {} : { cookie: cookieHeader },
  })
  const readings = new Map<string, { value: unknown; status: number }>()
  const topics = new Set<LiveTopic>()
  let closed = 0
  socket.on('open', () => socket.send(JSON.stringify({ type: 'watch', tags })))
  socket.on('message', (data) => {
    const frame = LiveFrame.parse(JSON.parse(String(data)))
    for (const [tagId, , value, status] of frame.readings) readings.set(tagId, { value, status })
    for (const topic of frame.changed) topics.add(topic)
  })
  socket.on('close', (code) => {
    closed = code
  })
  return { readings, topics, socket, closeCode: () => closed }
}

/** The port of each TCP socket on which this process, or one that it started, listens; undefined where no system tells it. */
function listening(): number[] | undefined {
  if (!existsSync('/proc/self/net/tcp')) return undefined
  const childrenOf = (pid: string): string[] =>
    globSync(`/proc/${pid}/task/*/children`).flatMap((file) => readFileSync(file, 'utf8').split(' ').filter(Boolean))
  const family = (pid: string): string[] => [pid, ...childrenOf(pid).flatMap(family)]
  const links = family(String(process.pid)).flatMap((pid) => globSync(`/proc/${pid}/fd/*`))
  const sockets = new Set(
    links.flatMap((link) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1] ?? []
      } catch {
        return []
      }
    }),
  )
  const lines = ['tcp', 'tcp6'].flatMap((kind) => readFileSync(`/proc/self/net/${kind}`, 'utf8').split('\n').slice(1))
  return lines.flatMap((line) => {
    const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    return state === '0A' && sockets.has(inode) ? [Number.parseInt(address.split(':')[1] ?? '', 16)] : []
  })
}

test.runIf(listening() !== undefined)(
  '[SR-7.7-1!] a plant that runs listens on the port of its pages and on that of its broker, and its database on none',
  () => {
    const documented = [plant.url, plant.mqttUrl].map((url) => Number(new URL(url).port))
    expect(listening()?.toSorted()).toEqual(documented.toSorted())
  },
)

test('a page sees changes as they come, and only of the tags that it watches', async () => {
  const { readings, socket } = watchLive(cookie, [flow.id])
  await waitFor(() => readings.has(flow.id), 'the present value')
  await send(sampleOf(flow.id, 8, 15), sampleOf(pressure.id, 8, 3))
  await waitFor(() => readings.get(flow.id)?.value === 15, 'the change')
  expect(readings.has(pressure.id)).toBe(false)
  socket.close()
})

test('[ALM-7] a page hears that alarms and machine states have changed, a moment after the wire brought the reading, and the alarm knows its order', async () => {
  const { topics, socket } = watchLive(cookie, [])
  const commissioning = systemActor('commissioning')
  const tags = {
    reasonTag: null,
    orderTag: 'Order',
    productTag: null,
    total: null,
    good: null,
    scrap: null,
    rework: null,
  }
  await plant.platform.run(setStateRule, commissioning, {
    ...{ className: 'pump', signal: { kind: 'values', tag: 'Flow', states: { '99': 'down' }, otherwise: 'running' } },
    ...{ ...tags, idealCycleSeconds: null, minorStopSeconds: 60, silenceSeconds: 3600, reason: 'commissioning' },
  })
  const { adopted } = await plant.platform.run(adoptAlarmDefinitions, commissioning, {
    definitions: [flowAlarm()],
    document: 'ALM-1 version 1',
    reason: 'commissioning',
  })
  const order = (await call(listTags, {})).tags.find(({ name }) => name === 'Order')
  await send(sampleOf(order?.id ?? '', 9, 'WO-7'), sampleOf(flow.id, 9, 16))
  await waitFor(async () => (await pump())?.order === 'WO-7', 'the order of the pump')
  await waitFor(async () => (await stateOfPump()) === 'running', 'the state of the pump')
  await waitFor(() => topics.has('alarm') && topics.has('performance'), 'what the setting up changed')
  topics.clear()
  await send(sampleOf(flow.id, 10, 99))
  await waitFor(() => topics.has('alarm') && topics.has('performance'), 'the topics')
  // What the setting up changed may be told once more: the state itself is what counts.
  await waitFor(async () => (await stateOfPump()) === 'down', 'the state that the reading means')
  const { alarms } = await plant.platform.run(listAlarms, commissioning, {})
  expect(alarms).toMatchObject([
    { definitionId: adopted[0]?.id, state: 'unacknowledged', detail: '99.00 L/min, limit 90.00 L/min' },
  ])
  const { transitions } = await plant.platform.run(listAlarmHistory, commissioning, { window: wholeDay() })
  expect(transitions).toMatchObject([{ event: 'occur', order: 'WO-7', nodeId: flow.nodeId }])
  socket.close()
})

test('[P11-10e-1, AL-A, ALM-1, D-8] who acknowledges an alarm, from where and with which words, is in the audit trail', async () => {
  const link = await ensurePerson(plant.platform, { name: 'olga', printedName: 'Olga Operator', role: 'operator' })
  const headers = { cookie: await activateAndSignIn('olga', link?.path ?? '') }
  const [alarm] = (await plant.platform.run(listAlarms, systemActor('test'), {})).alarms
  const input = { definitionIds: [alarm?.definitionId ?? ''], comment: 'seen at the panel' }
  const answer = await createClient({ baseUrl: plant.url, headers })(acknowledgeAlarms, input)
  expect(answer).toMatchObject([{ state: 'acknowledged', refused: null }])
  const entries = await call(listAuditEntries, { operation: acknowledgeAlarms.name, limit: 10 })
  expect(entries).toMatchObject([
    { actorName: 'olga', actorKind: 'person', outcome: 'done', origin: '127.0.0.1', input, changes: 1 },
  ])
})

const pump = async () =>
  (await plant.platform.run(listCurrentStates, systemActor('test'), {})).find(({ nodeId }) => nodeId === flow.nodeId)
const stateOfPump = async () => (await pump())?.state
const wholeDay = () => ({ from: plusMs(systemClock.now(), -43_200_000), to: plusMs(systemClock.now(), 43_200_000) })

const flowAlarm = () => ({
  ...{ name: 'p-01.Flow.high', nodeId: flow.nodeId, tagId: flow.id, message: 'The flow is high' },
  condition: { kind: 'limit', side: 'high', limit: 90, deadband: 1 } as const,
  ...{ onDelaySeconds: 0, offDelaySeconds: 0, latched: false, qualityCritical: false, suppressWhile: null },
  ...{ cause: 'a valve', consequence: 'a dry tank', response: 'close it' },
  severity: 'major' as const,
  timeToRespond: '3-to-10-min' as const,
})

test('[SR-2.1!, SR-4.1!] a page of somebody from another site sees nothing of this one', async () => {
  const nodes = await call(listNodes, {})
  const south = nodes.find((node) => node.path === 'acme/south')
  const invitation = {
    name: 'visitor',
    printedName: 'Visitor',
    grants: [{ role: 'operator', nodeId: south?.id ?? null }],
    identityChecked: 'met at the gate, identity card seen',
  } as const
  const { activation } = await call(invitePerson, { ...invitation, grants: [...invitation.grants] })
  const visitor = await activateAndSignIn('visitor', activation?.path ?? '')
  const { readings, socket } = watchLive(visitor, [flow.id])
  let frames = 0
  socket.on('message', () => {
    frames += 1
  })
  await waitFor(() => frames > 0, 'a frame')
  expect(readings.size).toBe(0)
  expect((await createClient({ baseUrl: plant.url, headers: { cookie: visitor } })(listTags, {})).total).toBe(0)
  socket.close()
})

test('[SR-1.1!] a page without a session, or whose session ends, is told to sign in', async () => {
  const stranger = watchLive(undefined, [flow.id])
  await waitFor(() => stranger.closeCode() === 4401, 'the closing of the line')
  expect(stranger.readings.size).toBe(0)

  const link = await ensurePerson(plant.platform, { name: 'leaver', printedName: 'Leaver', role: 'operator' })
  const leaver = await activateAndSignIn('leaver', link?.path ?? '')
  const page = watchLive(leaver, [flow.id])
  await waitFor(() => page.readings.size > 0, 'the present value')
  await createClient({ baseUrl: plant.url, headers: { cookie: leaver } })(closeSession, {})
  await waitFor(() => page.closeCode() === 4401, 'the closing of the line')
})

test('when the agent falls silent its values are uncertain within 5 s, and good again when it speaks', async () => {
  const { readings, socket } = watchLive(cookie, [flow.id])
  const speak = (online: boolean): void => {
    const status: AgentStatus = AgentStatus.parse({
      agent: 'edge-1',
      online,
      at: Date.now() * 1000,
      configurationVersion: null,
      bufferedSamples: 0,
      lastSequence: sequence,
      acknowledgedSequence: sequence,
      connections: [],
      faults: [],
    })
    edge.publish(wireTopics.status('edge-1'), JSON.stringify(status), { retain: true })
  }
  speak(true)
  await waitFor(() => readings.get(flow.id)?.status === statusCode.good, 'a good value')
  await waitFor(() => readings.get(flow.id)?.status === statusCode.uncertainLastUsable, 'the silence to show')
  speak(true)
  await waitFor(() => readings.get(flow.id)?.status === statusCode.good, 'the value to be good again')
  speak(false)
  await waitFor(() => readings.get(flow.id)?.status === statusCode.uncertainLastUsable, 'the will to show')
  socket.close()
})

test('[SR-7.4] after a restart the last values are there, and the sequence goes on', async () => {
  const before = await plant.platform.run(listLastSamples, systemActor('test'), { tagIds: [flow.id] })
  await edge.endAsync()
  await plant.stop()
  plant = await startPlant(config, '0.0.0', systemClock, pino({ level: 'silent' }))
  expect(await plant.platform.run(listLastSamples, systemActor('test'), { tagIds: [flow.id] })).toEqual(before)
  call = createClient({ baseUrl: plant.url, headers: { cookie } })
  edge = await mqtt.connectAsync(plant.mqttUrl, { username: 'edge-1', password: agentKey })
  await send(sampleOf(flow.id, 20, 20))
  await waitFor(async () => (await storedValues(flow)).includes(20), 'the sample after the restart')
})
