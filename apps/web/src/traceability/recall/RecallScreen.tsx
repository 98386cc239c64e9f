import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RecallDrill } from '@throughline/model'
import { endRecallDrill, exportRecallDrill, getRecallDrill } from '@throughline/model'
import { formatDuration, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import '../../execution/making.css'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import '../../performance/performance.css'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { downloadFrom, downloadText } from '../../shell/download.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AffectedLots } from './AffectedLots.tsx'
import { countedStatuses, elapsedText, recallCsv, statusWord } from './recall-words.ts'

const route = getRouteApi('/app/recalls/$drillId')

/** One recall drill: what it found, how quickly, and how it ended. */
export function RecallScreen(): ReactElement {
  const { drillId } = route.useParams()
  const timeZone = usePlantZone()
  // What it found never changes; only its end comes later.
  const { data: drill, error } = useQuery({ ...ask(getRecallDrill, { drillId }), staleTime: 10_000 })
  return (
    <>
      <ScreenHead
        above={<Link to="/recalls">Recall drills</Link>}
        title={drill === undefined ? 'Recall drill' : `Recall drill: ${drill.subject}`}
        answer={drill === undefined ? undefined : <Answer drill={drill} />}
        actions={drill === undefined ? undefined : <Actions drill={drill} />}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The recall drill could not be read" error={error} />}
        {drill === undefined ? null : (
          <>
            <section className="performance-panel" aria-label="What is known">
              <dl className="stop-facts">
                <dt>Why</dt>
                <dd className="making-text">{drill.reason}</dd>
                <dt>Begun</dt>
                <dd>
                  {formatInstant(drill.begunAt, 'record', timeZone)} by {drill.begunBy}
                </dd>
                <dt>All found in</dt>
                <dd className="tl-figure">{elapsedText(drill.elapsedMs)}</dd>
                <dt>Ended</dt>
                <dd>
                  {drill.endedAt === null ? (
                    <strong>still open</strong>
                  ) : (
                    <>
                      {formatInstant(drill.endedAt, 'record', timeZone)}, after{' '}
                      {formatDuration((drill.endedAt - drill.begunAt) / 1000)}
                    </>
                  )}
                </dd>
                {drill.endedAt === null ? null : (
                  <>
                    <dt>Conclusion</dt>
                    <dd className="making-text">{drill.conclusion}</dd>
                  </>
                )}
              </dl>
            </section>
            <AffectedLots drill={drill} />
          </>
        )}
      </div>
    </>
  )
}

function Answer({ drill }: { readonly drill: RecallDrill }): ReactElement {
  const { total, byStatus } = countedStatuses(drill.counts)
  return (
    <>
      <strong>
        {total} {total === 1 ? 'lot or serial' : 'lots and serials'} affected, found in {elapsedText(drill.elapsedMs)}
      </strong>
      <span>{byStatus.map(([status, count]) => `${count} ${statusWord(status).toLowerCase()}`).join(', ')}</span>
      <RecordTrailLink kind="traceability.recall_drill" id={drill.id} />
    </>
  )
}

function Actions({ drill }: { readonly drill: RecallDrill }): ReactElement {
  const denial = useDenial()
  const [ending, setEnding] = useState(false)
  const name = `recall-${drill.id}`
  const report = useMutation({
    mutationFn: () => client(exportRecallDrill, { drillId: drill.id }),
    onSuccess: ({ path, fileName }) => downloadFrom(path, fileName),
  })
  return (
    <>
      <Button variant="default" loading={report.isPending} onClick={() => report.mutate()}>
        Report as PDF
      </Button>
      <Button variant="default" onClick={() => downloadText(`${name}.csv`, 'text/csv', recallCsv(drill))}>
        Export CSV
      </Button>
      <Button
        variant="default"
        onClick={() => downloadText(`${name}.json`, 'application/json', JSON.stringify(drill, null, 2))}
      >
        Export JSON
      </Button>
      {drill.endedAt === null ? (
        <GuardedButton reason={denial('traceability.recall', 'end recall drills')} onClick={() => setEnding(true)}>
          End the drill
        </GuardedButton>
      ) : null}
      {ending ? <EndRecall drill={drill} onClose={() => setEnding(false)} /> : null}
      {report.isError ? <ProblemNotice what="The report could not be made" error={report.error} /> : null}
    </>
  )
}

function EndRecall({ drill, onClose }: { readonly drill: RecallDrill; readonly onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  const [conclusion, setConclusion] = useState('')
  return (
    <TaskDialog
      title="End the drill"
      verb="End"
      failure="The drill was not ended"
      reason="none"
      check={() => (conclusion.trim().length < 3 ? 'Say what came of it, in 3 characters at least.' : undefined)}
      onSave={async () => {
        const ended = await client(endRecallDrill, { drillId: drill.id, conclusion: conclusion.trim() })
        queryClient.setQueryData(ask(getRecallDrill, { drillId: drill.id }).queryKey, ended)
      }}
      onClose={onClose}
    >
      <p>A drill that has ended stays as it is.</p>
      <Textarea
        label="Conclusion"
        description="Were all pieces found, and what has to become better?"
        rows={4}
        maxLength={4000}
        data-autofocus
        value={conclusion}
        onChange={({ currentTarget: { value } }) => setConclusion(value)}
      />
    </TaskDialog>
  )
}
