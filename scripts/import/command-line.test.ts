import { expect, test } from 'vitest'
import { readCommandLine } from './command-line.ts'

test('a running plant is named by its address and a key, one to be started by its home', () => {
  const key = { THROUGHLINE_API_KEY: 'tl_key' }
  expect(readCommandLine(['nist-sms', '/data', '--url', 'http://127.0.0.1:8080/', '--account', 'loader'], key)).toEqual(
    {
      ...{ folder: '/data', url: 'http://127.0.0.1:8080', mqttUrl: 'mqtt://127.0.0.1:1883', account: 'loader' },
      ...{ apiKey: 'tl_key', home: expect.stringMatching(/\.throughline$/) },
    },
  )
  expect(readCommandLine(['nist-sms', '/data', '--home', '/plant'], {})).toMatchObject({ url: null, home: '/plant' })
})

test.each([
  [[], 'Say what is imported from where'],
  [['nist-sms'], 'Say what is imported from where'],
  [['other', '/data'], 'Say what is imported from where'],
  [['nist-sms', '/data', '--hom', '/x'], '--hom'],
  [['nist-sms', '/data', '--url', 'plant'], '--url plant is no address'],
  [['nist-sms', '/data', '--url', 'http://127.0.0.1:1'], 'Set THROUGHLINE_API_KEY'],
  [['nist-sms', '/data', '--url', 'http://127.0.0.1:1', '--home', '/x'], 'and not both'],
])('%j is refused in words that say what to give', (argv, words) => {
  expect(() => readCommandLine(argv, {})).toThrow(words)
})
