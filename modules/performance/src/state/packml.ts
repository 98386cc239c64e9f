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

/** The unit modes that the standard names; those above 3 are a maker's own, and produce. */
const packmlModes = [
  { number: 1, name: 'Production' },
  { number: 2, name: 'Maintenance' },
  { number: 3, name: 'Manual' },
] as const

/** A mode by its name, with or without `Mode`, or its number; undefined = none of those that the standard names. */
export function findPackmlMode(value: string | number): (typeof packmlModes)[number]['name'] | undefined {
  const text = String(value)
    .trim()
    .toLowerCase()
    .replace(/[ _]?mode$/, '')
  const known = text === 'producing' ? 'production' : text
  return packmlModes.find(({ number, name }) => String(number) === known || name.toLowerCase() === known)?.name
}

/**
 * What a state means in a mode: who maintains a machine plans its time, whatever it does meanwhile; by hand it is set up when
 * it moves, and makes no parts. A mode that is not readable changes nothing.
 */
export function inMode(
  told: { readonly label: string; readonly state: MachineState },
  mode: string | number | null,
): { label: string; state: MachineState } {
  const name = mode === null ? undefined : findPackmlMode(mode)
  if (name === 'Maintenance') return { label: name, state: 'planned-stop' }
  if (name === 'Manual' && told.state === 'running') return { label: `${told.label} in ${name}`, state: 'changeover' }
  return told
}

const passing: ReadonlySet<string> = new Set(
  packmlStates.filter(({ name }) => name.endsWith('ing')).map(({ name }) => name),
)

/** Whether a state only leads to another one (TR88's acting states beside Execute): the next one names the interval. */
export const isPassing = (label: string): boolean => passing.has(label)
