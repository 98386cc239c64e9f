import { hash } from '@node-rs/argon2'
import { expect, test } from 'vitest'
import { decoyHash, hashPassword, isHashedAsToday, isPasswordOf } from './password.ts'
import { isKeyOf, keyHint, newApiKey, newToken, tokenHash } from './token.ts'

const decoy = decoyHash()

test('[SR-4.3, SR-1.5] a password is kept as argon2id with no less memory, passes and lanes than OWASP asks for', async () => {
  const kept = await hashPassword('correct horse battery')
  const [, memory = '', passes = '', lanes = ''] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(kept) ?? []
  expect(Number(memory)).toBeGreaterThanOrEqual(19_456)
  expect(Number(passes)).toBeGreaterThanOrEqual(2)
  expect(Number(lanes)).toBeGreaterThanOrEqual(1)
  expect(await hashPassword('correct horse battery')).not.toBe(kept)
})

test('[SR-1.1!] the right password is right, any other is wrong, and none is right where there is no hash', async () => {
  const kept = await hashPassword('correct horse battery')
  expect(await isPasswordOf('correct horse battery', kept, decoy)).toBe(true)
  expect(await isPasswordOf('correct horse batterY', kept, decoy)).toBe(false)
  expect(await isPasswordOf('nobody has this password', null, decoy)).toBe(false)
})

test('[SR-4.3!] a hash with weaker parameters than those of today is recognised', async () => {
  expect(isHashedAsToday(decoy)).toBe(true)
  expect(isHashedAsToday(await hash('correct horse battery', { memoryCost: 8192, timeCost: 1 }))).toBe(false)
})

test('[SR-3.8-RE2, SR-4.3] tokens hold 256 bits, and no two are the same', () => {
  expect(Buffer.from(newToken(), 'base64url')).toHaveLength(32)
  expect(new Set(Array.from({ length: 1000 }, newToken)).size).toBe(1000)
})

test('a key is recognised by its prefix, found by its hint and proved by its whole', () => {
  const key = newApiKey()
  expect(key.startsWith('tl_')).toBe(true)
  expect(key.startsWith(keyHint(key))).toBe(true)
  expect(keyHint(key)).toHaveLength(15)
  expect(isKeyOf(key, tokenHash(key))).toBe(true)
  expect(isKeyOf(`${key} `, tokenHash(key))).toBe(false)
})
