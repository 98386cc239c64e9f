import { copyFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DroppedFile } from './drop-scan.ts'
import { makeFolder } from './make-folder.ts'

/** Puts a file aside as it is, with a note beside it that says why; answers its new path. */
export async function putAside(dir: string, file: DroppedFile, at: string, why: string): Promise<string> {
  await makeFolder(dir)
  const stamp = at.replaceAll(/[^0-9]/g, '').slice(0, 20)
  const path = join(dir, `${stamp}-${basename(file.name)}`)
  const note = [`File:    ${file.name}`, `Refused: ${at}`, `Why:     ${why}`, '', 'Mend it and drop it again.', '']
  await writeFile(`${path}.why.txt`, note.join('\n'), { mode: 0o600, flush: true })
  await rename(file.path, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error
    await copyFile(file.path, path)
    await rm(file.path)
  })
  return path
}
