import { ProblemNotice, problemFacts } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { DraftProblem } from './draft-problem.ts'

interface DraftProblemsProps {
  readonly problems: readonly DraftProblem[]
  /** What the server said, where it names no field. */
  readonly error: Error | null
  /** What a part is called: `Step`. */
  readonly noun: string
  readonly onOpen: (part: number) => void
}

/** Everything that keeps a draft from being saved, each with the way to its part. */
export function DraftProblems({ problems, error, noun, onOpen }: DraftProblemsProps): ReactElement | null {
  if (problems.length === 0) {
    return error === null || problemFacts(error).fields.length > 0 ? null : (
      <ProblemNotice what="The draft was not saved" error={error} />
    )
  }
  return (
    <div className="tl-notice draft-problems" role="alert">
      <p className="tl-notice-title">The draft was not saved</p>
      <ul>
        {problems.map(({ part, message }) => (
          <li key={`${part} ${message}`}>
            {part === null ? null : (
              <button type="button" className="link-button" onClick={() => onOpen(part)}>
                {noun} {part + 1}
              </button>
            )}
            {part === null ? '' : ', '}
            {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
