import { DatabaseSync } from 'node:sqlite'
import type { FaultRegistry } from '@throughline/edge'
import type { Clock } from '@throughline/kernel'
import { DomainError, messageOf, plusMs } from '@throughline/kernel'
import type { CommandOutcome } from '@throughline/model'
import { AgentCommand, CommandReply, CommandRequest, wireTopics } from '@throughline/model'
import type { WirePart } from '../uplink.ts'

type Kind = AgentCommand['kind']

/**
 * What this agent knows to do, by kind. One that throws `unavailable` has done nothing, or what may be done twice;
 * whatever else it throws is the machine's refusal.
 */
export type CommandHandlers = {
  readonly [K in Kind]: (command: Extract<AgentCommand, { kind: K }>) => Promise<void>
}

export interface CommandDeskConfig {
  readonly agent: string
  readonly file: string
  readonly clock: Clock
  readonly faults: FaultRegistry
  readonly handlers: CommandHandlers
}

/** A command that has its answer is remembered for so long after its expiry: until then the question may come again. */
const rememberMs = 24 * 3_600_000

const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists command (id text primary key, expires_at integer not null, reply text) strict;
`

/**
 * Does what the server asks, each command once at most and never after it has expired, and answers each time that it is
 * asked. What was begun and not finished when the agent ended is answered as uncertain, and not begun again.
 */
export class CommandDesk implements WirePart {
  readonly topics: readonly string[]
  readonly #config: CommandDeskConfig
  readonly #database: DatabaseSync
  readonly #underWay = new Set<string>()
  #say: ((topic: string, payload: string) => void) | undefined
  #closed = false

  /** @throws DomainError `unavailable` (`edge-agent.commands-unusable`) naming the file */
  constructor(config: CommandDeskConfig) {
    this.#config = config
    this.topics = [wireTopics.command(config.agent)]
    try {
      this.#database = new DatabaseSync(config.file)
      this.#database.exec(schema)
      const forgotten = plusMs(config.clock.now(), -rememberMs)
      this.#database.prepare('delete from command where expires_at < ?').run(forgotten)
    } catch (error) {
      const message = `The commands in ${config.file} cannot be kept: ${messageOf(error)}. Check that the folder is writable`
      throw new DomainError('unavailable', 'edge-agent.commands-unusable', message, {}, error)
    }
  }

  begin(say: (topic: string, payload: string) => void): void {
    this.#say = say
  }

  hear(_topic: string, payload: Uint8Array): void {
    const text = new TextDecoder().decode(payload)
    const request = requestIn(text)
    if (request === undefined) {
      this.#config.faults.count(this.#config.agent, 'command-malformed', text.slice(0, 200))
      return
    }
    void this.#answer(request)
  }

  tick(): void {}

  end(): void {
    this.#say = undefined
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#database.close()
  }

  async #answer({ id, expiresAt, command }: CommandRequest): Promise<void> {
    if (this.#underWay.has(id) || this.#closed) return
    this.#underWay.add(id)
    try {
      const known = this.#database.prepare('select reply from command where id = ?').get(id)
      if (known !== undefined) this.#reply(replyIn(known['reply']) ?? this.#keep(id, 'uncertain', restarted))
      else if (this.#config.clock.now() > expiresAt) this.#reply(this.#made(id, 'expired', 'it came after its time'))
      else await this.#begin(id, expiresAt, command)
    } catch (error) {
      this.#config.faults.count(this.#config.agent, 'command-unkept', messageOf(error))
    } finally {
      this.#underWay.delete(id)
    }
  }

  async #begin(id: string, expiresAt: number, given: { kind: string }): Promise<void> {
    const parsed = AgentCommand.safeParse(given)
    if (!parsed.success) {
      const message = `${this.#config.agent} does not know the command ${given.kind}, or not in this form`
      this.#reply(this.#made(id, 'refused', message))
      return
    }
    // On disk before it is done: whatever happens, it is not done twice.
    this.#database.prepare('insert into command (id, expires_at) values (?, ?)').run(id, expiresAt)
    const { outcome, reason } = await this.#do(parsed.data)
    if (this.#closed) return
    if (outcome === 'unavailable') {
      this.#database.prepare('delete from command where id = ?').run(id)
      this.#reply(this.#made(id, outcome, reason))
    } else this.#reply(this.#keep(id, outcome, reason))
  }

  async #do(command: AgentCommand): Promise<{ outcome: CommandOutcome; reason: string }> {
    try {
      await this.#config.handlers[command.kind](command)
      return { outcome: 'done', reason: '' }
    } catch (error) {
      const isAway = error instanceof DomainError && error.kind === 'unavailable'
      return { outcome: isAway ? 'unavailable' : 'refused', reason: messageOf(error).slice(0, 1000) }
    }
  }

  #keep(id: string, outcome: CommandOutcome, reason: string): CommandReply {
    const reply = this.#made(id, outcome, reason)
    this.#database.prepare('update command set reply = ? where id = ?').run(JSON.stringify(reply), id)
    return reply
  }

  #made(id: string, outcome: CommandOutcome, reason: string): CommandReply {
    return { id, outcome, at: this.#config.clock.now(), reason }
  }

  #reply(reply: CommandReply): void {
    this.#say?.(wireTopics.commandReply(this.#config.agent), JSON.stringify(reply))
  }
}

const restarted = 'the edge agent ended while it was under way'

function requestIn(text: string): CommandRequest | undefined {
  try {
    return CommandRequest.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const replyIn = (text: unknown): CommandReply | undefined =>
  typeof text === 'string' ? CommandReply.parse(JSON.parse(text)) : undefined
