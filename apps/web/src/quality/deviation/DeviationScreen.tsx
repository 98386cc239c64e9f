import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Deviation } from '@throughline/model'
import { getDeviation } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { isId, makingRefreshMs } from '../../execution/form/making-queries.ts'
import '../../execution/making.css'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { ThreadLink } from '../../traceability/ThreadLink.tsx'
import { DeviationContext } from './DeviationContext.tsx'
import { DeviationEnd } from './DeviationEnd.tsx'
import { DeviationNotes } from './DeviationNotes.tsx'
import { causeWords, deviationStateWords, dispositionWords, severityWords } from './deviation-words.ts'

const route = getRouteApi('/app/deviations/$code')

/** One deviation: what happened, everything that was known of it then, what people noted, and how it ended. */
export function DeviationScreen(): ReactElement {
  const { code } = route.useParams()
  const { tree } = useNodes()
  const shared = usePlantZone()
  const { data: deviation, error } = useQuery({
    ...ask(getDeviation, isId(code) ? { deviationId: code } : { code }),
    refetchInterval: makingRefreshMs,
  })
  const place = deviation?.nodeId == null ? undefined : tree.byId(deviation.nodeId)
  const timeZone = (place === undefined ? undefined : tree.timeZoneOf(place.id)) ?? shared
  return (
    <>
      <ScreenHead
        above={<Link to="/deviations">Deviations</Link>}
        title={deviation === undefined ? `Deviation ${code}` : `${deviation.code}: ${deviation.title}`}
        answer={deviation === undefined ? undefined : <Answer deviation={deviation} timeZone={timeZone} />}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The deviation could not be read" error={error} />}
        {deviation === undefined ? null : (
          <>
            <section className="performance-panel" aria-labelledby="deviation-what">
              <h2 id="deviation-what">What happened</h2>
              <p className="making-text">{deviation.description === '' ? deviation.title : deviation.description}</p>
            </section>
            <DeviationContext deviation={deviation} place={place} timeZone={timeZone} />
            <DeviationNotes deviation={deviation} timeZone={timeZone} />
            {deviation.closed === null ? null : <Closed closed={deviation.closed} timeZone={timeZone} />}
            <DeviationEnd deviation={deviation} />
          </>
        )}
      </div>
    </>
  )
}

interface AnswerProps {
  readonly deviation: Deviation
  readonly timeZone: string | undefined
}

function Answer({ deviation, timeZone }: AnswerProps): ReactElement {
  return (
    <>
      <strong>
        {deviationStateWords[deviation.state]}, {severityWords[deviation.severity].toLowerCase()}
      </strong>
      <span>{formatInstant(deviation.at, 'record', timeZone)}</span>
      <span>{openingWords(deviation)}</span>
      <ThreadLink kind="deviation" id={deviation.id} />
      <RecordTrailLink kind="quality.deviation" id={deviation.id} />
    </>
  )
}

/** What or who opened it; an alarm opens it by itself. */
function openingWords({ cause, openedBy }: Deviation): string {
  if (cause.kind === 'person') return `opened by ${openedBy}`
  const because = `opened because of ${causeWords[cause.kind]}`
  return openedBy === cause.kind ? because : `${because}, by ${openedBy}`
}

interface ClosedProps {
  readonly closed: NonNullable<Deviation['closed']>
  readonly timeZone: string | undefined
}

function Closed({ closed, timeZone }: ClosedProps): ReactElement {
  return (
    <section className="performance-panel" aria-labelledby="deviation-closed">
      <h2 id="deviation-closed">{closed.disposition === null ? 'Taken back' : 'Conclusion'}</h2>
      {closed.disposition === null ? null : (
        <p>
          <strong>{dispositionWords[closed.disposition]}</strong>
        </p>
      )}
      <p className="making-text">{closed.conclusion}</p>
      <p className="tl-dim">
        By {closed.by}, {formatInstant(closed.at, 'record', timeZone)}
      </p>
    </section>
  )
}
