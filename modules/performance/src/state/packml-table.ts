import { findPackmlMode, findPackmlState, isPassing, packmlStates } from './packml.ts'

/** The commands of ANSI/ISA-TR88.00.02, by their number in `Command.CntrlCmd`. */
const commands = [
  { number: 1, name: 'Reset' },
  { number: 2, name: 'Start' },
  { number: 3, name: 'Stop' },
  { number: 4, name: 'Hold' },
  { number: 5, name: 'Unhold' },
  { number: 6, name: 'Suspend' },
  { number: 7, name: 'Unsuspend' },
  { number: 8, name: 'Abort' },
  { number: 9, name: 'Clear' },
  { number: 10, name: 'Complete' },
] as const
type PackmlCommand = (typeof commands)[number]['name']
export const packmlCommands: readonly PackmlCommand[] = commands.map(({ name }) => name)

/** What a state leads to: by a command, or by itself once its work is done (`done`). */
type Row = Readonly<Partial<Record<PackmlCommand | 'done', string>>>

const stop = { Stop: 'Stopping', Abort: 'Aborting' } as const satisfies Row
const hold = { Hold: 'Holding', ...stop } as const satisfies Row

/** The whole state model. Execute also completes by itself, once all that was asked for is made. */
const table: Readonly<Record<string, Row>> = {
  Clearing: { done: 'Stopped', Abort: 'Aborting' },
  Stopped: { Reset: 'Resetting', Abort: 'Aborting' },
  Starting: { done: 'Execute', ...hold },
  Idle: { Start: 'Starting', ...stop },
  Suspended: { Unsuspend: 'Unsuspending', ...hold },
  Execute: { done: 'Completing', Complete: 'Completing', Suspend: 'Suspending', ...hold },
  Stopping: { done: 'Stopped', Abort: 'Aborting' },
  Aborting: { done: 'Aborted' },
  Aborted: { Clear: 'Clearing' },
  Holding: { done: 'Held', ...stop },
  Held: { Unhold: 'Unholding', ...stop },
  Unholding: { done: 'Execute', ...hold },
  Suspending: { done: 'Suspended', ...hold },
  Unsuspending: { done: 'Execute', ...hold },
  Resetting: { done: 'Idle', ...stop },
  Completing: { done: 'Complete', ...stop },
  Complete: { Reset: 'Resetting', ...stop },
}

/** Where a command leads from a state; undefined = the state does not permit it. */
export const afterCommand = (state: string, command: PackmlCommand): string | undefined => table[state]?.[command]

/** All that may come next after a state. */
const nextOf = (state: string): readonly string[] => [...new Set(Object.values(table[state] ?? {}))]

/** What may be seen after each state: what may follow, also behind acting states that lasted too short to be told. */
const seenAfter: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  packmlStates.map(({ name }) => {
    const seen = new Set<string>()
    const reach = (from: string): void => {
      for (const next of nextOf(from)) {
        if (seen.has(next)) continue
        seen.add(next)
        if (isPassing(next)) reach(next)
      }
    }
    reach(name)
    return [name, seen]
  }),
)

/** States in which the unit mode may change: nothing moves there, and nothing is half done. */
const modeStates: readonly string[] = ['Stopped', 'Idle', 'Aborted']

export const permitsModeChange = (state: string): boolean => modeStates.includes(state)

/**
 * Why a machine cannot have gone from one state to another, in words; null = it can, or one of the two is none of PackML's: then
 * its state is not known, and nothing is said of the change.
 */
export function stateFault(from: string | number, to: string | number): string | null {
  const [before, after] = [findPackmlState(from), findPackmlState(to)]
  if (before === undefined || after === undefined || before.name === after.name) return null
  if (seenAfter.get(before.name)?.has(after.name) === true) return null
  const possible = nextOf(before.name).join(', ')
  return `${before.name} → ${after.name}: PackML permits ${possible} after ${before.name}`
}

/** The same of its unit mode, at a state. */
export function modeFault(from: string | number, to: string | number, state: string | number): string | null {
  const found = findPackmlState(state)
  const [before, after] = [findPackmlMode(from) ?? String(from), findPackmlMode(to) ?? String(to)]
  if (found === undefined || before === after || permitsModeChange(found.name)) return null
  return `mode ${before} → ${after} in ${found.name}: PackML permits it in ${modeStates.join(', ')}`
}
