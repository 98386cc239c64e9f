import type { ReactElement, ReactNode } from 'react'
import { problemFacts } from './problem-facts.ts'
import './notice.css'

interface ProblemNoticeProps {
  /** What failed, as people would say it: "The trend could not be read". */
  readonly what: string
  readonly error: unknown
  readonly action?: ReactNode
}

/** A failure: what failed, why, what to do, and the reference to quote. */
export function ProblemNotice({ what, error, action }: ProblemNoticeProps): ReactElement {
  const facts = problemFacts(error)
  return (
    <div className="tl-notice" role="alert">
      <p className="tl-notice-title">{what}</p>
      <p>
        {facts.message}
        {/[.!?]$/.test(facts.message) ? '' : '.'} {facts.advice}
      </p>
      {facts.fields.length === 0 ? null : (
        <ul>
          {facts.fields.map((field) => (
            <li key={field.path}>
              {field.path}: {field.message}
            </li>
          ))}
        </ul>
      )}
      {facts.code === undefined ? null : (
        <p className="tl-notice-code">
          {facts.code}
          {facts.reference === undefined ? null : ` · reference ${facts.reference}`}
        </p>
      )}
      {action === undefined ? null : <div className="tl-notice-action">{action}</div>}
    </div>
  )
}
