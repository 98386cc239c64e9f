import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { allGroups, isAccountDisabled, normalDn } from './rules.ts'
import { readDirectorySettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-directory-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const good = {
  name: 'plant',
  label: 'Plant directory',
  url: 'ldaps://ad.example.com',
  bindDn: 'cn=search,dc=example',
  bindPasswordFile: file('password', 'hush\n'),
  base: 'dc=example',
  groups: { by: 'memberOf' },
  roles: [{ value: 'cn=operators,dc=example', role: 'operator' }],
}

test('settings are read with the password that they name', () => {
  const read = readDirectorySettings(file('good.json', good))
  expect(read).toMatchObject({ bindPassword: 'hush', nameAttribute: 'uid', timeoutMs: 5000, ca: null })
})

test.each<[string, unknown, RegExp]>([
  ['a directory in the open', { ...good, url: 'ldap://ad.example.com' }, /in the open/],
  ['an empty password for searching', { ...good, bindPasswordFile: file('empty', ' \n') }, /it is empty/],
  ['an attribute that is a filter', { ...good, nameAttribute: 'uid)(x=*' }, /nameAttribute/],
  ['a password in the settings themselves', { ...good, bindPassword: 'x' }, /bindPassword/],
  ['a certificate that is not there', { ...good, caFile: join(folder, 'gone.pem') }, /gone\.pem/],
])('[SR-3.5, SR-4.1] %s is refused by name', (_, content, words) => {
  expect(() => readDirectorySettings(file('bad.json', content))).toThrow(words)
})

test('plain LDAP is for loopback, or after STARTTLS', () => {
  for (const more of [{ url: 'ldap://127.0.0.1:389' }, { url: 'ldap://ad.example.com', startTls: true }]) {
    expect(readDirectorySettings(file('fine.json', { ...good, ...more })).url).toBe(more.url)
  }
})

test('a group is the same however its name is written', () => {
  expect(normalDn('CN=Operators , OU=Groups,dc=Example')).toBe('cn=operators,ou=groups,dc=example')
  expect(normalDn('cn=a\\, b,dc=x')).not.toBe(normalDn('cn=a\\,b,dc=x'))
})

test.each([
  [undefined, false],
  ['512', false],
  ['514', true],
  ['66050', true],
])('userAccountControl %s is disabled: %s', (value, expected) => {
  expect(isAccountDisabled(value)).toBe(expected)
})

test('groups in groups are followed through circles, and not for ever', async () => {
  const above: Record<string, string[]> = { a: ['b'], b: ['c', 'A'], c: [] }
  const found = await allGroups(['a'], async (ring) => ring.flatMap((each) => above[each] ?? []))
  expect([...found]).toEqual(['a', 'b', 'c'])
  let made = 0
  const endless = await allGroups(['g0'], async () => [`g${++made}`])
  expect(endless.size).toBeLessThan(20)
})
