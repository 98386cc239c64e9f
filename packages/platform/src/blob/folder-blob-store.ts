import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import type { BlobStore } from './blob-store.ts'

const sha256 = /^[0-9a-f]{64}$/
const underWay = 'put-'

/**
 * A `BlobStore` in a folder, which is made when it is missing: `<first two digits>/<SHA-256>`. A file appears under its
 * name once it is whole and on the disk; what a crash left half written is removed here.
 */
export async function folderBlobStore(dir: string): Promise<BlobStore> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const left = (await readdir(dir)).filter((name) => name.startsWith(underWay))
  await Promise.all(left.map((name) => rm(join(dir, name), { force: true })))
  const pathOf = (hash: string): string => join(dir, hash.slice(0, 2), hash)
  return {
    async put(bytes) {
      const hash = hashOf(bytes)
      const path = pathOf(hash)
      if (await isThere(path)) return hash
      const temporary = join(dir, `${underWay}${randomUUID()}`)
      try {
        await writeDurably(temporary, bytes)
        if ((await mkdir(dirname(path), { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dir)
        await rename(temporary, path)
        await syncFolder(dirname(path))
      } catch (error) {
        // Why it could not be kept matters more than what is left, which the next start removes.
        await rm(temporary, { force: true }).catch(() => {})
        throw unwritable(dir, error)
      }
      return hash
    },
    async get(hash) {
      if (!sha256.test(hash)) return undefined
      const bytes = await readFile(pathOf(hash)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (bytes === undefined || hashOf(bytes) === hash) return bytes
      throw new DomainError(
        'defect',
        'platform.blob-damaged',
        `The file ${hash} is no longer what was put there: restore it from a backup`,
        { hash },
      )
    },
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const isThere = async (path: string): Promise<boolean> =>
  await access(path, constants.R_OK).then(
    () => true,
    () => false,
  )

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A name is durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const unwritable = (dir: string, error: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'platform.blob-unwritable',
    `The file could not be kept: look whether ${dir} may be written and has room`,
    {},
    error,
  )
