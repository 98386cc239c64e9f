import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without any setting the agent serves the plant on this machine', () => {
  expect(readConfig({})).toEqual({
    agent: 'edge-1',
    homeDir: '.throughline/edge/edge-1',
    serverUrl: 'http://127.0.0.1:3000',
    mqttUrl: 'mqtt://127.0.0.1:1883',
    apiKeyFile: '.throughline/keys/edge-1.key',
    bufferMaxBytes: 4096 * 1024 ** 2,
  })
})

test('every wrong setting is named at once', () => {
  const wrong = { EDGE_AGENT: 'a/b', EDGE_SERVER_URL: 'nonsense', EDGE_MQTT_URL: 'http://x', EDGE_BUFFER_MB: '-1' }
  for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(name)
})
