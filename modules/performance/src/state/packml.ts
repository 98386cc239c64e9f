import type { MachineState } from '@throughline/model'

/** The 17 states of ANSI/ISA-TR88.00.02 by their number in `Status.StateCurrent`, and what each means for the time model. */
export const packmlStates: readonly { readonly number: number; readonly name: string; readonly state: MachineState }[] =
  [
    { number: 1, name: 'Clearing', state: 'down' },
    { number: 2, name: 'Stopped', state: 'down' },
    { number: 3, name: 'Starting', state: 'running' },
    { number: 4, name: 'Idle', state: 'idle' },
    { number: 5, name: 'Suspended', state: 'starved' },
    { number: 6, name: 'Execute', state: 'running' },
    { number: 7, name: 'Stopping', state: 'down' },
    { number: 8, name: 'Aborting', state: 'down' },
    { number: 9, name: 'Aborted', state: 'down' },
    { number: 10, name: 'Holding', state: 'down' },
    { number: 11, name: 'Held', state: 'down' },
    { number: 12, name: 'Unholding', state: 'running' },
    { number: 13, name: 'Suspending', state: 'starved' },
    { number: 14, name: 'Unsuspending', state: 'running' },
    { number: 15, name: 'Resetting', state: 'changeover' },
    { number: 16, name: 'Completing', state: 'running' },
    { number: 17, name: 'Complete', state: 'idle' },
  ]

const byName = new Map(packmlStates.map((each) => [each.name.toLowerCase(), each]))
const byNumber = new Map(packmlStates.map((each) => [each.number, each]))

/** A state by its name, whatever the case, or its number, as number or text; undefined = there is no such state. */
export function findPackmlState(value: string | number): { name: string; state: MachineState } | undefined {
  const text = String(value).trim()
  if (/^\d+$/.test(text)) return byNumber.get(Number(text))
  const name = text.toLowerCase()
  // Some controllers say the state as OMAC's older text did.
  return byName.get(name === 'completed' ? 'complete' : name)
}

const passing: ReadonlySet<string> = new Set(
  packmlStates.filter(({ name }) => name.endsWith('ing')).map(({ name }) => name),
)

/** Whether a state only leads to another one (TR88's acting states beside Execute): the next one names the interval. */
export const isPassing = (label: string): boolean => passing.has(label)
