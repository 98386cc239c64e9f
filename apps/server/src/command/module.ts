import type { Clock } from '@throughline/kernel'
import { DomainError, newId, plusMs } from '@throughline/kernel'
import type { Module, Platform } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'
import type { FaultLog } from '../diagnostics/fault-log.ts'
import type { SendCommand } from './gateway.ts'
import { CommandGateway } from './gateway.ts'
import { insertCommand } from './store.ts'

/** The part of the product through which machines are told something, and the only one. */
export interface Commands {
  readonly module: Module
  /** Begins to send: belongs after the start of the platform and of the wire. */
  open(send: SendCommand): Promise<void>
  hearReply(agent: string, message: Uint8Array): void
  close(): void
}

/** Who acknowledged an alarm stands by the machine or comes soon: later the machine is told nothing any more. */
const acknowledgeWithinMs = 10 * 60_000

/** @param agentOf names the edge agent that dials a connection; undefined = none does */
export function commands(
  clock: Clock,
  faults: FaultLog,
  agentOf: (connection: string) => string | undefined,
): Commands {
  let registered: Platform | undefined
  let gateway: CommandGateway | undefined
  const opened = (): CommandGateway => {
    if (gateway !== undefined) return gateway
    // The event is delivered again a little later.
    throw new DomainError('unavailable', 'command.not-open', 'Commands go out once the server has started')
  }

  const module: Module = {
    name: 'command',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    register(platform) {
      registered = platform
      platform.on('alarm.machine-asked', 'command.acknowledgement', async (uow, asked) => {
        opened()
        const { transitionId: cause, connection, condition, handle, by, comment, at } = asked
        const agent = agentOf(connection) ?? null
        const said = comment === '' ? by : `${by}: ${comment}`
        const command = {
          ...{ id: newId<'Command'>(uow.at), agent, cause, by, at: uow.at },
          body: { kind: 'acknowledge-alarm' as const, connection, condition, handle, comment: said.slice(0, 600) },
          expiresAt: plusMs(at, acknowledgeWithinMs),
        }
        const reason = `no edge agent dials ${connection}`
        const settled = agent === null ? { outcome: 'refused' as const, at: uow.at, reason } : null
        if (!(await insertCommand(uow.trx, command, settled))) return
        const { id: commandId, body } = command
        if (settled === null) uow.emit('command.requested', { commandId })
        else uow.emit('command.settled', { commandId, kind: body.kind, cause, ...settled })
      })
      platform.on('command.requested', 'command.gateway', async (_uow, { commandId }) => {
        await opened().take(commandId)
      })
    },
  }

  return {
    module,
    async open(send) {
      if (registered === undefined) throw new Error('Commands are opened before the platform has started')
      gateway = await CommandGateway.open(registered, clock, faults, send)
    },
    hearReply: (agent, message) => gateway?.hearReply(agent, message),
    close: () => gateway?.close(),
  }
}
