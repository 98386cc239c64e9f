import type { PersonAccount } from '@throughline/model'
import { Ban, Check, Hourglass, Mail } from 'lucide-react'
import type { ReactElement } from 'react'

type State = PersonAccount['state']

export const stateWords: Readonly<Record<State, string>> = {
  'awaiting-approval': 'Awaits approval',
  invited: 'Invited',
  active: 'Active',
  disabled: 'Disabled',
}

const marks = { 'awaiting-approval': Hourglass, invited: Mail, active: Check, disabled: Ban } as const

/** The state of an account: a sign and a word. */
export function PersonState({ state }: { state: State }): ReactElement {
  const Mark = marks[state]
  return (
    <span className="access-state" data-attention={state === 'awaiting-approval'}>
      <Mark size={14} aria-hidden="true" /> {stateWords[state]}
    </span>
  )
}
