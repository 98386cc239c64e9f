import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { permissionsOf } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { fromMs, newId, plusMs, systemClock } from '@throughline/kernel'
import type { Permission, Role } from '@throughline/model'
import {
  activatePerson,
  createMachineAccount,
  disablePerson,
  encodeSampleBatch,
  invitePerson,
  listLastSamples,
  listNodes,
  listPersons,
  listSessions,
  lockSession,
  openSession,
  registerStation,
  roles,
  terminateSession,
  wireTopics,
} from '@throughline/model'
import { nobody, systemActor } from '@throughline/platform'
import { waitFor } from '@throughline/testkit'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import type { Plant } from '../plant.ts'
import { startPlant } from '../plant.ts'
import type { North } from './north.ts'
import { fillNorth, model, nodeAt, waitForAlarm } from './north.ts'

export const personRoles = roles.filter((role) => role !== 'edge-agent')
export const password = 'a long enough password'
const wrongKey = `tl_${'w'.repeat(43)}`
const endedSession = 'e'.repeat(43)

/** Somebody who calls, with what the role table gives them and where. */
export interface Caller {
  readonly headers: Record<string, string>
  /** As the audit trail names them. */
  readonly actor: string
  readonly held: readonly Permission[]
  readonly reach: 'plant' | 'south'
  readonly locked?: true
  /** A board on the wall: whatever it holds, it changes nothing. */
  readonly isWall?: true
}

/** Who is shut out, whatever roles they hold: the audit trail knows them as nobody. */
export const shutOut = [
  'a session unused for too long',
  'a session that lasted its whole time',
  'the session of a disabled person',
  'the session of a person who awaits approval again',
  'a terminated session',
]
const stranger = { actor: 'nobody', held: [], reach: 'plant' } as const

type NodeId = Id<'EquipmentNode'> | null

/** A plant with a node in the north, and everybody who could call it. */
export class PlantOfCallers {
  readonly home = mkdtempSync(join(tmpdir(), 'throughline-authorisation-'))
  readonly callers = new Map<string, Caller>()
  /** Every route that the server has mounted, as `METHOD /path`. */
  readonly routes: string[] = []
  /** The clock of the plant is turned back while sessions begin that are to be over. */
  #behindMs = 0
  #plant: Plant | undefined
  #north: North | undefined

