import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@throughline/kernel'
import { fromMs, messageOf, toMs } from '@throughline/kernel'
import { createClient } from '@throughline/model'
import { runBackfill } from './backfill/backfill.ts'
import { toSampleValue } from './backfill/history.ts'
import { BackfillUplink } from './backfill/uplink.ts'
import type { Config } from './config.ts'
import type { LiveChange } from './live-values.ts'
import { LiveValues } from './live-values.ts'
import { RegisterServer } from './modbus/register-server.ts'
import { day, minute } from './model/dynamics.ts'
import type { Protocol } from './model/tag-definition.ts'
import { MachineAgent } from './mtconnect/machine-agent.ts'
import { OpcUaServerSupervisor } from './opcua/supervisor.ts'
import { dropFolder, SimulatedGauges } from './people/gauges.ts'
import type { PeopleState } from './people/people.ts'
import { People, readPasswords } from './people/people.ts'
import type { PlantTag } from './plant/assets.ts'
import { plantTags, protocolOf } from './plant/assets.ts'
import type { PlantEndpoints } from './plant/plant-model.ts'
import { clockSkewMs } from './plant/story.ts'
import { historySteps, liveStepMs, liveSteps, targetMs } from './schedule.ts'
import { Simulator } from './simulator.ts'
import { Gateway } from './sparkplug/gateway.ts'
import type { PlantState } from './state-file.ts'
import { loadState, saveState } from './state-file.ts'
import { TruthFile } from './truth.ts'

const saveEveryMs = 5000
const tellCountsEveryMs = minute
/** Played fast, the servers show a new picture four times a second. */
const fastTickMs = 250

/** The demo plant at work: the simulator on its clock, its protocol servers, its past on the way to the server. */
export class DemoPlant {
  readonly #config: Config
  readonly #clock: Clock
  readonly #log: (line: string) => void
  readonly #folder: string
  readonly #truth: TruthFile
  readonly #simulator: Simulator
  readonly #live: LiveValues
  readonly #opcUa: OpcUaServerSupervisor
  readonly #modbus: RegisterServer
  readonly #machines: MachineAgent
  readonly #apiKey: string | undefined
  readonly #gateway: Gateway | undefined
  readonly #liveFromMs: number
  readonly #start: { realMs: number; virtualMs: number; speed: number }
  readonly #abort = new AbortController()
  #backfill: { acknowledged: number; done: boolean }
  #uplink: BackfillUplink | undefined
  #backfilling: Promise<void> = Promise.resolve()
  readonly #people: People | undefined
  #working: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  readonly #reconnected = Promise.withResolvers<void>()
  #savedMs = 0
  #countsToldMs = 0

