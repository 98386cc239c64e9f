import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError, messageOf } from '@throughline/kernel'
import type { StartOptions } from './command-line.ts'

/**
 * Makes the home of the plant, empty after `--reset`.
 * @throws DomainError when it cannot be written, or a running plant uses it
 */
export async function prepareHome({ home, reset }: StartOptions): Promise<void> {
  assertNotRunning(home)
  if (reset) assertLooksLikeHome(home)
  try {
    if (reset) rmSync(home, { recursive: true, force: true })
    mkdirSync(home, { recursive: true, mode: 0o700 })
    accessSync(home, constants.W_OK)
  } catch (error) {
    const what = `Cannot write to ${home} (${messageOf(error)}): set THROUGHLINE_HOME to a folder of your own`
    throw new DomainError('invalid', 'start.home-unwritable', what)
  }
}

export const pidFile = (home: string): string => join(home, 'plant.pid')

export function assertNotRunning(home: string): void {
  if (!existsSync(pidFile(home))) return
  const pid = Number(readFileSync(pidFile(home), 'utf8'))
  if (!isAlive(pid) || pid === process.pid) return
  throw new DomainError(
    'conflict',
    'start.already-running',
    `A plant with the home ${home} is running (process ${pid}): stop it first, or set another THROUGHLINE_HOME`,
  )
}

/** `--reset` deletes a folder: a mistyped home must not cost anybody their documents. */
function assertLooksLikeHome(home: string): void {
  if (!existsSync(home) || existsSync(join(home, 'postgres')) || existsSync(join(home, 'keys'))) return
  if (existsSync(join(home, 'plant.pid'))) return
  throw new DomainError(
    'invalid',
    'start.not-a-home',
    `${home} does not look like the home of a plant: --reset deletes nothing there; remove it yourself if you mean it`,
  )
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
