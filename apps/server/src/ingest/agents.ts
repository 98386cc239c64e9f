import type { Clock, Instant } from '@throughline/kernel'
import { AgentStatus } from '@throughline/model'
import type { FaultLog } from '../diagnostics/fault-log.ts'
import type { TagTable } from '../live/tag-table.ts'

/** An agent speaks every second; silent for longer than this, its values are shown as stale. */
const silentAfterMs = 3500

/** What the edge agents say of themselves, and whether they still say it. */
export class Agents {
  readonly #statuses = new Map<string, AgentStatus>()
  readonly #heardAt = new Map<string, Instant>()
  readonly #table: TagTable
  readonly #faults: FaultLog
  readonly #clock: Clock
  readonly #watch: NodeJS.Timeout

  constructor(table: TagTable, faults: FaultLog, clock: Clock) {
    this.#table = table
    this.#faults = faults
    this.#clock = clock
    this.#watch = setInterval(() => this.#check(), 500)
  }

  /** Agents that should be there are silent until they are heard. */
  expect(agents: Iterable<string>): void {
    for (const agent of agents) if (!this.#heardAt.has(agent)) this.#table.setAgentSilent(agent, true)
  }

  hear(agent: string, message: Uint8Array, retained: boolean): void {
    const status = parseStatus(message)
    if (status === undefined || status.agent !== agent) {
      this.#faults.add(agent, 'status-malformed', new TextDecoder().decode(message.subarray(0, 200)))
      return
    }
    this.#statuses.set(agent, status)
    // The agent's clock may be wrong, so only the arrival counts; a retained status arrives without its sender.
    const alive = status.online && !retained
    if (alive) this.#heardAt.set(agent, this.#clock.now())
    else this.#heardAt.delete(agent)
    this.#table.setAgentSilent(agent, !alive)
  }

  /** Samples are a sign of life too. */
  hearSamples(agent: string): void {
    this.#heardAt.set(agent, this.#clock.now())
    this.#table.setAgentSilent(agent, false)
  }

  /** By name; what each said last, `online` corrected by what is heard of it. */
  list(): AgentStatus[] {
    return [...this.#statuses.values()]
      .map((status) => ({ ...status, online: status.online && this.#isHeard(status.agent) }))
      .sort((a, b) => (a.agent < b.agent ? -1 : 1))
  }

  close(): void {
    clearInterval(this.#watch)
  }

  #check(): void {
    for (const agent of this.#heardAt.keys()) this.#table.setAgentSilent(agent, !this.#isHeard(agent))
  }

  #isHeard(agent: string): boolean {
    const heardAt = this.#heardAt.get(agent)
    return heardAt !== undefined && this.#clock.now() - heardAt < silentAfterMs * 1000
  }
}

function parseStatus(message: Uint8Array): AgentStatus | undefined {
  try {
    return AgentStatus.safeParse(JSON.parse(new TextDecoder().decode(message))).data
  } catch {
    return undefined
  }
}
