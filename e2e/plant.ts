import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitFor } from '@throughline/testkit'

/** A whole plant as `npm start` runs it, on ports and in a home of its own. */
export interface RunningPlant {
  readonly url: string
  readonly home: string
  /** One-time links by person: `admin`, `operator`, `engineer` … */
  readonly activationLinks: Readonly<Record<string, string>>
  /** Everything the console has shown. */
  console(): string
  /** Kills the demo plant's OPC UA server as a power cut would; the plant starts it again after some seconds. */
  killOpcUaServer(): Promise<void>
  /** Process id of `server`, `edge` or `demo`. */
  pidOf(name: string): number
  stop(): Promise<void>
}

export interface PlantOptions {
  /** False = people and equipment alone: for journeys that look at no value. */
  readonly machines?: boolean
  /** True = the simulated people work, at machines that run. */
  readonly people?: boolean
  readonly backfillDays?: number
  readonly home?: string
  /** Settings of the server beside those of every test. */
  readonly settings?: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('..', import.meta.url))

export async function startPlant(options: PlantOptions = {}): Promise<RunningPlant> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'throughline-e2e-'))
  const [port, mqttPort, opcuaPort, modbusPort, mtconnectPort] = await freePorts(5)
  const child = spawn(
    process.execPath,
    [
      ...['scripts/start.ts', '--port', String(port), '--days', String(options.backfillDays ?? 1)],
      ...(options.people === true ? [] : [options.machines === false ? '--no-machines' : '--no-people']),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        ...options.settings,
        THROUGHLINE_HOME: home,
        THROUGHLINE_MQTT_PORT: String(mqttPort),
        DEMO_OPCUA_PORT: String(opcuaPort),
        DEMO_MODBUS_PORT: String(modbusPort),
        DEMO_MTCONNECT_PORT: String(mtconnectPort),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
  const url = `http://127.0.0.1:${port}`
  try {
    await waitFor(() => text.includes('Throughline is up') || child.exitCode !== null, 'the plant to be up', 120_000)
    if (child.exitCode !== null) throw new Error('the plant ended')
  } catch (error) {
    child.kill('SIGTERM')
    throw new Error(`The plant did not start:\n${text}`, { cause: error })
  }
  return {
    url,
    home,
    activationLinks: Object.fromEntries(
      [...text.matchAll(/^ {2}(\w+) +(http\S+)$/gm)].map(([, name, link]) => [name ?? '', link ?? '']),
    ),
    console: () => text,
    async killOpcUaServer() {
      const file = await waitFor(() => findPidFile(home), 'the OPC UA server to run', 60_000)
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL')
    },
    pidOf: (name) => childOf(child, name),
    async stop() {
      await stopProcess(child)
      if (options.home === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

const processFiles: Readonly<Record<string, string>> = {
  server: 'apps/server/src/main.ts',
  edge: 'apps/edge-agent/src/main.ts',
  demo: 'apps/demo-plant/src/main.ts',
}

/** Among the children of the launcher, the one that runs this program. */
function childOf(launcher: ChildProcess, name: string): number {
  const children = readFileSync(`/proc/${launcher.pid}/task/${launcher.pid}/children`, 'utf8').trim().split(' ')
  for (const pid of children) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(processFiles[name] ?? name)) return Number(pid)
  }
  throw new Error(`there is no process ${name}`)
}

function findPidFile(home: string): string | undefined {
  const file = join(home, 'demo-plant/opcua-server.pid')
  return existsSync(file) ? file : undefined
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), 60_000)
  await gone
  clearTimeout(hard)
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer()
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
