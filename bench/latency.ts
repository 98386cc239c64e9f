import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumOptions } from '../e2e/browser.ts'
import { benchModel, percentile, startPlantUnderTest } from './plant-under-test.ts'

const machines = 10
const perMachine = 50
const changesPerSecond = 5000
const watched = 200
const warmUpMs = 8000
const measureMs = 20_000

interface PageResult {
  readonly latencies: number[]
  readonly readings: number
}

/**
 * From a change in an OPC UA server to a browser's next painted frame, at 5,000 changes a second: server, edge agent,
 * device and Chromium are processes of their own; the page watches 200 of the 500 tags over its one WebSocket.
 */
export async function latency(): Promise<{ p50Ms: number; p99Ms: number; valuesPerSecond: number }> {
  const device = fork(
    new URL('./latency-device.ts', import.meta.url),
    [machines, perMachine, changesPerSecond].map(String),
  )
  const { endpoint } = await new Promise<{ endpoint: string }>((resolve) =>
    device.once('message', (message) => resolve(message as never)),
  )
  const connection = { name: 'bench', agent: 'edge-1', driver: 'opcua', endpoint, options: {} } as const
  const plant = await startPlantUnderTest(benchModel(machines, perMachine, connection))
  const keyFile = join(plant.home, 'edge-1.key')
  writeFileSync(keyFile, plant.agentKey, { mode: 0o600 })
  const edge = fork(fileURLToPath(new URL('../apps/edge-agent/src/main.ts', import.meta.url)), [], {
    env: {
      ...process.env,
      THROUGHLINE_HOME: plant.home,
      EDGE_AGENT: 'edge-1',
      EDGE_SERVER_URL: plant.url,
      EDGE_MQTT_URL: plant.mqttUrl,
      EDGE_API_KEY_FILE: keyFile,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const browser = await chromium.launch(chromiumOptions)
  try {
    const page = await browser.newPage()
    await page.goto(`${plant.url}/health`)
    await page.evaluate(signIn, plant.password)
    console.error(`watching ${watched} of ${machines * perMachine} tags at ${changesPerSecond} changes a second`)
    const result = await page.evaluate(watch, { tags: plant.tagIds.slice(0, watched), warmUpMs, measureMs })
    const sorted = result.latencies.sort((a, b) => a - b)
    if (sorted.length === 0) throw new Error('the page saw no value: look at the edge agent')
    return {
      p50Ms: Math.round(percentile(sorted, 0.5)),
      p99Ms: Math.round(percentile(sorted, 0.99)),
      valuesPerSecond: Math.round((result.readings / (measureMs / 1000)) * ((machines * perMachine) / watched)),
    }
  } finally {
    await browser.close()
    await stopChild(edge)
    await plant.stop()
    await stopChild(device)
    await delay(10)
  }
}

/** Runs in the page. */
async function signIn(password: string): Promise<void> {
  const answer = await fetch('/api/identity.session.open', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ name: 'admin', password }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Runs in the page: the age of every reading at the frame that paints it. */
function watch(options: { tags: readonly string[]; warmUpMs: number; measureMs: number }): Promise<PageResult> {
  return new Promise((resolve) => {
    const latencies: number[] = []
    let readings = 0
    let arrived: number[] = []
    let began = Number.POSITIVE_INFINITY
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live`)
    socket.onopen = () => socket.send(JSON.stringify({ type: 'watch', tags: options.tags }))
    socket.onmessage = (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as { readings: [string, number, number, number][] }
      for (const [, , value] of frame.readings) if (typeof value === 'number' && value > 1e12) arrived.push(value)
    }
    const paint = (): void => {
      const now = Date.now()
      if (now >= began) {
        readings += arrived.length
        for (const changedAt of arrived) latencies.push(now - changedAt)
      }
      arrived = []
      if (now < began + options.measureMs) requestAnimationFrame(paint)
      else resolve({ latencies, readings })
    }
    began = Date.now() + options.warmUpMs
    requestAnimationFrame(paint)
  })
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(hard)
}
