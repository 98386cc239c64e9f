import type { ReactElement, ReactNode } from 'react'
import { useEffect } from 'react'

interface ScreenHeadProps {
  readonly title: string
  /** The answer to the question that brings a person here. */
  readonly answer?: ReactNode
  readonly above?: ReactNode
  readonly actions?: ReactNode
}

/** The head of every screen: where, what, and the answer first. */
export function ScreenHead({ title, answer, above, actions }: ScreenHeadProps): ReactElement {
  useEffect(() => {
    document.title = `${title} · Throughline`
  }, [title])
  return (
    <header className="screen-head">
      <div className="screen-head-words">
        {above}
        <h1>{title}</h1>
        {answer === undefined ? null : <p className="screen-answer">{answer}</p>}
      </div>
      {actions === undefined ? null : <div className="screen-actions">{actions}</div>}
    </header>
  )
}
