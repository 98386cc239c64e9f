import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { createClient, openSession } from '@throughline/model'
import { z } from 'zod'
import type { PeopleTruth } from './genealogy-records.ts'
import { readPeopleTruth } from './genealogy-records.ts'
import type { Truth } from './records.ts'
import { readTruth } from './records.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The back-fill's own account may read. */
const keyFile = (home: string): string => join(home, 'keys/demo-backfill.key')

const passwordFile = (home: string): string => join(home, 'keys/demo-crew.json')

/** A plant with its demo plant, as the comparison sees it. */
export interface ComparedPlant {
  readonly client: Client
  /** Asks as one of the people whom the demo plays. */
  clientOf(name: string): Promise<Client>
  truth(): Truth
  people(): PeopleTruth
  /** Lets come what the edge agent kept in E18, where that was held back. */
  reconnect(): void
  close(): Promise<void>
}

export interface PlantWanted {
  /** Absent = one of its own, removed afterwards. */
  readonly home: string | undefined
  /** Of a plant that runs; absent = it is started. */
  readonly url: string | undefined
  readonly days: number
  /** What the edge agent kept in E18 is held back until `reconnect`. */
  readonly holdKept: boolean
  /** Simulated people work. */
  readonly people: boolean
}

/** @throws DomainError when the plant cannot be reached or does not start */
export async function openPlant({ home: given, url, ...wanted }: PlantWanted): Promise<ComparedPlant> {
  if (url !== undefined)
    return plantAt(
      url,
      given ?? join(root, '.throughline'),
      async () => {},
      () => {},
    )
  const home = given ?? mkdtempSync(join(tmpdir(), 'throughline-truth-'))
  const children: ChildProcess[] = []
  const close = async (): Promise<void> => {
    for (const child of children.reverse()) await stop(child)
    if (given === undefined) rmSync(home, { recursive: true, force: true })
  }
  try {
    const { url: own, demo } = await start(home, wanted, children)
    return plantAt(own, home, close, () => demo.send('reconnect'))
  } catch (error) {
    await close()
    throw error
  }
}

function plantAt(baseUrl: string, home: string, close: () => Promise<void>, reconnect: () => void): ComparedPlant {
  if (!existsSync(keyFile(home))) {
    throw new DomainError('not-found', 'truth.no-key', `${home} is no home of a demo plant: name it with --home`)
  }
  const truthFile = join(home, 'demo-plant/truth.jsonl')
  const headers = { authorization: `Bearer ${readFileSync(keyFile(home), 'utf8').trim()}` }
  return {
    client: createClient({ baseUrl, headers }),
    clientOf: (name) => signIn(baseUrl, name, passwordFile(home)),
    truth: () => readTruth(truthFile),
    people: () => readPeopleTruth(truthFile),
    reconnect,
    close,
  }
}

/** In a session of their own: what they may see is what is compared. */
async function signIn(baseUrl: string, name: string, file: string): Promise<Client> {
  const password = existsSync(file)
    ? z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))[name]
    : undefined
  if (password === undefined) {
    throw new DomainError(
      'not-found',
      'truth.nobody',
      `${file} has no password of ${name}: no simulated people work there`,
    )
  }
  let cookie = ''
  const keeping: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    return answer
  }
  await createClient({ baseUrl, fetch: keeping })(openSession, { name, password })
  return createClient({ baseUrl, headers: { cookie } })
}

/** Server and demo plant, without an edge agent: the past comes first, so that alarms judge it in its order. */
async function start(
  home: string,
  { days, holdKept, people }: Pick<PlantWanted, 'days' | 'holdKept' | 'people'>,
  children: ChildProcess[],
): Promise<{ url: string; demo: ChildProcess }> {
  const folder = join(home, 'demo-plant')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const demo = {
    ...{ THROUGHLINE_HOME: home, DEMO_OPCUA_PORT: '0', DEMO_MODBUS_PORT: '0', DEMO_MTCONNECT_PORT: '0' },
    DEMO_BACKFILL_DAYS: String(days),
    DEMO_HOLD_KEPT: holdKept ? '1' : '0',
    // Without an edge agent nobody takes it.
    DEMO_GAUGES_TELL: '0',
  }
  const env = { ...process.env, ...demo }
  const printed = execFileSync(process.execPath, [join(root, 'apps/demo-plant/src/print-plant.ts')], { env })
  const Printed = z.object({ model: z.unknown(), setup: z.unknown(), crew: z.unknown() })
  const { model, setup, crew } = Printed.parse(JSON.parse(printed.toString()))
  const files = { THROUGHLINE_MODEL: join(folder, 'truth-model.json'), THROUGHLINE_SETUP: join(folder, 'setup.json') }
  writeFileSync(files.THROUGHLINE_MODEL, JSON.stringify(model))
  writeFileSync(files.THROUGHLINE_SETUP, JSON.stringify(setup))
  const crewFile = join(folder, 'crew.json')
  writeFileSync(crewFile, JSON.stringify(crew))
  const server = run('apps/server/src/main.ts', {
    ...{ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0', THROUGHLINE_DEMO: '1', ...files },
    ...(people ? { THROUGHLINE_DEMO_CREW: crewFile } : {}),
  })
  children.push(server)
  const Ready = z.object({ url: z.string(), mqttUrl: z.string() })
  const ready = Ready.parse(
    await new Promise((resolve, reject) => {
      server.once('message', resolve)
      server.once('exit', (code) =>
        reject(new DomainError('unavailable', 'truth.no-server', `The server ended with ${code}`)),
      )
    }),
  )
  const plant = run('apps/demo-plant/src/main.ts', {
    ...{ ...demo, DEMO_SERVER_URL: ready.url, DEMO_MQTT_URL: ready.mqttUrl, DEMO_API_KEY_FILE: keyFile(home) },
    ...(people ? { DEMO_CREW_FILE: passwordFile(home) } : {}),
  })
  children.push(plant)
  return { url: ready.url, demo: plant }
}

function run(script: string, settings: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [join(root, script)], {
    cwd: root,
    env: { ...process.env, THROUGHLINE_LOG_LEVEL: 'warn', ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
  await gone
  clearTimeout(timer)
}