  /** Reads the saved state, or makes the past anew, which takes some seconds for a month. */
  constructor(config: Config, clock: Clock, log: (line: string) => void) {
    this.#config = config
    this.#clock = clock
    this.#log = log
    this.#folder = join(config.home, 'demo-plant')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const saved = loadState(this.#statePath, config.seed)
    this.#truth = new TruthFile(join(this.#folder, 'truth.jsonl'), saved?.truthBytes ?? 0)
    this.#simulator = saved === undefined ? this.#begin() : this.#goOn(saved)
    this.#liveFromMs = saved?.liveFromMs ?? this.#simulator.atMs
    this.#backfill = saved?.backfill ?? { acknowledged: 0, done: this.#liveFromMs === this.#simulator.epochMs }
    this.#start = { realMs: toMs(clock.now()), virtualMs: this.#simulator.atMs, speed: config.speed }
    this.#apiKey = config.apiKeyFile === undefined ? undefined : readFileSync(config.apiKeyFile, 'utf8').trim()
    this.#people = this.#gather(saved?.people)
    this.#live = new LiveValues(this.#simulator.values(), this.#simulator.atMs, saved?.published ?? {})
    this.#save()
    this.#opcUa = new OpcUaServerSupervisor({
      ...{ port: config.opcUaPort, homeDir: this.#folder, log },
      present: () => plantTags.map((tag) => messageOfChange(this.#stamped(this.#live.present(tag.index)))),
      onWrite: (tag, value) => typeof value === 'number' && this.#write(plantTags[tag], value),
    })
    this.#modbus = new RegisterServer(config.modbusPort, (tag, value) => this.#write(tag, value))
    this.#machines = new MachineAgent(config.mtconnectPort, clock)
    this.#gateway = this.#openGateway()
  }

  /** Virtual time, milliseconds since 1970. */
  get atMs(): number {
    return this.#simulator.atMs
  }

  /** Where an edge agent finds the servers that run now. */
  get endpoints(): PlantEndpoints {
    const [opcUa, modbus, mtconnect] = [this.#opcUa.endpoint, this.#modbus.endpoint, this.#machines.endpoint]
    return { opcUa, modbus, mtconnect, sparkplug: this.#config.mqttUrl }
  }

  /** Starts the servers and the clock; the back-fill goes on in the background. */
  async start(): Promise<void> {
    for (const tag of plantTags) this.#toModbus(this.#live.present(tag.index))
    this.#machines.put(plantTags.map((tag) => this.#stamped(this.#live.present(tag.index))))
    await Promise.all([this.#modbus.start(), this.#machines.start()])
    this.#log(`MTConnect agent listens at ${this.#machines.endpoint}`)
    this.#log(`Modbus TCP server listens at ${this.#modbus.endpoint}`)
    this.#gateway?.start()
    if (this.#gateway === undefined) this.#log('no DEMO_API_KEY_FILE: no Sparkplug gateway and no back-fill')
    this.#backfilling = this.#runBackfill()
    this.#schedule()
    this.#working = this.#people?.run() ?? this.#working
    await this.#opcUa.start()
  }

  /** The edge agent of E18 is back: what it kept, and was held back, comes now. */
  reconnect(): void {
    this.#reconnected.resolve()
  }

  /** Stops everything and saves the plant's state. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#abort.abort()
    this.#reconnected.resolve()
    await this.#uplink?.close()
    await Promise.all([this.#backfilling, this.#working])
    await Promise.all([this.#opcUa.stop(), this.#modbus.stop(), this.#machines.stop(), this.#gateway?.stop()])
    this.#tellCounts()
    this.#save()
  }

  get #statePath(): string {
    return join(this.#folder, 'state.json')
  }

  #begin(): Simulator {
    const { seed, backfillDays, speed } = this.#config
    const nowMs = Math.floor(toMs(this.#clock.now()) / liveStepMs) * liveStepMs
    const epochMs = nowMs - Math.round(backfillDays * day)
    const simulator = new Simulator({ seed, epochMs, truth: this.#truth })
    this.#truth.write({ type: 'plant', seed, epoch: epochMs, speed })
    // Played fast, the past is lived through before everybody's eyes and not back-filled.
    if (speed === 1) for (const at of historySteps(epochMs, nowMs)) simulator.advance(at)
    return simulator
  }

  #goOn(saved: PlantState): Simulator {
    const { seed, speed } = this.#config
    const { plant } = saved
    const simulator = new Simulator({ seed, epochMs: plant.epochMs, truth: this.#truth, snapshot: plant })
    if (speed > 1) return simulator
    // The plant did not stand still while nobody simulated it.
    for (const at of liveSteps(simulator.atMs, toMs(this.#clock.now()))) simulator.advance(at)
    return simulator
  }

  /** Who works here, where the server made passwords for them. */
  #gather(state: PeopleState | undefined): People | undefined {
    const { home, mqttUrl, account, gaugesTell, seed, serverUrl, crewFile } = this.#config
    const [apiKey, now] = [this.#apiKey, () => this.#simulator.atMs]
    mkdirSync(dropFolder(home), { recursive: true })
    if (crewFile === undefined) return undefined
    const gauges =
      gaugesTell && apiKey !== undefined ? new SimulatedGauges({ home, mqttUrl, account, apiKey, now }) : undefined
    return new People({
      ...{ seed, serverUrl, state, passwords: readPasswords(crewFile), epochMs: this.#simulator.epochMs },
      ...{ truth: this.#truth, log: this.#log, now, gauges, signal: this.#abort.signal },
    })
  }

  #openGateway(): Gateway | undefined {
    if (this.#apiKey === undefined) return undefined
    const { mqttUrl, account } = this.#config
    return new Gateway({
      ...{ url: mqttUrl, username: account, password: this.#apiKey },
      ...{
        clock: { now: () => fromMs(this.#gatewayMs(this.#simulator.atMs)) },
        bdSeqFile: join(this.#folder, 'sparkplug-bdseq'),
      },
      present: (tag) => toSampleValue(tag.index, this.#live.present(tag.index).value),
      onFault: onceACause((cause, example) => this.#log(`Sparkplug: ${cause}: ${example}`)),
    })
  }

  async #runBackfill(): Promise<void> {
    if (this.#apiKey === undefined || this.#backfill.done) return
    const { config, apiKey } = { config: this.#config, apiKey: this.#apiKey }
    this.#uplink = new BackfillUplink({
      ...{ url: config.mqttUrl, agent: config.account, apiKey, acknowledged: this.#backfill.acknowledged },
      onAcknowledged: (acknowledged) => {
        this.#backfill = { acknowledged, done: false }
      },
      onFault: onceACause((cause, example) => this.#log(`backfill: ${cause}: ${example}`)),
    })
    const headers = { authorization: `Bearer ${apiKey}` }
    const { seed, epochMs } = this.#simulator
    const span = { from: epochMs, to: this.#liveFromMs }
    try {
      const counts = await runBackfill({
        ...{ seed, epochMs, toMs: span.to, agent: config.account, log: this.#log, uplink: this.#uplink },
        ...{ client: createClient({ baseUrl: config.serverUrl, headers }), signal: this.#abort.signal },
        ...(config.holdKept ? { hold: () => this.#hold(span) } : {}),
      })
      this.#truth.write({ type: 'backfill', ...span, batches: this.#backfill.acknowledged, counts })
      this.#backfill = { ...this.#backfill, done: true }
      await this.#uplink.close()
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#log(`backfill stopped: ${messageOf(error)}`)
    }
  }

  /** All is there but what the agent of E18 kept: told, and waited until it is back. */
  async #hold(span: { from: number; to: number }): Promise<void> {
    this.#truth.write({ type: 'backfill', ...span, held: true })
    this.#save()
    await this.#reconnected.promise
  }

  #schedule(): void {
    const { speed } = this.#config
    const nowMs = toMs(this.#clock.now())
    // At real time a step ends on the second: wake just behind it.
    const pause = speed === 1 ? liveStepMs - (nowMs % liveStepMs) + 2 : fastTickMs
    this.#timer = setTimeout(() => this.#tick(), pause)
  }

  #tick(): void {
    const goal = targetMs(this.#start, toMs(this.#clock.now()))
    const late = goal - this.#simulator.atMs > saveEveryMs
    for (const at of liveSteps(this.#simulator.atMs, goal)) this.#simulator.advance(at, this.#live.sink)
    // Of a long stretch the servers show only the end, as they do when the plant is played fast.
    const changes = late || this.#config.speed > 1 ? this.#live.takeNewest() : this.#live.take()
    this.#publish(changes.map((change) => this.#stamped(change)))
    if (this.#simulator.atMs - this.#countsToldMs >= tellCountsEveryMs) this.#tellCounts()
    const nowMs = toMs(this.#clock.now())
    if (nowMs - this.#savedMs >= saveEveryMs) this.#save()
    this.#schedule()
  }

  /** Played fast, the plant's own time is long ago: its servers then stamp what they show with the time of day. */
  #stamped(change: LiveChange): LiveChange {
    return this.#config.speed > 1 ? { ...change, atMs: toMs(this.#clock.now()) } : change
  }

  #publish(changes: readonly LiveChange[]): void {
    this.#opcUa.put(changes.filter((change) => isTold(change, 'opcua')).map(messageOfChange))
    this.#machines.put(changes)
    for (const change of changes) this.#toModbus(change)
    const disordered = this.#simulator.storyAt('E23', this.#simulator.atMs) !== undefined
    const metrics = changes.flatMap(({ tag: index, atMs, value }) => {
      const tag = plantTags[index]
      return tag !== undefined && protocolOf(tag) === 'sparkplug'
        ? [{ tag, atMs: this.#gatewayMs(atMs), value: toSampleValue(index, value) }]
        : []
    })
    if (metrics.length > 0) this.#gateway?.put(metrics, disordered)
  }

  /** What the gateway's clock shows: fast in E20. */
  #gatewayMs(atMs: number): number {
    return this.#simulator.storyAt('E20', this.#simulator.atMs) === undefined ? atMs : atMs + clockSkewMs
  }

  #toModbus(change: LiveChange): void {
    if (isTold(change, 'modbus')) this.#modbus.put(change.tag, toSampleValue(change.tag, change.value))
  }

  #write(tag: PlantTag | undefined, value: number): boolean {
    return tag !== undefined && this.#simulator.write(tag, value)
  }

  #tellCounts(): void {
    this.#countsToldMs = this.#simulator.atMs
    const { atMs: at } = this.#simulator
    this.#truth.write({ type: 'published', since: this.#liveFromMs, at, counts: this.#live.published() })
    this.#people?.tell()
  }

  #save(): void {
    this.#savedMs = toMs(this.#clock.now())
    this.#truth.flush()
    saveState(this.#statePath, {
      ...{ version: 1, liveFromMs: this.#liveFromMs, truthBytes: this.#truth.length, backfill: this.#backfill },
      ...{ published: this.#live.published(), plant: this.#simulator.snapshot() },
      ...(this.#people === undefined ? {} : { people: this.#people.snapshot() }),
    })
  }
}

function isTold(change: LiveChange, by: Protocol): boolean {
  const tag = plantTags[change.tag]
  return tag !== undefined && protocolOf(tag) === by
}

function messageOfChange({ tag, atMs, value }: LiveChange) {
  return [tag, toSampleValue(tag, value), atMs] as const
}

function onceACause(tell: (cause: string, example: string) => void): (cause: string, example: string) => void {
  const told = new Set<string>()
  return (cause, example) => {
    if (told.has(cause)) return
    told.add(cause)
    tell(cause, example)
  }
}