  get plant(): Plant {
    if (this.#plant === undefined) throw new Error('the plant has not started')
    return this.#plant
  }

  /** What stands where somebody of another site must not look. */
  get north(): North {
    if (this.#north === undefined) throw new Error('the plant has not started')
    return this.#north
  }

  async start(): Promise<void> {
    const webDir = join(this.home, 'pages')
    const modelFile = join(this.home, 'model.yaml')
    mkdirSync(webDir)
    writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>pages</title>')
    writeFileSync(modelFile, model)
    const environment = { THROUGHLINE_HOME: this.home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' }
    const config = { ...readConfig({ ...environment, THROUGHLINE_WEB: webDir }), modelFile }
    const clock = { now: () => plusMs(systemClock.now(), -this.#behindMs) }
    subscribe('fastify.initialization', this.#hearRoutes)
    this.#plant = await startPlant(config, '0.0.0', clock, pino({ level: 'silent' }))
    await this.#signInTheShutOut()
    const { platform } = this.#plant
    const south = nodeAt(await platform.run(listNodes, systemActor('test'), {}), 'acme/south')
    this.#north = await fillNorth(platform)
    const { callers } = this
    callers.set('nobody', { ...stranger, headers: {} })
    callers.set('a wrong API key', { ...stranger, headers: { authorization: `Bearer ${wrongKey}` } })
    callers.set('an unknown session', { ...stranger, headers: { cookie: `throughline=${endedSession}` } })
    for (const role of personRoles) callers.set(role, await this.person(role, [role], 'plant'))
    callers.set('all roles at another site', await this.person('southerner', personRoles, 'south', south))
    callers.set('an edge agent', await this.machine('edge-1', 'plant', null))
    callers.set('an edge agent of another site', await this.machine('edge-2', 'south', south))
    callers.set('a locked session', await this.#lockedOne())
    callers.set('a board on the wall', await this.wall('board'))
    await this.#sendOneSample()
    await waitForAlarm(platform)
  }

  async stop(): Promise<void> {
    unsubscribe('fastify.initialization', this.#hearRoutes)
    await this.#plant?.stop()
    rmSync(this.home, { recursive: true, force: true })
  }

  named(name: string): Caller {
    const found = this.callers.get(name)
    if (found === undefined) throw new Error(`no caller is called ${name}`)
    return found
  }

  post(name: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.plant.url}/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers },
      body: JSON.stringify(body),
    })
  }

  async person(name: string, held: readonly Role[], reach: Caller['reach'], nodeId: NodeId = null): Promise<Caller> {
    const { platform } = this.plant
    const grants = held.map((role) => ({ role, nodeId }))
    const invitation = { name, printedName: name, grants, identityChecked: 'a caller of this test' }
    const invited = await platform.run(invitePerson, systemActor('test'), invitation)
    const token = (invited.activation?.path ?? '').split('#')[1] ?? ''
    await platform.run(activatePerson, nobody(null), { token, password })
    const answer = await this.post(openSession.name, { name, password }, {})
    if (!answer.ok) throw new Error(`${name} cannot sign in: ${await answer.text()}`)
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    return { headers: { cookie }, actor: invited.person.id, held: heldBy(held), reach }
  }

  async machine(name: string, reach: Caller['reach'], nodeId: NodeId): Promise<Caller> {
    const wanted = { name, grants: [{ role: 'edge-agent' as const, nodeId }] }
    const { account, apiKey } = await this.plant.platform.run(createMachineAccount, systemActor('test'), wanted)
    const headers = { authorization: `Bearer ${apiKey}` }
    return { headers, actor: account.id, held: heldBy(['edge-agent']), reach }
  }

  /** A device in the south that was made a board on the wall, and at which nobody is signed in. */
  async wall(name: string): Promise<Caller> {
    const { platform } = this.plant
    const nodeId = nodeAt(await platform.run(listNodes, systemActor('test'), {}), 'acme/south')
    let token = ''
    const bind = (bound: string): void => {
      token = bound
    }
    const wanted = { name, nodeId, kind: 'wall' as const, reason: 'a caller of this test' }
    const terminal = { token: null, bind }
    const station = await platform.run(registerStation, systemActor('test'), wanted, { terminal })
    const headers = { cookie: `throughline-station=${token}` }
    return {
      headers,
      actor: station.id,
      held: ['equipment.model.read', 'performance.read'],
      reach: 'south',
      isWall: true,
    }
  }

  readonly #hearRoutes = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      this.routes.push(`${Array.isArray(method) && method.length > 2 ? 'ALL' : String(method)} ${url}`)
    })
  }

  async #signInTheShutOut(): Promise<void> {
    const { platform } = this.plant
    for (const [index, name] of shutOut.entries()) {
      this.#behindMs = [31 * 60_000, 12 * 3_600_000][index] ?? 0
      const { headers } = await this.person(`shut-out-${index}`, ['administrator', 'quality', 'engineer'], 'plant')
      this.callers.set(name, { ...stranger, headers })
    }
    const system = systemActor('test')
    const everybody = await platform.run(listPersons, system, {})
    const idOf = (index: number) => everybody.find(({ name }) => name === `shut-out-${index}`)?.id ?? newId<'Person'>()
    const reason = 'to be refused in this test'
    await platform.run(disablePerson, system, { personId: idOf(2), reason })
    // No operation leads back to this state; whoever is in it must be shut out all the same.
    await platform.db.transaction().execute(async (trx) => {
      await sql`select set_config('throughline.entry', 'a state that no operation makes', true)`.execute(trx)
      await sql`update identity.person set state = 'awaiting-approval' where id = ${idOf(3)}`.execute(trx)
    })
    const open = await platform.run(listSessions, system, {})
    const terminated = open.find(({ personId }) => personId === idOf(4))?.id
    if (terminated === undefined) throw new Error('there is no session to terminate')
    await platform.run(terminateSession, system, { sessionId: terminated, reason })
  }

  async #lockedOne(): Promise<Caller> {
    const caller = await this.person('locked', ['administrator', 'quality'], 'plant')
    const answer = await this.post(lockSession.name, {}, caller.headers)
    if (!answer.ok) throw new Error(`the session was not locked: ${await answer.text()}`)
    return { ...caller, locked: true }
  }

  async #sendOneSample(): Promise<void> {
    const { platform, mqttUrl } = this.plant
    const key = this.named('an edge agent').headers['authorization']?.slice('Bearer '.length) ?? ''
    const edge = await mqtt.connectAsync(mqttUrl, { username: 'edge-1', password: key })
    const at = fromMs(Date.now())
    const { tag } = this.north
    const batch = encodeSampleBatch('edge-1/test', 1, [{ tag, at, serverAt: at, value: 42.5, status: 0 }])
    await edge.publishAsync(wireTopics.samples('edge-1'), Buffer.from(batch), { qos: 1 })
    const asked = { tagIds: [tag] }
    await waitFor(
      async () => (await platform.run(listLastSamples, systemActor('test'), asked)).length > 0,
      'the sample',
    )
    await edge.endAsync()
  }
}

const heldBy = (held: readonly Role[]) => [...new Set(held.flatMap((role) => permissionsOf[role]))]
