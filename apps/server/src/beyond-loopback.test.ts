import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { get as getPlain } from 'node:http'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@throughline/kernel'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import type { Plant } from './plant.ts'
import { startPlant } from './plant.ts'

/** Reaches this machine alone, and is no name that the server knows for it: as far as it can tell, others may call. */
const unknownName = '127.1'
const home = mkdtempSync(join(tmpdir(), 'throughline-beyond-'))
let plant: Plant
beforeAll(async () => {
  const config = readConfig({ THROUGHLINE_HOME: home, THROUGHLINE_PORT: '0', THROUGHLINE_MQTT_PORT: '0' })
  plant = await startPlant({ ...config, host: unknownName }, '0.0.0', systemClock, pino({ level: 'silent' }))
}, 120_000)
afterAll(async () => {
  await plant.stop()
  rmSync(home, { recursive: true, force: true })
})

const answerOf = (ask: typeof get, url: string, options: { ca?: Buffer } = {}): Promise<IncomingMessage> =>
  new Promise((settle, fail) => {
    ask(url, { agent: false, ...options }, (answer) => {
      answer.resume()
      settle(answer)
    }).once('error', fail)
  })

test('[P11-30!, SR-4.1-RE1!] beyond loopback the server answers over TLS, with its own certificate, and to nobody without', async () => {
  const { port } = new URL(plant.url)
  const ca = readFileSync(join(home, 'tls', 'server.crt'))
  expect(plant.url).toMatch(/^https:/)
  const answer = await answerOf(get, `https://127.0.0.1:${port}/api/openapi.json`, { ca })
  expect(answer.statusCode).toBe(200)
  await expect(answerOf(get, `https://127.0.0.1:${port}/api/openapi.json`)).rejects.toThrow()
  await expect(answerOf(getPlain as typeof get, `http://127.0.0.1:${port}/api/openapi.json`)).rejects.toThrow()
})
