import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@throughline/kernel'

export const root = fileURLToPath(new URL('../..', import.meta.url))
export const pagesDir = join(root, 'apps/web/dist')

/** All that the pages are built from. */
const sources = ['apps/web', 'apps/verify', 'packages/ui', 'packages/model', 'packages/kernel', 'package-lock.json']

/** Builds the web app unless it was built from exactly these sources. @throws DomainError when the build fails */
export async function buildPagesIfStale(): Promise<void> {
  const stamp = join(pagesDir, '.built-from')
  const hash = hashOf(sources)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  console.log('Building the pages (once after each change) …')
  await run(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    join(root, 'apps/web'),
  )
  // The checker's page is for taking away: it works from a file, and the server's own pages refuse its inline script.
  await run(process.execPath, ['build.ts'], join(root, 'apps/verify'))
  const offline = 'throughline-verify.html'
  mkdirSync(join(pagesDir, 'verify'), { recursive: true })
  copyFileSync(join(root, 'apps/verify/dist', offline), join(pagesDir, 'verify', offline))
  writeFileSync(stamp, hash)
}

/** A hash of all files below these paths, names included: what something was made from. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) addTo(hash, join(root, path))
  return hash.digest('hex')
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const entries = path.endsWith('.json') ? null : readdirSync(path, { withFileTypes: true })
  if (entries === null) {
    hash.update(readFileSync(path))
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue
    const inside = join(path, entry.name)
    hash.update(inside.slice(root.length))
    if (entry.isDirectory()) addTo(hash, inside)
    else hash.update(readFileSync(inside))
  }
}

/** Runs a program to its end, its output going to the console. @throws DomainError when it fails */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: 'inherit' })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) {
    throw new DomainError(
      'unavailable',
      'start.command-failed',
      `${command} ${args.join(' ')} failed: see the lines above`,
    )
  }
}
