/** The PackML states this line uses, with their numbers in `StateCurrent`. Source: ANSI/ISA-TR88.00.02-2022, table 3. */
export const packMlState = {
  ...{ Clearing: 1, Stopped: 2, Starting: 3, Idle: 4, Suspended: 5, Execute: 6, Stopping: 7, Aborting: 8, Aborted: 9 },
  ...{ Holding: 10, Held: 11, Unholding: 12, Suspending: 13, Unsuspending: 14, Resetting: 15, Completing: 16 },
  Completed: 17,
} as const
export type PackMlState = keyof typeof packMlState

/** Which state may follow which; Aborting and Stopping may follow nearly every state and are listed where we use them. */
export const legalNext: Readonly<Record<PackMlState, readonly PackMlState[]>> = {
  Clearing: ['Stopped', 'Aborting'],
  Stopped: ['Resetting', 'Aborting'],
  Starting: ['Execute', 'Stopping', 'Aborting'],
  Idle: ['Starting', 'Stopping', 'Aborting'],
  Suspended: ['Unsuspending', 'Stopping', 'Aborting'],
  Execute: ['Holding', 'Suspending', 'Completing', 'Stopping', 'Aborting'],
  Stopping: ['Stopped', 'Aborting'],
  Aborting: ['Aborted'],
  Aborted: ['Clearing'],
  Holding: ['Held', 'Stopping', 'Aborting'],
  Held: ['Unholding', 'Stopping', 'Aborting'],
  Unholding: ['Execute', 'Stopping', 'Aborting'],
  Suspending: ['Suspended', 'Stopping', 'Aborting'],
  Unsuspending: ['Execute', 'Stopping', 'Aborting'],
  Resetting: ['Idle', 'Stopping', 'Aborting'],
  Completing: ['Completed', 'Stopping', 'Aborting'],
  Completed: ['Resetting', 'Stopping', 'Aborting'],
}
