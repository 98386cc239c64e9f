import { constants } from 'node:fs'
import { copyFile, link, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import type { Anchor, SignedCheckpoint, Witness } from './anchors.ts'

const ending = '.checkpoint'
/** More witnesses than these tell nothing new: each covers everything before it. */
const newestRead = 1000
const othersRead = 1000

/**
 * Drops every checkpoint into a folder as `<size>.checkpoint`, best one that another administrator keeps. A file that is
 * there is never written again, and the folder is never made: a share that is not mounted must not be mistaken for one.
 */
export function fileDrop(folder: string): Anchor {
  return {
    kind: 'file-drop',
    target: folder,
    takes: 'each',
    everyMs: 0,
    async deliver(checkpoints) {
      await assertFolder(folder)
      for (const checkpoint of checkpoints) await drop(folder, checkpoint)
      return null
    },
    witnesses: () => readWitnesses(folder),
  }
}

async function assertFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === true) return
  throw new DomainError(
    'unavailable',
    'platform.anchor-folder-missing',
    `The folder for checkpoints ${folder} is not there: mount or create it`,
    { folder },
  )
}

async function drop(folder: string, { size, note }: SignedCheckpoint): Promise<void> {
  const file = join(folder, `${size}${ending}`)
  const draft = `${file}.new`
  await rm(draft, { force: true })
  const handle = await open(draft, 'wx', 0o644)
  try {
    await handle.writeFile(note)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // Unlike a rename, a link never replaces what is there; some network shares have none.
    await link(draft, file).catch((error: unknown) => {
      if (isExisting(error)) throw error
      return copyFile(draft, file, constants.COPYFILE_EXCL)
    })
  } catch (error) {
    if (!isExisting(error)) throw error
    await assertSame(file, note)
  } finally {
    await rm(draft, { force: true })
  }
}

/** It was dropped before, and only the note of it in the database got lost; or the ledger was set back. */
async function assertSame(file: string, note: string): Promise<void> {
  if ((await readFile(file, 'utf8')) === note) return
  throw new DomainError(
    'conflict',
    'platform.anchor-contradicts',
    `${file} holds another checkpoint of the same size: the ledger was set back, or two ledgers share the folder`,
    { file },
  )
}

const isExisting = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

async function readWitnesses(folder: string): Promise<Witness[]> {
  await assertFolder(folder)
  const sizes = (await readdir(folder))
    .filter((name) => /^\d{1,16}\.checkpoint$/.test(name))
    .map((name) => Number(name.slice(0, -ending.length)))
    .sort((a, b) => a - b)
  const older = sizes.slice(0, -newestRead)
  const step = Math.max(1, Math.ceil(older.length / othersRead))
  const read = [...older.filter((_, i) => i % step === 0), ...sizes.slice(-newestRead)]
  return await Promise.all(
    read.map(async (size) => {
      const name = join(folder, `${size}${ending}`)
      return { name, note: await readFile(name, 'utf8') }
    }),
  )
}
