import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { AlarmPhilosophy } from '@throughline/model'
import { AlarmSeverity, getPhilosophy, getPhilosophyDocument, TimeToRespond } from '@throughline/model'
import { AlarmMark, DataTable, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { downloadFile } from '../../shell/download.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { priorityWords, respondWords, secondsText, severityWords } from '../alarm-words.ts'
import { priorityOf } from './definition-draft.ts'
import { PhilosophyForm } from './PhilosophyForm.tsx'
import { priorities } from './philosophy-draft.ts'

/** By which rules alarms are made and judged. */
export function PhilosophyScreen(): ReactElement {
  const timeZone = usePlantZone()
  const denial = useDenial()
  const [changing, setChanging] = useState(false)
  const { data, error } = useQuery(ask(getPhilosophy, {}))
  const download = useMutation({
    mutationFn: () => client(getPhilosophyDocument, {}),
    onSuccess: ({ fileName, content }) => downloadFile(fileName, 'application/pdf', content),
  })
  return (
    <>
      <ScreenHead
        title="Alarm philosophy"
        answer={data === undefined ? undefined : answerOf(data, timeZone)}
        actions={
          <>
            <GuardedButton
              reason={denial('alarm.definition.release', 'change the alarm philosophy')}
              onClick={() => setChanging(true)}
            >
              Change
            </GuardedButton>
            <Button variant="default" loading={download.isPending} onClick={() => download.mutate()}>
              Download as PDF
            </Button>
          </>
        }
      />
      <AlarmTabs />
      <div className="performance">
        {download.isError ? <ProblemNotice what="The document was not made" error={download.error} /> : null}
        {error === null ? null : <ProblemNotice what="The philosophy could not be read" error={error} />}
        {data === undefined ? null : <Philosophy philosophy={data} />}
      </div>
      {changing && data !== undefined ? <PhilosophyForm before={data} onClose={() => setChanging(false)} /> : null}
    </>
  )
}

function answerOf({ version, recordedAt, recordedBy, reason }: AlarmPhilosophy, timeZone: string | undefined): string {
  if (recordedAt === null) return 'As delivered: nobody has set another one'
  return `Version ${version}, ${formatInstant(recordedAt, 'record', timeZone)} by ${recordedBy}: ${reason}`
}

function Philosophy({ philosophy }: { readonly philosophy: AlarmPhilosophy }): ReactElement {
  const { purpose, maxShelfSeconds, targets } = philosophy
  const share = (value: number): string => `${formatNumber(value * 100, 0)}\u202f%`
  return (
    <>
      <section className="performance-panel" aria-labelledby="philosophy-purpose">
        <h2 id="philosophy-purpose">Purpose</h2>
        <p>{purpose === '' ? '— (none is written down)' : purpose}</p>
      </section>
      <div>
        <h2>Priority by severity and time to respond</h2>
        <DataTable
          caption="Priority by severity and time to respond"
          rows={AlarmSeverity.options.toReversed()}
          rowKey={(severity) => severity}
          columns={[
            { key: 'severity', head: 'How bad it gets', tight: true, cell: (severity) => severityWords[severity] },
            ...TimeToRespond.options.map((time) => ({
              key: time,
              head: respondWords[time],
              cell: (severity: AlarmSeverity) => {
                const priority = priorityOf(philosophy, severity, time)
                return priority === undefined ? '—' : <AlarmMark priority={priority} size={14} />
              },
            })),
          ]}
        />
      </div>
      <div>
        <h2>By priority</h2>
        <DataTable
          caption="By priority"
          rows={priorities}
          rowKey={String}
          columns={[
            {
              key: 'priority',
              head: 'Priority',
              cell: (priority) => (
                <span className="alarm-count">
                  <AlarmMark priority={priority} size={14} /> {priorityWords[priority]}
                </span>
              ),
            },
            {
              key: 'shelf',
              head: 'Longest shelving',
              align: 'right',
              cell: (priority) =>
                maxShelfSeconds[priority] === 0 ? 'not at all' : secondsText(maxShelfSeconds[priority]),
            },
            {
              key: 'share',
              head: 'Share of all alarms, target',
              align: 'right',
              cell: (priority) =>
                targets.distribution[priority] === 0 ? 'counted apart' : share(targets.distribution[priority]),
            },
          ]}
        />
      </div>
      <section className="performance-panel" aria-labelledby="philosophy-targets">
        <h2 id="philosophy-targets">Targets</h2>
        <dl className="stop-facts">
          <dt>Alarms in ten minutes, per operator</dt>
          <dd>{targets.perOperatorPer10Min} at most</dd>
          <dt>A flood</dt>
          <dd>
            from {targets.floodPer10Min} alarms in ten minutes; {share(targets.floodShare)} of the time at most
          </dd>
          <dt>Stale</dt>
          <dd>after {targets.staleAfterHours} h</dd>
          <dt>Chattering</dt>
          <dd>from {targets.chatteringPerMinute} times within a minute</dd>
          <dt>The ten most frequent</dt>
          <dd>{share(targets.topTenShare)} of all alarms at most</dd>
        </dl>
      </section>
    </>
  )
}
