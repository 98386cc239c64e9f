import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Alarm } from '@throughline/model'
import { acknowledgeAlarms, listAlarms } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { isHidden, isUnacknowledged, respondWords } from '../alarm-words.ts'
import { useAlarms } from '../standing/use-alarms.ts'
import { AlarmStanding } from './AlarmRow.tsx'
import { refusalsOf } from './list-rules.ts'
import '../../performance/performance.css'
import '../alarm.css'

/** One alarm alone, as somebody who was called opens it on a phone: what it is, and one large button. */
export function CalledAlarm({ occurrence }: { readonly occurrence: string }): ReactElement {
  const { alarms, error } = useAlarms({ show: 'all', limit: 2000 })
  const alarm = alarms?.find(({ occurrenceId }) => occurrenceId === occurrence)
  return (
    <>
      <ScreenHead title={alarm?.message ?? 'Alarm'} above={<Link to="/alarms">All alarms</Link>} />
      {error === null ? null : <ProblemNotice what="The alarm could not be read" error={error} />}
      {alarm === undefined && alarms !== undefined ? (
        <EmptyState
          title="This alarm stands no longer"
          reason="It has returned to normal and was acknowledged, or lies outside your scopes. The history tells what happened."
          action={<Link to="/alarm-history">Go to the history</Link>}
        />
      ) : null}
      {alarm === undefined ? null : <Called alarm={alarm} />}
    </>
  )
}

function Called({ alarm }: { readonly alarm: Alarm }): ReactElement {
  const { tree } = useNodes()
  const now = useNow(5000)
  const queryClient = useQueryClient()
  const refusal = useDenial()('alarm.acknowledge', 'acknowledge alarms')
  const [comment, setComment] = useState('')
  const node = tree.byId(alarm.nodeId)
  const acknowledge = useMutation({
    mutationFn: () => client(acknowledgeAlarms, { definitionIds: [alarm.definitionId], comment: comment.trim() }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [listAlarms.name] }),
  })
  const refused = refusalsOf(acknowledge.data ?? [])
  return (
    <div className="alarm-called">
      <div className="alarm-called-state">
        <AlarmMark
          priority={alarm.priority as AlarmPriority}
          unacknowledged={isUnacknowledged(alarm.state)}
          hidden={isHidden(alarm.state)}
          size={32}
        />
        <div>
          <AlarmStanding alarm={alarm} now={now} timeZone={tree.timeZoneOf(alarm.nodeId)} />
        </div>
      </div>
      <dl className="stop-facts">
        <dt>Where</dt>
        <dd>{node === undefined ? 'equipment outside your scopes' : node.path}</dd>
        <dt>Value</dt>
        <dd className="tl-figure alarm-wrap">{alarm.detail === '' ? '— (none was told)' : alarm.detail}</dd>
        <dt>Response</dt>
        <dd>{alarm.response === '' ? '— (none is written down)' : alarm.response}</dd>
        <dt>Respond within</dt>
        <dd>{respondWords[alarm.timeToRespond]}</dd>
      </dl>
      {isUnacknowledged(alarm.state) ? (
        <>
          <Textarea
            label="Comment (may be left empty)"
            rows={2}
            maxLength={500}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <GuardedButton
            reason={refusal}
            told
            className="alarm-called-button"
            loading={acknowledge.isPending}
            onClick={() => acknowledge.mutate()}
          >
            Acknowledge
          </GuardedButton>
        </>
      ) : null}
      <div aria-live="polite">
        {refused.map((text) => (
          <p key={text} className="screen-note">
            {text}.
          </p>
        ))}
      </div>
      {acknowledge.isError ? <ProblemNotice what="The alarm was not acknowledged" error={acknowledge.error} /> : null}
      <Button
        variant="default"
        renderRoot={(props) => (
          <Link to="/alarms/$definitionId" params={{ definitionId: alarm.definitionId }} {...props} />
        )}
      >
        Trend, history and definition
      </Button>
    </div>
  )
}
