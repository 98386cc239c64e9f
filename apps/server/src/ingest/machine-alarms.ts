import type { AlarmWatching } from '@throughline/alarm'
import { messageOf } from '@throughline/kernel'
import type { MachineAlarm } from '@throughline/model'
import { MachineAlarmBatch, machineAlarmSource } from '@throughline/model'
import type { FaultLog } from '../diagnostics/fault-log.ts'

/** The way in for what machines say of their own alarms: an agent hears that they are recorded only when they are. */
export class MachineAlarms {
  readonly #watch: Pick<AlarmWatching, 'raiseExternal' | 'settle'>
  readonly #faults: FaultLog
  readonly #agentOf: (connection: string) => string | undefined
  readonly #recorded: (agent: string, sequence: number) => void
  /** Those of one agent in their order. */
  readonly #turns = new Map<string, Promise<void>>()

  constructor(
    watch: Pick<AlarmWatching, 'raiseExternal' | 'settle'>,
    faults: FaultLog,
    agentOf: (connection: string) => string | undefined,
    recorded: (agent: string, sequence: number) => void,
  ) {
    this.#watch = watch
    this.#faults = faults
    this.#agentOf = agentOf
    this.#recorded = recorded
  }

  /** One message of an agent; `agent` is what the broker let it publish as. */
  hear(agent: string, message: Uint8Array): void {
    const text = new TextDecoder().decode(message)
    const batch = batchIn(text)
    if (batch === undefined) {
      this.#faults.add(agent, 'alarms-malformed', text.slice(0, 200))
      return
    }
    const turn = (this.#turns.get(agent) ?? Promise.resolve()).then(() => this.#take(agent, batch))
    this.#turns.set(agent, turn)
  }

  async #take(agent: string, { sequence, alarms }: MachineAlarmBatch): Promise<void> {
    try {
      for (const alarm of alarms) this.#raise(agent, alarm)
      await this.#watch.settle()
      this.#recorded(agent, sequence)
    } catch (error) {
      // Not answered: the agent keeps them and sends them again.
      this.#faults.add(agent, 'alarms-not-recorded', messageOf(error))
    }
  }

  #raise(agent: string, alarm: MachineAlarm): void {
    const { connection, condition, active, acknowledged, at, message: detail, handle, comment } = alarm
    if (this.#agentOf(connection) !== agent) {
      this.#faults.add(agent, 'alarm-of-another-agent', `${agent} tells of ${connection}`)
      return
    }
    const machine = { connection, condition, acknowledged: acknowledged === true, handle, comment }
    this.#watch.raiseExternal(machineAlarmSource(alarm), { active, at, detail, machine })
  }
}

function batchIn(text: string): MachineAlarmBatch | undefined {
  try {
    return MachineAlarmBatch.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
