import type { ChildProcess } from 'node:child_process'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import type { Launcher } from './launch.ts'

/** The database user of the embedded server. Only the owner of the home reaches its socket, so there is no password. */
export const superuser = 'throughline'

/** What `postmaster.pid` says about the server that holds a cluster. */
export interface Postmaster {
  readonly pid: number
  readonly status: string
}

/**
 * Makes the cluster folder unless it is there. A crash in between leaves no half-made cluster: it appears by renaming.
 * @throws DomainError `unavailable` when initdb fails, or the cluster belongs to another version of PostgreSQL
 */
export async function prepareCluster(
  dataDir: string,
  cluster: string,
  binaries: string,
  launcher: Launcher,
): Promise<void> {
  if (existsSync(join(cluster, 'PG_VERSION'))) {
    assertSameVersion(cluster, binaries)
    return
  }
  for (const entry of readdirSync(dataDir)) {
    if (entry.startsWith('cluster.new')) rmSync(join(dataDir, entry), { recursive: true, force: true })
  }
  const made = `${cluster}.new-${process.pid}`
  mkdirSync(made, { mode: 0o700 })
  launcher.own(made)
  // The C locale sorts by code point: the same order on every machine, whatever its libraries.
  const args = ['-D', made, '-U', superuser, '--auth=trust', '--encoding=UTF8', '--no-locale', '--data-checksums']
  const { code, output } = await finished(launcher.start(join(binaries, 'initdb'), args, true))
  if (code !== 0) {
    rmSync(made, { recursive: true, force: true })
    throw new DomainError(
      'unavailable',
      'platform.postgres-init-failed',
      `The database could not be created in ${dataDir}: ${lastLine(output)}`,
      { output },
    )
  }
  renameSync(made, cluster)
}

function assertSameVersion(cluster: string, binaries: string): void {
  const made = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  const here = majorVersion(binaries)
  if (made === here) return
  throw new DomainError(
    'unavailable',
    'platform.postgres-version-differs',
    `The database in ${cluster} was made by PostgreSQL ${made}, and PostgreSQL ${here} is installed: install version ${made}, or move the data with pg_upgrade`,
  )
}

function majorVersion(binaries: string): string {
  const told = spawnSync(join(binaries, 'postgres'), ['--version'], { encoding: 'utf8', env: { LC_ALL: 'C' } })
  return /(\d+)(?:\.|\s|[a-z]|$)/.exec(told.stdout ?? '')?.[1] ?? 'of unknown version'
}

/** The version number that decides which settings a server knows. */
export const majorVersionNumber = (binaries: string): number => Number(majorVersion(binaries))

/** The server that holds the cluster, as its own lock file says; undefined when there is none. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 1 ? { pid, status: (lines[7] ?? '').trim() } : undefined
}

/** Whether that process lives and is a server of this cluster: after a reboot its number may be anybody's. */
export function isServing(cluster: string, pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const command =
    process.platform === 'linux'
      ? readCommand(pid)
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  return command.includes('postgres') && command.includes(cluster)
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function finished(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? ''
