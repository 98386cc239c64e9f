import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { toIso } from '@throughline/kernel'
import type { Deviation, EquipmentNode } from '@throughline/model'
import { listTags } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { AlarmByName } from '../../alarm/one/AlarmByName.tsx'
import { RaisedAlarms } from '../../alarm/one/RaisedAlarms.tsx'
import { ask } from '../../door/queries.ts'
import { mostTraces } from '../../historian/trend/trend-search.ts'
import { searchOf, windowText } from '../../performance/window/window-choice.ts'

interface DeviationContextProps {
  readonly deviation: Deviation
  readonly place: EquipmentNode | undefined
  readonly timeZone: string | undefined
}

/** Everything that was known when it was opened: order, lots, place, and the values of that time. */
export function DeviationContext({ deviation, place, timeZone }: DeviationContextProps): ReactElement {
  const { window, orderCode, lots, about, cause } = deviation
  const tagIds = useTagsOf(deviation)
  return (
    <section className="performance-panel" aria-labelledby="deviation-context">
      <h2 id="deviation-context">Context</h2>
      <dl className="stop-facts">
        <dt>{cause.kind === 'alarm' ? 'Alarm' : 'Step, parameter or gate'}</dt>
        <dd>{cause.kind === 'alarm' ? <AlarmByName name={about} /> : about === '' ? '—' : about}</dd>
        {cause.kind === 'alarm' ? null : (
          <>
            <dt>Raised the alarm</dt>
            <dd>
              <RaisedAlarms deviationId={deviation.id} />
            </dd>
          </>
        )}
        <dt>Order</dt>
        <dd>
          {orderCode === null ? (
            'none'
          ) : (
            <Link to="/orders/$code" params={{ code: orderCode }}>
              {orderCode}
            </Link>
          )}
        </dd>
        <dt>Lots and serials</dt>
        <dd>
          {lots.length === 0 ? 'none' : null}
          {lots.map(({ lotId, code }) => (
            <Link key={lotId} className="making-place" to="/lots/$code" params={{ code }}>
              {code}
            </Link>
          ))}
        </dd>
        <dt>Where</dt>
        <dd>
          {place === undefined ? (
            deviation.nodeId === null ? (
              '—'
            ) : (
              'outside your scopes'
            )
          ) : (
            <Link to="/equipment/$" params={{ _splat: place.path }}>
              {place.path}
            </Link>
          )}
        </dd>
        <dt>Window</dt>
        <dd>
          {window === null ? (
            'none was given'
          ) : (
            <>
              {windowText(window, timeZone)}
              <span className="inline-links">
                {tagIds.length === 0 ? null : (
                  <Link to="/trend" search={{ tags: tagIds.join(','), from: toIso(window.from), to: toIso(window.to) }}>
                    Trend of that time
                  </Link>
                )}
                {place === undefined ? null : (
                  <Link to="/oee" search={{ node: place.path, ...searchOf(window) }}>
                    States and alarms of that time
                  </Link>
                )}
              </span>
            </>
          )}
        </dd>
        <dt>Opened</dt>
        <dd>
          {formatInstant(deviation.openedAt, 'record', timeZone)} by {deviation.openedBy}
          <span className="machine-sub">version {deviation.version}</span>
        </dd>
      </dl>
    </section>
  )
}

/** The tags to look at: those that were kept with it, else the first ones of its place. */
function useTagsOf({ tagIds, nodeId }: Deviation): readonly string[] {
  const isKept = tagIds.length > 0
  const { data } = useQuery({
    ...ask(listTags, { nodeId: nodeId ?? '', limit: mostTraces }),
    enabled: !isKept && nodeId !== null,
    staleTime: 60_000,
  })
  return isKept ? tagIds.slice(0, mostTraces) : (data?.tags.map(({ id }) => id) ?? [])
}
