import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'

/** Until when the line is cut, ms since 1970; null = it is whole. Stands in the home while a plant with machines runs there. */
const LineState = z.object({ cutUntil: z.number().nullable() })

const stateFile = (home: string): string => join(home, 'demo-plant', 'agent-line.json')
const lookEveryMs = 250

/** The line between the demo's edge agent and the broker: a relay that can be cut for a while. */
export interface AgentLine {
  /** The broker as the agent reaches it. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Opens a line on a port of this machine to the broker. Null for a broker by TLS: its certificate is made out to its own
 * name, and the line would have to pretend.
 */
export async function openAgentLine(
  home: string,
  brokerUrl: string,
  print: (text: string) => void = console.log,
): Promise<AgentLine | null> {
  const { protocol, hostname, port } = new URL(brokerUrl)
  if (protocol !== 'mqtt:') return null
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(port === '' ? 1883 : Number(port), hostname.replace(/^\[|\]$/g, ''))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.setNoDelay(true)
      // A line that breaks at one end is broken at the other.
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  // Nobody waits for the line when all else has ended.
  server.unref()
  writeState(home, null)

  const look = (): void => {
    const until = readState(home)
    const shouldBeCut = until !== null && Date.now() < until
    if (shouldBeCut === isCut) return
    isCut = shouldBeCut
    print(
      isCut && until !== null
        ? `The edge agent is cut off from the broker until ${new Date(until).toISOString().slice(11, 19)} UTC; it keeps what the machines say`
        : 'The edge agent reaches the broker again, and sends what it kept',
    )
    if (isCut) for (const socket of sockets) socket.destroy()
    else writeState(home, null)
  }
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      clearInterval(timer)
      rmSync(stateFile(home), { force: true })
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * Cuts the line of the plant that runs in this home, or mends it.
 * @param minutes how long; 0 = it is whole again at once
 * @throws DomainError when no plant with machines runs there
 */
export function cutAgentLine(home: string, minutes: number): void {
  if (!existsSync(stateFile(home))) {
    throw new DomainError(
      'not-found',
      'start.no-agent-line',
      `No plant with simulated machines runs in ${home}: start one with npm start, or set THROUGHLINE_HOME to its home`,
    )
  }
  writeState(home, minutes === 0 ? null : Date.now() + minutes * 60_000)
}

function readState(home: string): number | null {
  try {
    return LineState.parse(JSON.parse(readFileSync(stateFile(home), 'utf8'))).cutUntil
  } catch {
    // What cannot be read cuts nothing: this is a toy of the demo, and no control.
    return null
  }
}

function writeState(home: string, cutUntil: number | null): void {
  const file = stateFile(home)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, JSON.stringify({ cutUntil }))
  renameSync(`${file}.new`, file)
}
