import { mkdir } from 'node:fs/promises'

/**
 * Makes a folder that may be there, and never the one that it belongs in: a share that went away must not come back as an
 * empty folder of this machine, which would look as if nothing were wrong.
 * @throws NodeJS.ErrnoException `ENOENT` when that one is gone
 */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}
