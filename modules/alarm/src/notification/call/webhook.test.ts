import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Receiver } from '../testing/receiver.ts'
import { openReceiver } from '../testing/receiver.ts'
import { postWebhook } from './webhook.ts'
import { assertWebhookAddress, isRefusedAddress } from './webhook-address.ts'

let receiver: Receiver
beforeAll(async () => {
  receiver = await openReceiver()
})
afterAll(() => receiver.close())

const post = (changes: { url?: string; allowLocal?: boolean; timeoutMs?: number } = {}) => {
  const { url = receiver.url, ...options } = changes
  return postWebhook(url, 'call 1', { alarm: 'A' }, { allowLocal: true, ...options })
}

test('a webhook gets the call as JSON, with the key by which it can tell a repetition', async () => {
  receiver.status = 200
  expect(await post()).toEqual({ isDone: true })
  expect(receiver.posts.at(-1)).toEqual({ path: '/alarms', key: 'call 1', body: { alarm: 'A' } })
})

test.each([
  [503, true],
  [429, true],
  [408, true],
  [404, false],
  [400, false],
])('answered %i, another attempt makes sense: %s', async (status, mayRepeat) => {
  receiver.status = status
  expect(await post()).toEqual({ isDone: false, fault: `answered ${status}`, mayRepeat })
})

test.each([301, 302, 307, 308])('a redirect (%i) is not followed', async (status) => {
  receiver.status = status
  const before = receiver.posts.length
  expect(await post()).toMatchObject({
    isDone: false,
    mayRepeat: false,
    fault: expect.stringContaining('not followed'),
  })
  expect(receiver.posts.slice(before).map(({ path }) => path)).toEqual(['/alarms'])
})

test('a receiver that never answers is given up, and may be asked again', async () => {
  receiver.status = null
  expect(await post({ timeoutMs: 50 })).toEqual({ isDone: false, fault: 'no answer within 0.05 s', mayRepeat: true })
})

test('a receiver that is not there may be asked again', async () => {
  const gone = await openReceiver()
  await gone.close()
  expect(await post({ url: gone.url })).toMatchObject({ isDone: false, mayRepeat: true })
})

describe('the server cannot be made to call itself or its own link', () => {
  test.each([
    '127.0.0.1',
    '127.1.2.3',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    'ff02::1',
  ])('%s is refused', (address) => {
    expect(isRefusedAddress(address)).toBe(true)
    const host = address.includes(':') ? `[${address}]` : address
    expect(() => assertWebhookAddress(`http://${host}/`, false)).toThrow('leads to this server itself')
    expect(() => assertWebhookAddress(`http://${host}/`, true)).not.toThrow()
  })

  test.each(['http://2130706433/', 'http://0x7f000001/', 'http://127.1/'])(
    '%s is 127.0.0.1 written otherwise',
    (url) => {
      expect(() => assertWebhookAddress(url, false)).toThrow('leads to this server itself')
    },
  )

  test.each(['10.1.2.3', '192.168.0.9', '172.16.0.1', '203.0.113.7', 'fd00::7'])(
    '%s is a neighbour and may be called',
    (address) => {
      expect(isRefusedAddress(address)).toBe(false)
    },
  )

  test('a name that leads there is refused when it is called, and nothing arrives', async () => {
    receiver.status = 200
    const before = receiver.posts.length
    const url = receiver.url.replace('127.0.0.1', 'localhost')
    expect(await post({ url, allowLocal: false })).toMatchObject({
      isDone: false,
      mayRepeat: false,
      fault: expect.stringMatching(/localhost leads to (127\.0\.0\.1|::1), which is refused/),
    })
    expect(receiver.posts).toHaveLength(before)
  })

  test('only http and https, and no password in the address', () => {
    expect(() => assertWebhookAddress('ftp://pager.example/', false)).toThrow('neither https nor http')
    expect(() => assertWebhookAddress('https://me:secret@pager.example/', false)).toThrow('holds a password')
  })
})
