import type { Clock, Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { CommandRequest } from '@throughline/model'
import { CommandReply } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { FaultLog } from '../diagnostics/fault-log.ts'
import type { OpenCommand, Settled } from './store.ts'
import { listOpenCommands, settleCommand } from './store.ts'

/** Puts a request on the wire to an agent; whether it arrives nobody knows. */
export type SendCommand = (agent: string, request: string) => void

interface Waiting {
  readonly command: OpenCommand
  nextAt: Instant
  /** What the agent said against it up to now. */
  reason: string
  settling: boolean
}

const tickMs = 500
const againAfterMs = 5000
/** An answer that was given in time may still be on its way. */
const graceMs = 5000

/** Sends commands to edge agents until each has its answer, or is too old to be done; what is open outlives a restart. */
export class CommandGateway {
  readonly #platform: Platform
  readonly #clock: Clock
  readonly #faults: FaultLog
  readonly #send: SendCommand
  readonly #waiting = new Map<string, Waiting>()
  readonly #timer: NodeJS.Timeout
  #isClosed = false

  private constructor(platform: Platform, clock: Clock, faults: FaultLog, send: SendCommand) {
    this.#platform = platform
    this.#clock = clock
    this.#faults = faults
    this.#send = send
    this.#timer = setInterval(() => this.#tick(), tickMs)
  }

  /** Goes on with what an earlier run left open. */
  static async open(platform: Platform, clock: Clock, faults: FaultLog, send: SendCommand): Promise<CommandGateway> {
    const gateway = new CommandGateway(platform, clock, faults, send)
    for (const command of await listOpenCommands(platform.db)) gateway.#wait(command)
    return gateway
  }

  /** A command was recorded. */
  async take(id: Id<'Command'>): Promise<void> {
    for (const command of await listOpenCommands(this.#platform.db, id)) this.#wait(command)
  }

  /** One message of an agent; `agent` is what the broker let it publish as. */
  hearReply(agent: string, message: Uint8Array): void {
    const text = new TextDecoder().decode(message)
    const reply = replyIn(text)
    if (reply === undefined) {
      this.#faults.add(agent, 'command-reply-malformed', text.slice(0, 200))
      return
    }
    const waiting = this.#waiting.get(reply.id)
    // Answered before: the agent says the same again.
    if (waiting === undefined) return
    if (waiting.command.agent !== agent) {
      this.#faults.add(agent, 'command-reply-of-another-agent', `${agent} answers for ${waiting.command.agent}`)
      return
    }
    const { outcome, at, reason } = reply
    if (outcome === 'unavailable') waiting.reason = reason
    else {
      const final = outcome === 'expired' || outcome === 'uncertain' ? 'unanswered' : outcome
      this.#settle(waiting, { outcome: final, at, reason })
    }
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  #wait(command: OpenCommand): void {
    if (this.#isClosed || this.#waiting.has(command.id)) return
    const waiting = { command, nextAt: this.#clock.now(), reason: 'the edge agent did not answer', settling: false }
    this.#waiting.set(command.id, waiting)
    this.#sendOut(waiting)
  }

  #tick(): void {
    const now = this.#clock.now()
    for (const waiting of this.#waiting.values()) {
      const { expiresAt } = waiting.command
      if (now > plusMs(expiresAt, graceMs)) {
        this.#settle(waiting, { outcome: 'unanswered', at: now, reason: waiting.reason })
      } else if (now >= waiting.nextAt && now <= expiresAt) this.#sendOut(waiting)
    }
  }

  #sendOut(waiting: Waiting): void {
    const { id, agent, body: command, expiresAt } = waiting.command
    waiting.nextAt = plusMs(this.#clock.now(), againAfterMs)
    const request: CommandRequest = { id, expiresAt, command }
    this.#send(agent, JSON.stringify(request))
  }

  /** What cannot be recorded stays open: the question goes out again, and so does the answer. */
  #settle(waiting: Waiting, settled: Settled): void {
    if (waiting.settling) return
    waiting.settling = true
    this.#record(waiting.command, settled).then(
      () => this.#waiting.delete(waiting.command.id),
      (error: unknown) => {
        waiting.settling = false
        this.#platform.log.error({ error }, 'the answer to a command could not be recorded and is asked for again')
      },
    )
  }

  async #record({ id, agent }: OpenCommand, settled: Settled): Promise<void> {
    await this.#platform.act('command', 'command.command.settle', { id, agent, ...settled }, async (uow) => {
      const found = await settleCommand(uow.trx, id, settled)
      if (found !== undefined) uow.emit('command.settled', { commandId: id, ...found, ...settled })
    })
  }
}

function replyIn(text: string): CommandReply | undefined {
  try {
    return CommandReply.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
