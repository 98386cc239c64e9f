import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alarmModule } from '@throughline/alarm'
import type { Broker } from '@throughline/broker'
import { startBroker } from '@throughline/broker'
import { equipmentModule } from '@throughline/equipment'
import type { Historian } from '@throughline/historian'
import { historianModule } from '@throughline/historian'
import { identityModule } from '@throughline/identity'
import type { Clock } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { applyModel, listConnections, wireTopics } from '@throughline/model'
import { performanceModule } from '@throughline/performance'
import type { Platform } from '@throughline/platform'
import { createHttpServer, folderBlobStore, systemActor } from '@throughline/platform'
import type { Logger } from 'pino'
import { alarmOptions } from './alarm-options.ts'
import { commands } from './command/module.ts'
import type { ServerConfig } from './config.ts'
import { isLoopback } from './config.ts'
import { demoHistorian } from './demo.ts'
import { BackfillProgress } from './diagnostics/backfill-progress.ts'
import { FaultLog } from './diagnostics/fault-log.ts'
import { diagnosticsModule } from './diagnostics/module.ts'
import type { LateFacts } from './identity-options.ts'
import { identityOptions } from './identity-options.ts'
import { Agents } from './ingest/agents.ts'
import { withoutAccount } from './ingest/broker-address.ts'
import { brokerDoor, serverAccount } from './ingest/broker-door.ts'
import { openDocuments } from './ingest/documents/documents.ts'
import { Ingest } from './ingest/ingest.ts'
import { MachineAlarms } from './ingest/machine-alarms.ts'
import { PastFirst } from './ingest/past-first.ts'
import { openPlantWire } from './ingest/plant-wire.ts'
import type { LiveServer } from './live/live-server.ts'
import { serveLive } from './live/live-server.ts'
import { TagTable } from './live/tag-table.ts'
import { liveTopicsModule } from './live/topics-module.ts'
import { makingModules } from './making.ts'
import { NamespacePublisher } from './namespace/namespace-publisher.ts'
import { openRecords } from './records.ts'
import { applySetup, setupModule } from './setup/setup.ts'
import { loadCertificate } from './tls.ts'

