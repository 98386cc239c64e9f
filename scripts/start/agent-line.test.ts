import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from '@throughline/broker'
import { connectAsync } from 'mqtt'
import { afterAll, expect, test, vi } from 'vitest'
import { cutAgentLine, openAgentLine } from './agent-line.ts'

const home = mkdtempSync(join(tmpdir(), 'throughline-line-'))
afterAll(() => rmSync(home, { recursive: true }))

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 20_000, interval: 20 })

test('an agent cut off from the broker is told as gone, and what it kept arrives when its line is whole again', async () => {
  expect(() => cutAgentLine(home, 5)).toThrow('No plant with simulated machines runs in')
  const rights = { publish: ['#'], subscribe: ['#'] }
  const broker = await startBroker({ port: 0, folder: null, authenticate: async () => rights, onFault: () => {} })
  const said: string[] = []
  const line = await openAgentLine(home, `mqtt://127.0.0.1:${broker.port}`, (text) => said.push(text))
  if (line === null) throw new Error('there is no line')
  const account = { username: 'x', password: 'x' }
  const server = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, account)
  const heard: string[] = []
  server.on('message', (_topic, payload) => heard.push(String(payload)))
  await server.subscribeAsync('agent/#', { qos: 1 })
  const will = { topic: 'agent/state', payload: Buffer.from('gone'), qos: 1 as const }
  const agent = await connectAsync(line.url, { ...account, will, reconnectPeriod: 100 })
  agent.on('error', () => {})
  await agent.publishAsync('agent/samples', 'before', { qos: 1 })
  await until(() => expect(heard).toEqual(['before']))

  cutAgentLine(home, 25)
  await until(() => expect(heard).toEqual(['before', 'gone']))
  const kept = agent.publishAsync('agent/samples', 'kept', { qos: 1 })
  expect(said).toMatchObject([expect.stringContaining('cut off from the broker until')])
  cutAgentLine(home, 0)
  await kept
  await until(() => expect(heard).toEqual(['before', 'gone', 'kept']))

  // Mended by time alone.
  cutAgentLine(home, 0.015)
  await until(() => expect(said).toHaveLength(4))
  await agent.publishAsync('agent/samples', 'after', { qos: 1 })
  await until(() => expect(heard.at(-1)).toBe('after'))

  await agent.endAsync(true)
  await server.endAsync(true)
  await line.close()
  await broker.close()
  expect(() => cutAgentLine(home, 5)).toThrow('No plant with simulated machines runs in')
  expect(await openAgentLine(home, 'mqtts://broker.example:8883')).toBeNull()
})
