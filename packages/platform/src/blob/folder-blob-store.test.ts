import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folderBlobStore } from './folder-blob-store.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'throughline-blob-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const bytes = Buffer.from('a picture of a jam')
const hash = createHash('sha256').update(bytes).digest('hex')
const filesIn = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter((each) => each.isFile()).map(({ name }) => name)

test('what is put is got again by its SHA-256, and the same bytes are kept once', async () => {
  const store = await folderBlobStore(join(home, 'once'))
  expect(await Promise.all([store.put(bytes), store.put(bytes), store.put(bytes)])).toEqual([hash, hash, hash])
  expect(await store.put(bytes)).toBe(hash)
  expect(Buffer.from((await store.get(hash)) ?? [])).toEqual(bytes)
  expect(await filesIn(join(home, 'once'))).toEqual([hash])
})

test('what is not there is undefined, and no name leads out of the folder', async () => {
  const store = await folderBlobStore(join(home, 'none'))
  await writeFile(join(home, 'secret'), 'no')
  for (const name of [hash, '', '../secret', `../${hash}`, hash.toUpperCase()]) {
    expect(await store.get(name), name).toBeUndefined()
  }
})

test('a file that is no longer what was put is told, never handed out', async () => {
  const dir = join(home, 'damaged')
  const store = await folderBlobStore(dir)
  await store.put(bytes)
  await writeFile(join(dir, hash.slice(0, 2), hash), 'a picture of nothing')
  await expect(store.get(hash)).rejects.toMatchObject({ kind: 'defect', code: 'platform.blob-damaged' })
})

test('[AL-Enduring] what a crash left half written is gone at the next start, and what was kept stays', async () => {
  const dir = join(home, 'crashed')
  await (await folderBlobStore(dir)).put(bytes)
  await writeFile(join(dir, 'put-half'), 'a pict')
  const again = await folderBlobStore(dir)
  expect(await filesIn(dir)).toEqual([hash])
  expect(await again.get(hash)).toEqual(await readFile(join(dir, hash.slice(0, 2), hash)))
})

test('where nothing can be written the refusal says where to look', async () => {
  const dir = join(home, 'full')
  const store = await folderBlobStore(dir)
  await rm(dir, { recursive: true })
  await writeFile(dir, 'in the way')
  await expect(store.put(bytes)).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'platform.blob-unwritable',
    message: expect.stringContaining(dir),
  })
})
