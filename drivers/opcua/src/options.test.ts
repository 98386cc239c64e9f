import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('an endpoint alone is enough, and the usual port goes without saying', () => {
  expect(parseOptions('opc.tcp://plc-7/Server', {})).toEqual({
    endpointUrl: 'opc.tcp://plc-7:4840/Server',
    securityMode: 'None',
    securityPolicy: 'Basic256Sha256',
    user: null,
    timeoutMs: 5000,
    publishingMs: 50,
    queueSize: 100,
    retellMs: 2000,
    alarms: false,
  })
})

test.each(['', 'plc-7:4840', 'http://plc-7:4840', 'opc.tcp://', 'opc.tcp://plc-7:99999'])(
  'the endpoint "%s" is refused',
  (endpoint) => {
    expect(() => parseOptions(endpoint, {})).toThrow(
      expect.objectContaining({ kind: 'invalid', code: 'opcua.endpoint-invalid' }),
    )
  },
)

test('a password in the endpoint is refused, and the refusal does not repeat it', () => {
  expect(() => parseOptions('opc.tcp://ada:secret@plc-7:4840', {})).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.not.stringContaining('secret') }),
  )
})

test.each([
  [{ securitymode: 'Sign' }, 'option securitymode'],
  [{ securityMode: 'sign' }, 'option securityMode'],
  [{ securityPolicy: 'Basic256Sha256' }, 'option securityPolicy'],
  [{ securityMode: 'Sign', securityPolicy: 'Basic128Rsa15' }, 'option securityPolicy'],
  [{ publishingMs: 1000 }, 'option publishingMs'],
  [{ queueSize: 0 }, 'option queueSize'],
  [{ timeoutMs: '5 s' }, 'option timeoutMs'],
  [{ retellMs: 1.5 }, 'option retellMs'],
  [{ username: 'ada' }, 'option username'],
  [{ passwordFile: '/run/secrets/plc' }, 'option passwordFile'],
  [{ securityMode: 'Sign', username: 7, passwordFile: 'p' }, 'option username'],
])('%j is refused, and the refusal names the option', (given, named) => {
  expect(() => parseOptions('opc.tcp://plc-7', given as Record<string, string | number>)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(named) }),
  )
})

test('[UA-1] [SR-4.1!] a password never goes over a connection that proves nobody who they are', () => {
  expect(() => parseOptions('opc.tcp://plc-7', { username: 'ada', passwordFile: 'p' })).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('securityMode Sign') }),
  )
})
