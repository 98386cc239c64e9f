import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readOrMakeKey } from './key-file.ts'
import { sealWith } from './seal.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-seal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what was sealed is read again, and looks different each time', () => {
  const sealer = sealWith(randomBytes(32))
  const [one, two] = [sealer.seal('JBSWY3DPEHPK3PXP'), sealer.seal('JBSWY3DPEHPK3PXP')]
  expect(one).not.toBe(two)
  expect(one).not.toContain('JBSWY3DPEHPK3PXP')
  expect([sealer.open(one), sealer.open(two)]).toEqual(['JBSWY3DPEHPK3PXP', 'JBSWY3DPEHPK3PXP'])
})

test('what was sealed with another key, altered or cut short is refused', () => {
  const sealer = sealWith(randomBytes(32))
  const sealed = sealer.seal('a secret')
  const altered = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  for (const wrong of [altered, sealed.slice(0, 20), '', 'v2.abc', sealWith(randomBytes(32)).seal('a secret')]) {
    expect(() => sealer.open(wrong), wrong).toThrow('sealed secret cannot be read')
  }
})

test('[SR-1.5] the key is made at the first start, for its owner alone, and read at the next', () => {
  const file = join(folder, 'keys', 'identity.key')
  const made = readOrMakeKey(file)
  expect(made).toHaveLength(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8').trim()).toBe(made.toString('hex'))
  expect(readOrMakeKey(file)).toEqual(made)
  expect(readOrMakeKey(undefined)).not.toEqual(readOrMakeKey(undefined))
})

test('a key file that holds something else stops the start instead of being replaced', () => {
  const file = join(folder, 'broken.key')
  writeFileSync(file, 'not a key')
  expect(() => readOrMakeKey(file)).toThrow(/broken\.key cannot be used/)
  expect(readFileSync(file, 'utf8')).toBe('not a key')
})
