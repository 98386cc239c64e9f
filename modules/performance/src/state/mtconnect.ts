import type { MachineState } from '@throughline/model'

/** MTConnect Part 2, `Execution`: what each value means for the time model while the machine is meant to produce. */
const executions: Readonly<Record<string, MachineState>> = {
  ACTIVE: 'running',
  READY: 'idle',
  WAIT: 'idle',
  PROGRAM_COMPLETED: 'idle',
  OPTIONAL_STOP: 'idle',
  PROGRAM_OPTIONAL_STOP: 'idle',
  PROGRAM_STOPPED: 'down',
  INTERRUPTED: 'down',
  FEED_HOLD: 'down',
  STOPPED: 'down',
}

/** `ControllerMode` in which a machine that moves is being set up, and makes no parts. */
const setUpModes: ReadonlySet<string> = new Set(['MANUAL', 'MANUAL_DATA_INPUT', 'EDIT'])

const functionalModes: Readonly<Record<string, MachineState>> = {
  SETUP: 'changeover',
  TEARDOWN: 'changeover',
  MAINTENANCE: 'planned-stop',
  PROCESS_DEVELOPMENT: 'planned-stop',
}

/** `Execution` × `ControllerMode` × `FunctionalMode`; null = the machine does not tell; undefined = an unknown execution. */
export function mtconnectState(
  execution: string,
  mode: string | null,
  functionalMode: string | null,
): { label: string; state: MachineState } | undefined {
  const told = wordOf(execution)
  const state = executions[told]
  if (state === undefined) return undefined
  const purpose = functionalMode === null ? undefined : wordOf(functionalMode)
  const byPurpose = purpose === undefined ? undefined : functionalModes[purpose]
  if (purpose !== undefined && byPurpose !== undefined) return { label: purpose, state: byPurpose }
  if (state === 'running' && mode !== null && setUpModes.has(wordOf(mode))) {
    return { label: `${told} in ${wordOf(mode)}`, state: 'changeover' }
  }
  return { label: told, state }
}

const wordOf = (text: string): string => text.trim().toUpperCase()
