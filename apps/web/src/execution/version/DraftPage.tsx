import { Button } from '@mantine/core'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import '../../performance/performance.css'
import '../making.css'
import '../form/draft.css'

interface DraftPageProps<Row extends { readonly version: number }> {
  readonly title: string
  readonly above: ReactElement
  readonly versions: readonly Row[] | undefined
  readonly error: Error | null
  readonly onRetry: () => void
  readonly children: (newest: Row) => ReactNode
}

/** The page on which the next version is written, once the newest one has come. */
export function DraftPage<Row extends { readonly version: number }>(props: DraftPageProps<Row>): ReactElement {
  const { title, above, versions, error, onRetry, children } = props
  const newest = versions?.toSorted((a, b) => b.version - a.version)[0]
  if (newest !== undefined) return <>{children(newest)}</>
  return (
    <>
      <ScreenHead above={above} title={title} />
      {error === null ? null : (
        <ProblemNotice
          what={`${title} could not be read`}
          error={error}
          action={
            <Button variant="default" onClick={onRetry}>
              Try again
            </Button>
          }
        />
      )}
      {versions === undefined ? null : <p>There is no such thing here yet.</p>}
    </>
  )
}
