/**
 * Every change of state of a job order, with the method that asks for it (OPC 10031-4, ISA95JobOrderReceiverObjectType).
 * No method = the work itself does it: it begins, or it is done.
 */
export const jobTransitions: readonly (readonly [from: string, method: string | null, to: string])[] = [
  ['NotAllowedToStart', 'Update', 'NotAllowedToStart'],
  ['NotAllowedToStart', 'Start', 'AllowedToStart'],
  ['NotAllowedToStart', 'Abort', 'Aborted'],
  ['AllowedToStart', 'RevokeStart', 'NotAllowedToStart'],
  ['AllowedToStart', 'Update', 'AllowedToStart'],
  ['AllowedToStart', null, 'Running'],
  ['AllowedToStart', 'Abort', 'Aborted'],
  ['Running', 'Pause', 'Interrupted'],
  ['Running', 'Stop', 'Ended'],
  ['Running', 'Abort', 'Aborted'],
  ['Interrupted', 'Resume', 'Running'],
  ['Interrupted', 'Stop', 'Ended'],
  ['Interrupted', 'Abort', 'Aborted'],
]
