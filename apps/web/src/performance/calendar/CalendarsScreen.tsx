import { useQuery } from '@tanstack/react-query'
import type { EquipmentNode, WorkCalendar } from '@throughline/model'
import { listCalendars } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { useNodes } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { CalendarForm } from './CalendarForm.tsx'
import { byNode, linesOfExceptions, shiftText } from './calendar-words.ts'

/** When the plant works: shifts, breaks and holidays, in the zone they are meant in. */
export function CalendarsScreen(): ReactElement {
  const denial = useDenial()
  const { nodes, tree } = useNodes()
  const { data, error } = useQuery(ask(listCalendars, {}))
  const [editing, setEditing] = useState<WorkCalendar | 'new' | undefined>(undefined)
  const mayNot = denial('performance.calendar.write', 'change the calendars')
  const calendars = byNode(data ?? [])
  return (
    <>
      <ScreenHead
        title="Work calendars"
        answer={data === undefined ? undefined : countText(calendars.length)}
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Set a calendar
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The calendars could not be read" error={error} />}
        {data !== undefined && calendars.length === 0 ? (
          <EmptyState
            title="No calendar yet"
            reason="Without one, each UTC day counts as one shift, and all of it as planned."
          />
        ) : null}
        {calendars.map(({ newest, older }) => (
          <section key={newest.id} className="performance-panel" aria-labelledby={`calendar-${newest.id}`}>
            <div className="performance-panel-head">
              <h2 id={`calendar-${newest.id}`}>{pathOf(tree.byId(newest.nodeId))}</h2>
              <span className="form-line">
                <RecordTrailLink kind="performance.work_calendar" id={newest.id} />
                <GuardedButton
                  variant="default"
                  reason={mayNot}
                  aria-label={`Set the next version for ${pathOf(tree.byId(newest.nodeId))}`}
                  onClick={() => setEditing(newest)}
                >
                  Set the next version
                </GuardedButton>
              </span>
            </div>
            <Version calendar={newest} />
            {older.length === 0 ? null : (
              <details>
                <summary>
                  {older.length} older {older.length === 1 ? 'version' : 'versions'}
                </summary>
                {older.map((calendar) => (
                  <div key={calendar.id} className="strip-detail">
                    <Version calendar={calendar} />
                  </div>
                ))}
              </details>
            )}
          </section>
        ))}
        {editing === undefined ? null : (
          <CalendarForm
            before={editing === 'new' ? undefined : editing}
            nodes={nodes}
            onClose={() => setEditing(undefined)}
          />
        )}
      </div>
    </>
  )
}

const pathOf = (node: EquipmentNode | undefined): string => node?.path ?? 'equipment outside your scopes'

function countText(count: number): string {
  return count === 1 ? 'One calendar' : `${count} calendars`
}

function Version({ calendar }: { readonly calendar: WorkCalendar }): ReactElement {
  const exceptions = linesOfExceptions(calendar.exceptions)
  return (
    <>
      <p className="tl-dim">
        Version {calendar.version}, from {calendar.validFrom} on, {calendar.timeZone}. By {calendar.recordedBy}:{' '}
        {calendar.reason}
      </p>
      <ul>
        {calendar.shifts.map((shift) => (
          <li key={`${shift.name} ${shift.start}`}>{shiftText(shift)}</li>
        ))}
        {calendar.shifts.length === 0 ? <li>No shifts: nothing is planned to be made.</li> : null}
      </ul>
      {exceptions === '' ? null : (
        <details>
          <summary>{calendar.exceptions.length} days that differ</summary>
          <ul>
            {exceptions.split('\n').map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
