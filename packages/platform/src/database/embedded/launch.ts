import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'

/** A fixed environment: PGDATA, PGPORT or a strange locale of the host must not reach the server. */
const environment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }

const nobodyId = 65534

/** How programs of PostgreSQL are run on this machine. */
export interface Launcher {
  /**
   * Starts a program; `withParent` also ends it, cleanly, when this process dies by whatever means. The kernel watches the
   * thread that called: call it from the main thread.
   */
  start(program: string, args: readonly string[], withParent: boolean): ChildProcess
  /** Gives a folder to whoever the programs run as. */
  own(folder: string): void
}

/**
 * PostgreSQL refuses to run as root. As root it is given a user namespace in which root's files belong to nobody, so
 * that it may use a home of mode 0700 and no user has to be created; where the kernel forbids that, it runs as nobody.
 * @throws DomainError `unavailable` when neither works
 */
export function launcherForThisMachine(): Launcher {
  const end = has('setpriv', '--pdeathsig', 'INT', 'true') ? ['setpriv', '--pdeathsig', 'INT'] : []
  if (process.getuid?.() !== 0) return launcher([], end, undefined)
  const map = ['-U', `--map-user=${nobodyId}`, `--map-group=${nobodyId}`]
  if (has('unshare', ...map, 'true')) return launcher(['unshare', ...map], end, undefined)
  if (runsAsNobody()) return launcher([], end, nobodyId)
  throw new DomainError(
    'unavailable',
    'platform.postgres-refuses-root',
    'PostgreSQL does not run as root, and this machine allows neither a user namespace nor another user: start Throughline as a normal user, or set DATABASE_URL',
  )
}

function launcher(namespace: readonly string[], end: readonly string[], userId: number | undefined): Launcher {
  return {
    start(program, args, withParent) {
      const [command = program, ...rest] = [...namespace, ...(withParent ? end : []), program, ...args]
      return spawn(command, rest, {
        cwd: '/',
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        // A group of its own: Ctrl-C in the console reaches us, and we stop it after the last query.
        detached: true,
        ...(userId === undefined ? {} : { uid: userId, gid: userId }),
      })
    },
    own(folder) {
      if (userId !== undefined) giveAway(folder, userId)
    },
  }
}

const has = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { env: environment, stdio: 'ignore' }).status === 0

const runsAsNobody = (): boolean =>
  spawnSync('true', [], { env: environment, stdio: 'ignore', uid: nobodyId, gid: nobodyId }).status === 0

function giveAway(path: string, userId: number): void {
  chownSync(path, userId, userId)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name)
    if (entry.isDirectory()) giveAway(child, userId)
    else chownSync(child, userId, userId)
  }
}
