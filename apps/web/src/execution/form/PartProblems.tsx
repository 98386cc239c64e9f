import type { ReactElement } from 'react'

interface PartProblemsProps {
  /** What the part is called: `step`. */
  readonly noun: string
  readonly problems: readonly string[]
}

/** What has to be put right in the part that is open. */
export function PartProblems({ noun, problems }: PartProblemsProps): ReactElement | null {
  if (problems.length === 0) return null
  return (
    <div className="tl-notice" role="alert">
      <p className="tl-notice-title">To be put right in this {noun}</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  )
}
