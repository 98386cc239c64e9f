import { Button } from '@mantine/core'
import type { Instant } from '@throughline/kernel'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import '../../identity/access/access.css'
import '../../performance/performance.css'
import '../making.css'
import '../form/draft.css'

interface Drafted {
  readonly id: string
  readonly version: number
  readonly draftedBy: string
  readonly draftedAt: Instant
}

interface DraftPageProps<Row extends Drafted> {
  readonly title: string
  readonly above: ReactElement
  readonly versions: readonly Row[] | undefined
  /** While they are being read anew: writing begins by what stands now. */
  readonly fetching: boolean
  readonly error: Error | null
  readonly onRetry: () => void
  readonly children: (newest: Row) => ReactNode
}

/**
 * The page on which the next version is written, once the newest one has come. What somebody else saves meanwhile takes
 * nothing from the page, and is told.
 */
export function DraftPage<Row extends Drafted>(props: DraftPageProps<Row>): ReactElement {
  const { title, above, versions, fetching, error, onRetry, children } = props
  const timeZone = usePlantZone()
  const newest = versions?.toSorted((a, b) => b.version - a.version)[0]
  const [begun, setBegun] = useState<Row | undefined>(undefined)
  if (begun === undefined && newest !== undefined && !fetching) setBegun(newest)
  if (begun !== undefined) {
    const isOther = newest !== undefined && (newest.id !== begun.id || newest.draftedAt !== begun.draftedAt)
    return (
      <>
        {isOther ? (
          <p className="screen-note" role="alert">
            {newest.draftedBy} saved version {newest.version} {formatInstant(newest.draftedAt, 'record', timeZone)},
            after you began. Saving a draft replaces what they wrote in theirs: look at it first.
          </p>
        ) : null}
        {children(begun)}
      </>
    )
  }
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
      {versions === undefined || fetching ? null : <p>There is no such thing here yet.</p>}
    </>
  )
}
