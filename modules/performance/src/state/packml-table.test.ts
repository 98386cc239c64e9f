import { expect, test } from 'vitest'
import { packmlStates } from './packml.ts'
import { afterCommand, modeFault, packmlCommands, permitsModeChange, stateFault } from './packml-table.ts'
import { PackmlWatch } from './packml-watch.ts'

/** Each command with the states that permit it and where it leads; in all others it is refused. */
const permitted: Readonly<Record<string, readonly [to: string, from: readonly string[]]>> = {
  Reset: ['Resetting', ['Stopped', 'Complete']],
  Start: ['Starting', ['Idle']],
  Stop: [
    'Stopping',
    [
      ...['Starting', 'Idle', 'Suspended', 'Execute', 'Holding', 'Held', 'Unholding', 'Suspending', 'Unsuspending'],
      ...['Resetting', 'Completing', 'Complete'],
    ],
  ],
  Hold: ['Holding', ['Starting', 'Suspended', 'Execute', 'Unholding', 'Suspending', 'Unsuspending']],
  Unhold: ['Unholding', ['Held']],
  Suspend: ['Suspending', ['Execute']],
  Unsuspend: ['Unsuspending', ['Suspended']],
  Abort: ['Aborting', packmlStates.map(({ name }) => name).filter((name) => name !== 'Aborting' && name !== 'Aborted')],
  Clear: ['Clearing', ['Aborted']],
  Complete: ['Completing', ['Execute']],
}

test('[PKM-1-3] each of the ten commands is permitted or refused in each of the 17 states', () => {
  expect([...packmlCommands].sort()).toEqual(Object.keys(permitted).sort())
  const cases = packmlCommands.flatMap((command) => packmlStates.map(({ name }) => ({ command, name })))
  expect(cases).toHaveLength(170)
  for (const { command, name } of cases) {
    const [to, from] = permitted[command] ?? ['', []]
    expect(`${name} ${command} ${afterCommand(name, command)}`).toBe(
      `${name} ${command} ${from.includes(name) ? to : undefined}`,
    )
  }
})

test.each([
  ['Idle', 'Starting'],
  ['Starting', 'Execute'],
  ['Execute', 'Completing'],
  ['Stopping', 'Stopped'],
  ['Aborting', 'Aborted'],
  ['Clearing', 'Stopped'],
  ['Execute', 'Execute'],
  // Acting states that lasted too short to be told.
  ['Idle', 'Execute'],
  ['Execute', 'Held'],
  ['Execute', 'Complete'],
  ['Held', 'Execute'],
  ['Stopped', 'Idle'],
  ['Aborted', 'Stopped'],
  ['Execute', 'Aborted'],
  ['Suspended', 'Aborted'],
  // What is none of PackML's says nothing of the change.
  ['Execute', 'Cleaning'],
  ['Cleaning', 'Aborted'],
])('%s → %s is a way of the state model', (from, to) => {
  expect(stateFault(from, to)).toBeNull()
})

test.each([
  ['Stopped', 'Execute', 'PackML permits Resetting, Aborting after Stopped'],
  ['Aborted', 'Idle', 'PackML permits Clearing after Aborted'],
  ['Aborted', 'Execute', 'Clearing'],
  ['Held', 'Suspended', 'Unholding'],
  ['Complete', 'Execute', 'Resetting'],
  ['Execute', 'Idle', 'Completing'],
  ['Execute', 'Starting', 'Completing'],
  ['Aborting', 'Stopped', 'PackML permits Aborted after Aborting'],
])('[PKM-1-3!] a machine that tells %s → %s is at fault', (from, to, words) => {
  expect(stateFault(from, to)).toContain(`${from} → ${to}`)
  expect(stateFault(from, to)).toContain(words)
})

test('[PKM-1-3!] the mode changes where nothing moves, and nowhere else', () => {
  const permits = packmlStates.filter(({ name }) => permitsModeChange(name)).map(({ name }) => name)
  expect(permits.sort()).toEqual(['Aborted', 'Idle', 'Stopped'])
  expect(modeFault(1, 3, 'Execute')).toBe(
    'mode Production → Manual in Execute: PackML permits it in Stopped, Idle, Aborted',
  )
  expect(modeFault('Production', 1, 6)).toBeNull()
  expect(modeFault(1, 7, 'Held')).toContain('Production → 7')
})

test('what a machine tells is held against the model as long as it is known what was before', () => {
  const watch = new PackmlWatch({ kind: 'packml', tag: 'State', mode: 'Mode' })
  const tell = (at: number, tag: string, value: string | number | null) => watch.hear({ tag, at, value })?.cause
  expect(tell(1, 'State', 'Aborted')).toBeUndefined()
  expect(tell(2, 'State', 'Idle')).toBe('packml-state-illegal')
  expect(tell(2, 'State', 'Idle')).toBeUndefined()
  // After a bad reading, and after one that came late, nobody knows.
  expect(tell(3, 'State', null)).toBeUndefined()
  expect(tell(4, 'State', 'Aborted')).toBeUndefined()
  expect(tell(1, 'State', 'Execute')).toBeUndefined()
  expect(tell(5, 'State', 'Execute')).toBeUndefined()
  expect(tell(5, 'Mode', 1)).toBeUndefined()
  expect(tell(6, 'Mode', 2)).toBe('packml-mode-illegal')
  expect(tell(7, 'State', 'Stopping')).toBeUndefined()
  expect(tell(8, 'State', 'Stopped')).toBeUndefined()
  expect(tell(9, 'Mode', 1)).toBeUndefined()
  // In the instant in which the state changes, the one before counts, too.
  expect(tell(10, 'State', 'Resetting')).toBeUndefined()
  expect(tell(10, 'Mode', 3)).toBeUndefined()
  expect(tell(11, 'Counter', 5)).toBeUndefined()
})
