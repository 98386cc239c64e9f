import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { withoutAccount } from '../../apps/server/src/ingest/broker-address.ts'
import type { AgentLine } from './agent-line.ts'
import { openAgentLine } from './agent-line.ts'
import { hashOf, pagesDir, root } from './build-pages.ts'
import type { StartOptions } from './command-line.ts'
import { printLines } from './console-lines.ts'
import { pidFile } from './home.ts'

interface Ready {
  readonly url: string
  readonly mqttUrl: string
  readonly links: readonly { name: string; path: string }[]
}

export interface RunningPlant {
  readonly url: string
  readonly links: readonly { name: string; link: string }[]
  /** Settles when everything is stopped. */
  readonly ended: Promise<void>
}

const demoPorts = {
  opcua: Number(process.env['DEMO_OPCUA_PORT'] ?? 48400),
  modbus: Number(process.env['DEMO_MODBUS_PORT'] ?? 15020),
  mtconnect: Number(process.env['DEMO_MTCONNECT_PORT'] ?? 15050),
}
const mqttPort = Number(process.env['THROUGHLINE_MQTT_PORT'] ?? 1883)
/** Without the server's own account: it is told to programs and written into the plant model. */
const brokerUrl = addressOf(process.env['MQTT_URL'] ?? `mqtt://127.0.0.1:${mqttPort}`)
/** Batches of samples are short-lived: V8's default young generation would only keep their room. */
const smallYoungGeneration = ['--max-semi-space-size=8']
const stopPatienceMs = 15_000

