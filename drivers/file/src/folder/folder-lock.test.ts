import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderLock } from './folder-lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inUse = { kind: 'unavailable', code: 'file.folder-in-use' }

test('a lock that is being written holds; one that a session died over is taken over a minute later', async () => {
  const path = join(folder, 'in-use.lock')
  writeFileSync(path, '')
  await expect(FolderLock.take(folder)).rejects.toMatchObject(inUse)
  const longAgo = new Date(Date.now() - 120_000)
  utimesSync(path, longAgo, longAgo)
  await (await FolderLock.take(folder)).release()
})

test('a lock holds at each moment at which its session says that it lives', async () => {
  const lock = await FolderLock.take(folder)
  let isDone = false
  const touched = (async () => {
    for (let times = 0; times < 300; times += 1) await lock.touch()
    isDone = true
  })()
  while (!isDone) await expect(FolderLock.take(folder)).rejects.toMatchObject(inUse)
  await touched
  await lock.release()
  await (await FolderLock.take(folder)).release()
})
