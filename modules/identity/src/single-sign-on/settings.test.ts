import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assertClocksAgree, claimAt, wordsOf } from './rules.ts'
import { readSingleSignOnSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-single-sign-on-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const company = {
  name: 'company',
  label: 'Company account',
  issuer: 'https://id.example.com',
  clientId: 'throughline',
  clientSecretFile: file('secret', ' not-for-eyes\n'),
  rolesClaim: 'groups',
  roles: [{ value: 'operators', role: 'operator', node: 'acme/north' }],
}

test('settings are read with the secret that they name', () => {
  const read = readSingleSignOnSettings(
    file('good.json', { publicUrl: 'https://plant.example.com/', providers: [company] }),
  )
  expect(read).toMatchObject({ publicUrl: 'https://plant.example.com', mostPerMinute: 60 })
  expect(read.providers[0]).toMatchObject({ clientSecret: 'not-for-eyes', scope: 'openid profile' })
})

test.each<[string, unknown, RegExp]>([
  ['a file that is no JSON', 'providers:', /bad\.json/],
  ['no provider', { providers: [] }, /providers/],
  ['a provider in the open', { providers: [{ ...company, issuer: 'http://id.example.com' }] }, /https/],
  [
    'a role that only software holds',
    { providers: [{ ...company, roles: [{ value: 'x', role: 'edge-agent' }] }] },
    /roles/,
  ],
  ['a misspelt field', { providers: [{ ...company, clientID: 'x' }] }, /clientID/],
  ['two of one name', { providers: [company, company] }, /two providers are called company/],
  ['a secret that is not there', { providers: [{ ...company, clientSecretFile: join(folder, 'gone') }] }, /gone/],
])('[SR-3.5] %s is refused by name', (_, content, words) => {
  expect(() => readSingleSignOnSettings(file('bad.json', content))).toThrow(words)
})

test('roles are found in a list, in a text, and inside an object', () => {
  expect([...wordsOf(['a', 7, 'b'])]).toEqual(['a', 'b'])
  expect([...wordsOf('plant users')]).toEqual(['plant users', 'plant', 'users'])
  expect(wordsOf(undefined).size).toBe(0)
  expect(claimAt({ realm_access: { roles: ['x'] } }, 'realm_access.roles')).toEqual(['x'])
  expect(claimAt({ 'https://x/roles': ['y'] }, 'https://x/roles')).toEqual(['y'])
  expect(claimAt({ a: { b: 1 } }, 'a.__proto__')).toBeUndefined()
})

test('clocks that differ by a minute agree, and by more do not', () => {
  const now = 1_800_000_000_000_000 as Parameters<typeof assertClocksAgree>[2]
  for (const seconds of [-60, 0, 60]) assertClocksAgree('X', 1_800_000_000 + seconds, now)
  expect(() => assertClocksAgree('X', 1_800_000_061, now)).toThrow('61 s behind that of X')
  expect(() => assertClocksAgree('X', 1_799_999_939, now)).toThrow('61 s ahead of that of X')
})
