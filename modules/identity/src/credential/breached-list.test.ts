import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openBreachedList } from './breached-list.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-breached-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex').toUpperCase()

function written(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const stolen = Array.from({ length: 400 }, (_, n) => `stolen password ${n}`)
const sorted = stolen.map(sha1).sort()

describe('[P11-300b, SR-1.7] a list of stolen passwords', () => {
  test.each([
    ['with counts', sorted.map((hash, n) => `${hash}:${10 ** (n % 9)}`).join('\n')],
    ['without counts, in small letters, with the line ends of Windows', `${sorted.join('\r\n').toLowerCase()}\r\n`],
    ['of one line', `${sorted[0]}:3`],
  ])(
    'of sorted hashes %s is searched where it lies: each of its passwords is found and no other',
    async (name, text) => {
      const list = openBreachedList(written(`${name.slice(0, 12)}.txt`, text))
      const listed = stolen.filter((each) => text.toUpperCase().includes(sha1(each)))
      expect(listed.length).toBeGreaterThan(0)
      for (const each of listed) expect(await list.has(each), each).toBe(true)
      for (const other of ['', 'stolen password', 'stolen password 400', 'correct horse battery']) {
        expect(await list.has(other), other).toBe(false)
      }
    },
  )

  test('of plain words is looked up as people type, however the characters are composed', async () => {
    const list = openBreachedList(written('plain.txt', 'letmein please\nbj\u00f6rk likes walks\n'))
    expect(await list.has('letmein please')).toBe(true)
    expect(await list.has('bjo\u0308rk likes walks')).toBe(true)
    expect(await list.has('LETMEIN PLEASE')).toBe(false)
    expect(await list.has('')).toBe(false)
  })

  test('that cannot be read stops the start with its name', () => {
    expect(() => openBreachedList(join(folder, 'missing.txt'))).toThrow(/missing\.txt cannot be used/)
  })

  test('whose lines are no hashes half-way is named instead of answering wrongly', async () => {
    const list = openBreachedList(written('torn.txt', `${sorted[0]}:1\n${`${'x'.repeat(40)}\n`.repeat(50)}`))
    await expect(list.has('correct horse battery')).rejects.toMatchObject({ code: 'identity.breached-list-unusable' })
  })
})
