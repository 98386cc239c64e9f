import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Archive, hashOf } from './archive.ts'
import { makeFolder } from './make-folder.ts'
import { putAside } from './refuse.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'throughline-folder-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

test('a folder is made for its owner alone, and may be there already', async () => {
  const path = join(home, 'refused')
  await makeFolder(path)
  await makeFolder(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
})

test('a share that went away is not made anew by what was still to be kept or put aside on it', async () => {
  const drop = join(home, 'drop')
  const archive = await Archive.open(join(drop, 'archive'))
  const bytes = new TextEncoder().encode('run,value\n1,2\n')
  renameSync(drop, join(home, 'away'))
  await expect(archive.keep(hashOf(bytes), bytes)).rejects.toMatchObject({ code: 'ENOENT' })
  const file = { name: 'a.csv', path: join(drop, 'a.csv'), size: 1, modifiedMs: 0 }
  await expect(putAside(join(drop, 'refused'), file, '2026-11-22', 'unreadable')).rejects.toMatchObject({
    code: 'ENOENT',
  })
  expect(existsSync(drop)).toBe(false)
})