/** Starts server, edge agent and demo plant; a process that dies is started again, Ctrl-C stops all, last started first. */
export async function startPlantProcesses(options: StartOptions): Promise<RunningPlant> {
  await assertPortsFree(options)
  writeFileSync(pidFile(options.home), String(process.pid))
  const group = new ProcessGroup()
  let line: AgentLine | null = null
  const ended = new Promise<void>((resolve) => {
    const stop = (): void => {
      group.stop().then(async () => {
        await line?.close()
        rmSync(pidFile(options.home), { force: true })
        resolve()
      }, resolve)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    group.onFailure = stop
    // A server that starts again makes new links, and the old ones stop working.
    group.onReadyAgain = (again) => printLinks(linksOf(again))
  })

  const known = options.machines ? knownUrls(options) : null
  // After the first start everything can start at once: agent and demo plant wait for the server by themselves.
  if (known !== null) line = await launchDemo(group, options, known)
  const described = options.demo ? await describeDemo(options) : {}
  const ready = await group.start('server', 'apps/server/src/main.ts', {
    THROUGHLINE_HOME: options.home,
    THROUGHLINE_PORT: String(options.port),
    THROUGHLINE_HOST: options.host,
    THROUGHLINE_MQTT_PORT: String(mqttPort),
    THROUGHLINE_WEB: pagesDir,
    THROUGHLINE_DEMO: options.demo ? '1' : '0',
    ...described,
    ...(options.people ? { THROUGHLINE_DEMO_CREW: crewFile(options.home) } : {}),
    THROUGHLINE_RECOVER_ADMINISTRATOR: options.recoverAdministrator ?? '',
  })
  if (options.machines && known === null) line = await launchDemo(group, options, ready)
  return { url: ready.url, links: linksOf(ready), ended }
}

type PlantUrls = Pick<Ready, 'url' | 'mqttUrl'>

const keyFile = (home: string, account: string): string => join(home, 'keys', `${account}.key`)

const crewFile = (home: string): string => join(home, 'demo-plant/plant-crew.json')
const passwordFile = (home: string): string => join(home, 'keys/demo-crew.json')

/** Where the server is going to be, when that is certain before it runs, and its machine accounts have their keys. */
function knownUrls({ home, host, port, people }: StartOptions): PlantUrls | null {
  const certain = host === '127.0.0.1' && port !== 0 && mqttPort !== 0
  if (!certain || !existsSync(keyFile(home, 'edge-1')) || !existsSync(keyFile(home, 'demo-backfill'))) return null
  if (people && !existsSync(passwordFile(home))) return null
  return { url: `http://${host}:${port}`, mqttUrl: brokerUrl }
}

async function launchDemo(
  group: ProcessGroup,
  options: StartOptions,
  { url, mqttUrl }: PlantUrls,
): Promise<AgentLine | null> {
  // A certificate that the server made for itself is trusted by its own programs on this machine, and by nobody else.
  const ownCertificate = join(options.home, 'tls/server.crt')
  const trust = existsSync(ownCertificate) ? { NODE_EXTRA_CA_CERTS: ownCertificate } : {}
  const line = await openAgentLine(options.home, mqttUrl)
  const agentMqttUrl = line?.url ?? mqttUrl
  const demo = {
    ...demoEnvironment(options),
    ...trust,
    DEMO_SERVER_URL: url,
    DEMO_MQTT_URL: mqttUrl,
    DEMO_API_KEY_FILE: keyFile(options.home, 'demo-backfill'),
    ...(options.people ? { DEMO_CREW_FILE: passwordFile(options.home) } : {}),
  }
  const edge = {
    ...trust,
    THROUGHLINE_HOME: options.home,
    EDGE_AGENT: 'edge-1',
    EDGE_SERVER_URL: url,
    EDGE_MQTT_URL: agentMqttUrl,
    EDGE_API_KEY_FILE: keyFile(options.home, 'edge-1'),
    // The demo also shows the other direction: what the agent reads, it publishes for others as a Sparkplug edge node.
    EDGE_SPARKPLUG_URL: agentMqttUrl,
  }
  let isLaunched = false
  // An agent that begins before there is a machine to be heard tells of every one that it is down.
  group.launch('demo', 'apps/demo-plant/src/main.ts', demo, () => {
    if (!isLaunched) group.launch('edge', 'apps/edge-agent/src/main.ts', edge)
    isLaunched = true
  })
  return line
}

const linksOf = (ready: Ready): RunningPlant['links'] =>
  ready.links.map(({ name, path }) => ({ name, link: `${ready.url}${path}` }))

/** People who have no password yet, each with the link that works once. */
export function printLinks(links: RunningPlant['links']): void {
  for (const { name, link } of links) console.log(`  ${name.padEnd(14)} ${link}`)
}

function demoEnvironment(options: StartOptions): Record<string, string> {
  return {
    THROUGHLINE_HOME: options.home,
    DEMO_OPCUA_PORT: String(demoPorts.opcua),
    DEMO_MODBUS_PORT: String(demoPorts.modbus),
    DEMO_MTCONNECT_PORT: String(demoPorts.mtconnect),
    DEMO_MQTT_URL: brokerUrl,
    DEMO_SPEED: String(options.speed),
    DEMO_BACKFILL_DAYS: String(options.backfillDays),
  }
}

const DescribedPlant = z.object({ model: z.unknown(), setup: z.unknown(), crew: z.unknown() })

/**
 * The files by which the server knows the demo's equipment and what it is set up with, as settings of the server; written
 * anew when the demo plant changed.
 */
async function describeDemo(options: StartOptions): Promise<Record<string, string>> {
  const environment = demoEnvironment(options)
  const folder = join(options.home, 'demo-plant')
  const files = {
    THROUGHLINE_MODEL: join(folder, 'plant-model.json'),
    THROUGHLINE_SETUP: join(folder, 'plant-setup.json'),
  }
  const stamp = join(folder, 'plant-files.made-from')
  const madeFrom = `${hashOf(['apps/demo-plant/src'])} ${JSON.stringify(environment)}`
  const made = [...Object.values(files), crewFile(options.home), stamp].every((file) => existsSync(file))
  if (made && readFileSync(stamp, 'utf8') === madeFrom) return files
  const child = spawn(process.execPath, [join(root, 'apps/demo-plant/src/print-plant.ts')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new DomainError('defect', 'start.model-failed', 'The demo plant could not describe itself')
  const { model, setup, crew } = DescribedPlant.parse(JSON.parse(text))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(files.THROUGHLINE_MODEL, JSON.stringify(model, undefined, 2))
  writeFileSync(files.THROUGHLINE_SETUP, JSON.stringify(setup, undefined, 2))
  writeFileSync(crewFile(options.home), JSON.stringify(crew, undefined, 2))
  writeFileSync(stamp, madeFrom)
  return files
}

async function assertPortsFree(options: StartOptions): Promise<void> {
  const wanted: [number, string, string][] = [[options.port, options.host, 'choose another with --port']]
  if (process.env['MQTT_URL'] === undefined)
    wanted.push([mqttPort, '127.0.0.1', 'choose another with THROUGHLINE_MQTT_PORT'])
  if (options.demo) {
    for (const port of Object.values(demoPorts)) wanted.push([port, '127.0.0.1', 'start with --no-demo'])
  }
  for (const [port, host, otherwise] of wanted) {
    if (port === 0) continue
    const code = await new Promise<string | undefined>((resolve) => {
      const probe = createServer()
      probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      probe.listen(port, host, () => probe.close(() => resolve(undefined)))
    })
    if (code === 'EADDRINUSE') {
      throw new DomainError(
        'conflict',
        'start.port-in-use',
        `Port ${port} is in use: stop the other program or ${otherwise}`,
      )
    }
    if (code !== undefined) {
      throw new DomainError(
        'invalid',
        'start.address-unusable',
        `Cannot listen on ${host}:${port} (${code}): check --host and --port`,
      )
    }
  }
}

/** What is no URL is told by the server, which checks its settings. */
function addressOf(url: string): string {
  return URL.canParse(url) ? withoutAccount(url).address : url
}

/** Child processes that belong together: each restarted when it dies, all stopped in reverse order. */
class ProcessGroup {
  onFailure: () => void = () => {}
  onReadyAgain: (ready: Ready) => void = () => {}
  readonly #children = new Map<string, ChildProcess>()
  readonly #lastStart = new Map<string, number>()
  #stopping = false

  /** Starts a process and waits until it says that it is ready. @throws DomainError when it ends before */
  start(name: string, script: string, env: Record<string, string>): Promise<Ready> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(name, script, env)
      const onEarlyExit = (): void => {
        reject(
          new DomainError('unavailable', 'start.process-failed', `The ${name} did not start: see its last line above`),
        )
      }
      child.once('exit', onEarlyExit)
      child.once('message', (message) => {
        child.off('exit', onEarlyExit)
        // Asked for once: a server that dies later must not take the second factor away again.
        this.#keepAlive(child, name, script, { ...env, THROUGHLINE_RECOVER_ADMINISTRATOR: '' })
        resolve(message as Ready)
      })
    })
  }

  /** @param onReady hears each time that the process says that it is ready; absent = it is the server, with new links */
  launch(name: string, script: string, env: Record<string, string>, onReady?: () => void): void {
    const child = this.#spawn(name, script, env)
    child.once('message', (message) => (onReady === undefined ? this.onReadyAgain(message as Ready) : onReady()))
    this.#keepAlive(child, name, script, env, onReady)
  }

  async stop(): Promise<void> {
    if (this.#stopping) return
    this.#stopping = true
    for (const child of [...this.#children.values()].reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs)
      await gone
      clearTimeout(timer)
    }
  }

  #spawn(name: string, script: string, env: Record<string, string>): ChildProcess {
    this.#lastStart.set(name, Date.now())
    const child = spawn(process.execPath, [...smallYoungGeneration, join(root, script)], {
      cwd: root,
      // Compiled code is kept between starts: a third of the start-up work is compiling the same libraries.
      env: {
        NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
        // The C library would keep freed memory apart for every thread: 50 MB less resident with two arenas.
        MALLOC_ARENA_MAX: '2',
        ...process.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to this process alone, which stops the others in order.
      detached: process.platform !== 'win32',
    })
    if (child.stdout) printLines(name, child.stdout)
    if (child.stderr) printLines(name, child.stderr)
    this.#children.set(name, child)
    return child
  }

  #keepAlive(
    child: ChildProcess,
    name: string,
    script: string,
    env: Record<string, string>,
    onReady?: () => void,
  ): void {
    child.once('exit', (code, signal) => {
      if (this.#stopping) return
      const lived = Date.now() - (this.#lastStart.get(name) ?? 0)
      if (code === 2) {
        console.error(`${name} stopped for good: see its last line above`)
        this.onFailure()
        return
      }
      // What dies at once would only spin.
      const delayMs = lived < 5000 ? 3000 : 500
      console.error(`${name} ended (${signal ?? `code ${code}`}) and is started again`)
      setTimeout(() => {
        if (!this.#stopping) this.launch(name, script, env, onReady)
      }, delayMs)
    })
  }
}
