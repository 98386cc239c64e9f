import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { DomainError } from '@throughline/kernel'

/**
 * Says that this process owns the database in `dataDir`, by listening on a socket: the kernel takes it away when the
 * process dies by whatever means, so there is no stale lock and no reused process number to mistake for an owner.
 * @throws DomainError `conflict` while another process owns it
 */
export async function takeOwnership(dataDir: string, socketDir: string): Promise<() => void> {
  mkdirSync(socketDir, { recursive: true, mode: 0o700 })
  chmodSync(socketDir, 0o700)
  const path = join(socketDir, 'owner')
  const server = (await listen(path)) ?? (await listenInstead(path))
  if (server === undefined) {
    throw new DomainError(
      'conflict',
      'platform.database-in-use',
      `Another Throughline is running with the database in ${dataDir}: stop it first, or choose another THROUGHLINE_HOME`,
    )
  }
  server.unref()
  return () => void server.close()
}

/** An owner that answers lives; one that does not has left its socket file behind. */
async function listenInstead(path: string): Promise<Server | undefined> {
  if (await answers(path)) return undefined
  rmSync(path, { force: true })
  return await listen(path)
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
