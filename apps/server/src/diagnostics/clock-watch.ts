import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Clock, Instant } from '@throughline/kernel'

const run = promisify(execFile)

/** systemd-timesyncd keeps it while it follows a time source. */
const timesyncFile = '/run/systemd/timesync/synchronized'
const lookMs = 60_000
const tickMs = 1000
/** Slewing moves a clock by 0.5 ms a second at most; a starved process is late on both clocks alike. */
const stepMs = 500

export type ClockStatus = 'synchronised' | 'unsynchronised' | 'unknown'

/** The wall clock moved by itself. */
export interface ClockStep {
  /** By how much, in ms; negative = set back. */
  readonly byMs: number
  readonly now: Instant
}

/** Watches the server's clock: whether it follows a time source, and whether somebody sets it. */
export class ClockWatch {
  readonly #clock: Clock
  readonly #monotonicMs: () => number
  readonly #onStep: (step: ClockStep) => void
  readonly #timers: NodeJS.Timeout[] = []
  #status: ClockStatus = 'unknown'
  #offsetMs: number

  constructor(clock: Clock, onStep: (step: ClockStep) => void, monotonicMs: () => number = () => performance.now()) {
    this.#clock = clock
    this.#monotonicMs = monotonicMs
    this.#onStep = onStep
    this.#offsetMs = clock.now() / 1000 - monotonicMs()
  }

  get status(): ClockStatus {
    return this.#status
  }

  /** Looks once, then goes on looking until `close`. */
  async open(): Promise<void> {
    await this.look()
    this.#timers.push(
      setInterval(() => void this.look(), lookMs).unref(),
      setInterval(() => this.tick(), tickMs).unref(),
    )
  }

  close(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
  }

  async look(): Promise<void> {
    this.#status = await clockStatus()
  }

  tick(): void {
    const now = this.#clock.now()
    const offsetMs = now / 1000 - this.#monotonicMs()
    const byMs = Math.round(offsetMs - this.#offsetMs)
    this.#offsetMs = offsetMs
    if (Math.abs(byMs) >= stepMs) this.#onStep({ byMs, now })
  }
}

async function clockStatus(): Promise<ClockStatus> {
  if (existsSync(timesyncFile)) return 'synchronised'
  try {
    const { stdout } = await run('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeout: 5000 })
    const told = stdout.trim()
    return told === 'yes' ? 'synchronised' : told === 'no' ? 'unsynchronised' : 'unknown'
  } catch {
    // No systemd: a container or another system. What cannot be known is not claimed.
    return 'unknown'
  }
}
