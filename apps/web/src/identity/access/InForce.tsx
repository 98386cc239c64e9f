import { Ban, Check } from 'lucide-react'
import type { ReactElement } from 'react'

/** Whether something that was given still holds: a word with its mark, never a colour alone. */
export function InForce({ holds, yes, no }: { holds: boolean; yes: string; no: string }): ReactElement {
  const Mark = holds ? Check : Ban
  return (
    <span className="access-state">
      <Mark size={14} aria-hidden="true" />
      {holds ? yes : no}
    </span>
  )
}
