import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without any setting the agent serves the plant on this machine', () => {
  expect(readConfig({})).toEqual({
    agent: 'edge-1',
    homeDir: '.throughline/edge/edge-1',
    serverUrl: 'http://127.0.0.1:8080',
    mqttUrl: 'mqtt://127.0.0.1:1883',
    apiKeyFile: '.throughline/keys/edge-1.key',
    bufferMaxBytes: 4096 * 1024 ** 2,
  })
})

test('every wrong setting is named at once', () => {
  const wrong = { EDGE_AGENT: 'a/b', EDGE_SERVER_URL: 'nonsense', EDGE_MQTT_URL: 'http://x', EDGE_BUFFER_MB: '-1' }
  for (const name of Object.keys(wrong)) expect(() => readConfig(wrong)).toThrow(name)
})

const keyFile = '.throughline/keys/edge-1.key'

test('told to publish by Sparkplug to its own broker, the agent does so as itself', () => {
  const url = 'mqtt://127.0.0.1:1883'
  const own = { url, group: 'Throughline', node: 'edge-1', username: 'edge-1', passwordFile: keyFile }
  expect(readConfig({ EDGE_SPARKPLUG_URL: url }).sparkplug).toEqual(own)
  expect(readConfig({ EDGE_SPARKPLUG_URL: url, EDGE_AGENT: 'box' }).sparkplug).toMatchObject({ node: 'box' })
})

test('another broker is never shown the key of the agent', () => {
  const another = { EDGE_SPARKPLUG_URL: 'mqtts://broker.example:8883' }
  expect(readConfig(another).sparkplug).toMatchObject({ username: null, passwordFile: null })
  const account = { EDGE_SPARKPLUG_USERNAME: 'teller', EDGE_SPARKPLUG_PASSWORD_FILE: '/run/password' }
  const ids = { EDGE_SPARKPLUG_GROUP: 'Aurora Plant', EDGE_SPARKPLUG_NODE: 'Box 1' }
  expect(readConfig({ ...another, ...account, ...ids }).sparkplug).toEqual({
    url: 'mqtts://broker.example:8883',
    group: 'Aurora Plant',
    node: 'Box 1',
    username: 'teller',
    passwordFile: '/run/password',
  })
})

test.each([
  ['EDGE_SPARKPLUG_URL', { EDGE_SPARKPLUG_URL: 'http://broker' }],
  ['EDGE_SPARKPLUG_GROUP', { EDGE_SPARKPLUG_GROUP: 'a/b' }],
  ['EDGE_SPARKPLUG_NODE', { EDGE_SPARKPLUG_NODE: '' }],
  ['EDGE_SPARKPLUG_USERNAME', { EDGE_SPARKPLUG_URL: 'mqtt://broker', EDGE_SPARKPLUG_PASSWORD_FILE: '/x' }],
])('a wrong %s is named', (name, environment) => {
  expect(() => readConfig(environment)).toThrow(name)
})

test('a password in the URL is refused without being repeated', () => {
  const read = () => readConfig({ EDGE_SPARKPLUG_URL: 'mqtt://teller:hush@broker' })
  expect(read).toThrow(/EDGE_SPARKPLUG_URL.*EDGE_SPARKPLUG_PASSWORD_FILE/)
  expect(read).not.toThrow(/hush/)
})