/** A running plant server. */
export interface Plant {
  readonly platform: Platform
  /** Where the pages are: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Where agents dial: `mqtt://127.0.0.1:1883`, without the account of the server. */
  readonly mqttUrl: string
  /** Finishes what is under way and closes everything, last opened first. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * The composition root: the only place that knows which modules this plant runs and which engines stand behind them.
 * @throws DomainError naming what is in the way; what was opened before is closed again
 */
export async function startPlant(config: ServerConfig, version: string, clock: Clock, log: Logger): Promise<Plant> {
  const closers: (() => Promise<void> | void)[] = []
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) {
      await Promise.resolve(close()).catch((error: unknown) => log.error({ error }, 'a part did not close'))
    }
  }
  try {
    return await open(config, version, clock, log, closers, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(
  config: ServerConfig,
  version: string,
  clock: Clock,
  log: Logger,
  closers: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Plant> {
  const folder = (name: string): string => {
    const path = join(config.home, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  const startedAt = clock.now()
  const faults = new FaultLog(clock, log)
  const table = new TagTable()
  let alarms: PastFirst | undefined
  const backfill = new BackfillProgress(() => alarms?.end())

  const equipment = equipmentModule()
  const historian = historianModule({ dir: folder('historian'), clock, directory: equipment.directory, log })
  closers.push(() => historian.close())
  const agents = new Agents(table, faults, clock)
  closers.push(() => agents.close())
  let ingest: Ingest | undefined
  const diagnostics = diagnosticsModule(() => ({
    startedAt,
    version,
    samplesAccepted: ingest?.counts.accepted ?? 0,
    samplesDuplicate: ingest?.counts.duplicate ?? 0,
    samplesParked: ingest?.counts.parked ?? 0,
    samplesPerSecond: ingest?.perSecond() ?? 0,
    faults: faults.list(),
    agents: agents.list(),
    backfill: backfill.shown,
  }))
  const late: LateFacts = {}
  let live: LiveServer | undefined
  const topics = liveTopicsModule(
    (topic) => live?.tell(topic),
    (tagId) => table.learn(tagId, historian.last(tagId)),
  )
  const { directory } = equipment
  const blobs = await folderBlobStore(folder('blobs'))
  const performance = performanceModule({
    ...{ directory, blobs, clock, log },
    onFault: ({ path, cause, words }) => faults.add(path, cause, words),
  })
  const asked = alarmOptions(config, late, historian, directory, performance.runsOf)
  const alarm = alarmModule({ directory, clock, log, ...asked })
  let agentOf: ReadonlyMap<string, string> = new Map()
  const commanded = commands(clock, faults, (connection) => agentOf.get(connection))
  const documents = openDocuments({ blobs, faults })
  const modules = [
    identityModule(identityOptions(config, late)),
    ...[
      equipment.module,
      historian.module,
      alarm.module,
      performance.module,
      diagnostics,
      topics,
      setupModule,
      commanded.module,
      documents.module,
      ...makingModules(directory, { documents, blobs, table, stateAt: performance.stateAt }),
    ],
  ]
  const platform = await openRecords(config, modules, { version, clock, log, faults, closers })
  late.platform = platform
  await equipment.directory.load(platform.db)
  await historian.open()
  if (config.modelFile !== null) await applyModelFile(platform, config.modelFile)
  if (config.setupFile !== null) {
    const steps = await applySetup(platform, config.setupFile, (path) => equipment.directory.byPath(path))
    if (steps > 0) log.info({ file: config.setupFile, steps }, 'plant set up')
  }
  closers.push(() => alarm.close())
  await alarm.watch.open()
  closers.push(() => performance.close())
  await performance.open()
  table.onSilence((tagIds, silent) => performance.watch.setAgentSilent(tagIds, silent))
  table.load(historian.lastAll())

  const broker = config.mqttUrl === null ? await openBroker(config, platform, faults, folder('broker')) : null
  if (broker !== null) closers.push(() => broker.close())
  const dialled = withoutAccount(config.mqttUrl ?? `mqtt://127.0.0.1:${broker?.port}`)
  let publisher: NamespacePublisher | undefined
  let machineAlarms: MachineAlarms | undefined
  const hearDocument = async (agent: string, message: Uint8Array): Promise<void> => {
    const answer = await documents.hear(agent, message)
    if (answer !== undefined) wire.publish(wireTopics.documentAnswer(agent), JSON.stringify(answer), { qos: 1 })
  }
  const wire = await openPlantWire(
    dialled.address,
    broker === null ? dialled.account : serverAccount,
    {
      samples: (agent, message) => {
        agents.hearSamples(agent)
        void ingest?.hear(agent, message)
      },
      status: (agent, message, retained) => agents.hear(agent, message, retained),
      progress: (agent, message) => backfill.hear(agent, message),
      documents: (agent, message) => void hearDocument(agent, message),
      alarms: (agent, message) => machineAlarms?.hear(agent, message),
      commandReply: (agent, message) => commanded.hearReply(agent, message),
      connected: () => publisher?.announce(),
    },
    log,
  )
  closers.push(() => wire.close())
  alarms = new PastFirst(alarm.watch, demoHistorian)
  // Only the demo plant comes with a past, and only to a plant without one.
  if (!config.demo || [...historian.lastAll()].length > 0) alarms.end()
  else closers.push(waitForPast(alarms, backfill))
  const acknowledge = (agent: string, sequence: number): void =>
    wire.publish(wireTopics.acknowledgement(agent), JSON.stringify({ sequence }), { qos: 1 })
  ingest = new Ingest(historian, table, faults, clock, acknowledge, [alarms, performance.watch])
  const namespace = new NamespacePublisher(
    table,
    (tagId) => directory.find(tagId),
    (topic, payload) => wire.publish(topic, payload, { retain: true }),
  )
  publisher = namespace
  closers.push(() => namespace.close())
  const assignAgents = async (): Promise<void> => {
    agentOf = await assignTagsToAgents(platform, equipment.directory, table, agents)
  }
  await assignAgents()
  const recorded = (agent: string, sequence: number): void =>
    wire.publish(wireTopics.alarmsRecorded(agent), JSON.stringify({ sequence }), { qos: 1 })
  machineAlarms = new MachineAlarms(alarm.watch, faults, (connection) => agentOf.get(connection), recorded)
  await commanded.open((agent, request) => wire.publish(wireTopics.command(agent), request, { qos: 1 }))
  closers.push(() => commanded.close())
  directory.onChange(() => {
    assignAgents().catch((error: unknown) => log.error({ error }, 'tags could not be assigned to their agents'))
  })

  closers.push(applyRetentionNightly(historian, clock, log))

  const tls = isLoopback(config.host)
    ? null
    : await loadCertificate(folder('tls'), config.tls, new Date(clock.now() / 1000))
  const http = await createHttpServer(platform, { version, tls, webDir: config.webDir })
  closers.push(() => http.close())
  const shown = serveLive(http.server, platform, table, (tagId) => directory.find(tagId)?.nodeId, clock, tls !== null)
  live = shown
  closers.push(() => shown.close())
  const url = await http.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
    throw listenFailure(error, config)
  })
  late.url = url
  return { platform, url, mqttUrl: dialled.address, stop }
}

function openBroker(config: ServerConfig, platform: Platform, faults: FaultLog, dataDir: string): Promise<Broker> {
  return startBroker({
    host: '127.0.0.1',
    port: config.mqttPort,
    folder: dataDir,
    authenticate: brokerDoor(platform),
    onFault: (source, cause, example) => {
      faults.add(source, cause, example)
      if (cause === 'broker-stopped') endOfBroker(example)
    },
  })
}

/** A server without its broker hears no agent: better it ends in order and is started again than that it seems well. */
function endOfBroker(reason: string): void {
  setImmediate(() => {
    throw new DomainError('defect', 'server.broker-stopped', `The embedded broker stopped: ${reason}`)
  })
}

async function applyModelFile(platform: Platform, file: string): Promise<void> {
  const text = readFileSync(file, 'utf8')
  const { changes } = await platform.run(applyModel, systemActor('configuration'), { format: 'yaml', text })
  platform.log.info({ file, changes: changes.length }, 'plant model applied')
  await platform.idle()
}

const retentionPaceMs = 24 * 3_600_000

/** Drops what is older than the plant wants to keep, once a day; the answer ends it. */
function applyRetentionNightly(historian: Historian, clock: Clock, log: Logger): () => void {
  const timer = setInterval(() => {
    historian.applyRetention(clock.now()).then(
      ({ samples }) => log.info({ samples }, 'samples beyond the retention dropped'),
      (error: unknown) => log.error({ error }, 'the retention could not be applied and is tried again tomorrow'),
    )
  }, retentionPaceMs)
  return () => clearInterval(timer)
}

const pastBeginsWithinMs = 60_000

/** A demo plant that is played fast sends no past: when none has begun by then, nothing waits for it. The answer ends it. */
function waitForPast(alarms: PastFirst, backfill: BackfillProgress): () => void {
  const timer = setInterval(() => {
    if (backfill.shown === null) alarms.end()
  }, pastBeginsWithinMs)
  return () => clearInterval(timer)
}

/** Which agent feeds which tag, so that a silent agent makes its tags stale; answers which dials which connection. */
async function assignTagsToAgents(
  platform: Platform,
  directory: { list(): readonly { id: string; source: { connection: string } | null }[] },
  table: TagTable,
  agents: Agents,
): Promise<ReadonlyMap<string, string>> {
  const connections = await platform.run(listConnections, systemActor('live'), {})
  const agentOf = new Map(connections.map((connection) => [connection.name, connection.agent]))
  const fed = directory.list().flatMap((tag) => {
    const agent = agentOf.get(tag.source?.connection ?? '')
    return agent === undefined ? [] : [[tag.id, agent] as const]
  })
  table.assign(new Map(fed))
  agents.expect(agentOf.values())
  return agentOf
}

function listenFailure(error: unknown, config: ServerConfig): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `${config.host}:${config.port}`
  if (code === 'EADDRINUSE') {
    return new DomainError(
      'conflict',
      'server.port-in-use',
      `Port ${config.port} is in use: stop the other program or choose another with --port`,
      { where },
      error,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES') {
    return new DomainError(
      'invalid',
      'server.address-unusable',
      `Cannot listen on ${where} (${code}): check --host and --port`,
    )
  }
  return error
}
