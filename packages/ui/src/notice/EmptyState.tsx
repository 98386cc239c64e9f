import type { ReactElement, ReactNode } from 'react'
import './notice.css'

interface EmptyStateProps {
  /** What would be here. */
  readonly title: string
  /** Why it is not. */
  readonly reason?: string
  /** The one thing to do about it. */
  readonly action?: ReactNode
}

/** A view without content: what would be here, why it is not, one action. */
export function EmptyState({ title, reason, action }: EmptyStateProps): ReactElement {
  return (
    <div className="tl-empty">
      <p className="tl-empty-title">{title}</p>
      {reason === undefined ? null : <p>{reason}</p>}
      {action}
    </div>
  )
}
