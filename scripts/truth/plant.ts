import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { createClient } from '@throughline/model'
import { z } from 'zod'
import type { Truth } from './records.ts'
import { readTruth } from './records.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The back-fill's own account may read. */
const keyFile = (home: string): string => join(home, 'keys/demo-backfill.key')

/** A plant with its demo plant, as the comparison sees it. */
export interface ComparedPlant {
  readonly client: Client
  truth(): Truth
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
}

/** @throws DomainError when the plant cannot be reached or does not start */
export async function openPlant({ home: given, url, days, holdKept }: PlantWanted): Promise<ComparedPlant> {
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
    const { url: own, demo } = await start(home, { days, holdKept }, children)
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
  const headers = { authorization: `Bearer ${readFileSync(keyFile(home), 'utf8').trim()}` }
  return {
    client: createClient({ baseUrl, headers }),
    truth: () => readTruth(join(home, 'demo-plant/truth.jsonl')),
    reconnect,
    close,
  }
}

/** Server and demo plant, without an edge agent: the past comes first, so that alarms judge it in its order. */
async function start(
  home: string,
  { days, holdKept }: Pick<PlantWanted, 'days' | 'holdKept'>,
  children: ChildProcess[],
): Promise<{ url: string; demo: ChildProcess }> {
  const folder = join(home, 'demo-plant')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const demo = {
    ...{ THROUGHLINE_HOME: home, DEMO_OPCUA_PORT: '0', DEMO_MODBUS_PORT: '0', DEMO_MTCONNECT_PORT: '0' },
    DEMO_BACKFILL_DAYS: String(days),
    DEMO_HOLD_KEPT: holdKept ? '1' : '0',
  }
  const env = { ...process.env, ...demo }
  const printed = execFileSync(process.execPath, [join(root, 'apps/demo-plant/src/print-plant.ts')], { env })
  const { model, setup } = z.object({ model: z.unknown(), setup: z.unknown() }).parse(JSON.parse(printed.toString()))
  const files = { THROUGHLINE_MODEL: join(folder, 'truth-model.json'), THROUGHLINE_SETUP: join(folder, 'setup.json') }
  writeFileSync(files.THROUGHLINE_MODEL, JSON.stringify(model))
  writeFileSync(files.THROUGHLINE_SETUP, JSON.stringify(setup))
  const server = run('apps/server/src/main.ts', {
    ...{ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0', THROUGHLINE_DEMO: '1', ...files },
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
