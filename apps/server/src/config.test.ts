import { expect, test } from 'vitest'
import { isLoopback, readConfig } from './config.ts'

test('every setting has a default that runs on one machine with nothing installed', () => {
  expect(readConfig({})).toMatchObject({ port: 8080, host: '127.0.0.1', databaseUrl: null, mqttUrl: null, demo: false })
})

test('all settings that are wrong are named at once', () => {
  const read = () => readConfig({ THROUGHLINE_PORT: '99999', THROUGHLINE_LOG: 'loud' })
  expect(read).toThrow(/THROUGHLINE_PORT/)
  expect(read).toThrow(/THROUGHLINE_LOG/)
})

test('a certificate without its key is refused', () => {
  expect(() => readConfig({ THROUGHLINE_TLS_CERT: 'a.pem' })).toThrow('or neither')
})

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['192.168.1.4', false],
  ['127.example.org', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
