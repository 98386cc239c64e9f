import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AlarmKpis } from '@throughline/model'
import { getAlarmKpis, getPhilosophy } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { useInWindow, usePlace, useShownWindow, useWindowChoice } from '../../performance/machine/performance-hooks.ts'
import { WindowBar } from '../../performance/window/WindowBar.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AlarmTabs } from '../AlarmTabs.tsx'
import { priorityWords } from '../alarm-words.ts'
import { HourlyAlarms } from './HourlyAlarms.tsx'
import { acknowledgedText, judgedFigures, metWords } from './kpi-words.ts'

const route = getRouteApi('/app/alarm-kpis')
const mostOperators = 20

/** How well the alarms serve their operators, against the targets of the philosophy. */
export function AlarmKpiScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { node, unknown, nodes, timeZone } = usePlace(search.node)
  const choice = useWindowChoice({ ...search, window: search.window ?? '7d' }, node?.id, timeZone)
  const shown = useShownWindow(choice)
  const operators = search.operators ?? 1
  const { data, error } = useInWindow(getAlarmKpis, choice, [node?.id ?? null, operators], (window) => ({
    ...(node === undefined ? {} : { nodeId: node.id }),
    window,
    operators,
  }))
  const kpis = data?.answer
  const topTenTarget = useQuery(ask(getPhilosophy, {})).data?.targets.topTenShare
  return (
    <>
      <ScreenHead
        title={node === undefined ? 'Alarm key figures' : `Alarm key figures of ${node.name}`}
        answer={kpis === undefined ? undefined : answerOf(kpis, topTenTarget)}
      />
      <AlarmTabs />
      <WindowBar
        {...{ nodes, node, shown, timeZone }}
        search={{ ...search, window: search.window ?? '7d' }}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, ...next }) })}
      >
        <NativeSelect
          label="Operators"
          value={String(operators)}
          data={Array.from({ length: mostOperators }, (_, index) => String(index + 1))}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value)
            void navigate({ search: (before) => ({ ...before, operators: chosen === 1 ? undefined : chosen }) })
          }}
        />
      </WindowBar>
      <div className="performance">
        {unknown ? (
          <p className="screen-note" role="alert">
            No equipment at “{search.node}”. Shown are the figures of all that you may see.
          </p>
        ) : null}
        {error === null ? null : <ProblemNotice what="The figures could not be read" error={error} />}
        {kpis === undefined ? null : <Figures kpis={kpis} topTenTarget={topTenTarget} timeZone={timeZone} />}
      </div>
    </>
  )
}

function answerOf(kpis: AlarmKpis, topTenTarget: number | undefined): ReactElement {
  const missed = judgedFigures(kpis, topTenTarget).filter(({ met }) => met === false).length
  return (
    <>
      <strong>{missed === 0 ? 'All targets are met' : `${missed} of the targets missed`}</strong>
      <span>
        {kpis.occurrences} alarms shown, {kpis.hidden} hidden
      </span>
    </>
  )
}

interface FiguresProps {
  readonly kpis: AlarmKpis
  readonly timeZone: string | undefined
}

function Figures({
  kpis,
  topTenTarget,
  timeZone,
}: FiguresProps & { readonly topTenTarget: number | undefined }): ReactElement {
  const { secondsToAcknowledge } = kpis
  return (
    <>
      <DataTable
        caption="Figures against their targets"
        rows={judgedFigures(kpis, topTenTarget)}
        rowKey={(row) => row.name}
        columns={[
          { key: 'name', head: 'Figure', cell: (row) => row.name },
          { key: 'figure', head: 'Is', cell: (row) => <span className="tl-figure">{row.figure}</span> },
          { key: 'target', head: 'Target', cell: (row) => row.target },
          { key: 'met', head: 'Target is', tight: true, cell: (row) => <strong>{metWords(row.met)}</strong> },
        ]}
      />
      <p>{acknowledgedText(secondsToAcknowledge)}</p>
      <HourlyAlarms hours={kpis.perHour} timeZone={timeZone} />
      <div className="performance-two">
        <TopTen kpis={kpis} />
        <Distribution kpis={kpis} />
      </div>
      <div className="performance-two">
        <Floods kpis={kpis} timeZone={timeZone} />
        <Nuisances kpis={kpis} timeZone={timeZone} />
      </div>
    </>
  )
}

function TopTen({ kpis: { topTen } }: { readonly kpis: AlarmKpis }): ReactElement {
  const longest = Math.max(1, ...topTen.map(({ count }) => count))
  return (
    <section className="performance-panel" aria-labelledby="alarm-top">
      <h2 id="alarm-top">The ten most frequent</h2>
      {topTen.length === 0 ? <EmptyState title="No alarms in this window" /> : null}
      <ol className="alarm-top" aria-label="The ten most frequent">
        {topTen.map((top) => (
          <li key={top.definitionId} className="alarm-top-row">
            <span className="alarm-top-label">
              <AlarmMark priority={top.priority as AlarmPriority} size={12} />{' '}
              <Link to="/alarms/$definitionId" params={{ definitionId: top.definitionId }}>
                {top.message}
              </Link>
            </span>
            <span className="alarm-top-track" aria-hidden="true">
              <span style={{ width: `${(top.count / longest) * 100}%` }} />
            </span>
            <span className="tl-figure">
              {top.count} · {formatNumber(top.share * 100, 0)}&#8239;%
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Distribution({ kpis: { distribution } }: { readonly kpis: AlarmKpis }): ReactElement {
  const share = (value: number): string => `${formatNumber(value * 100, 0)}\u202f%`
  return (
    <div>
      <h2>By priority</h2>
      <DataTable
        caption="By priority"
        rows={distribution}
        rowKey={(row) => String(row.priority)}
        columns={[
          {
            key: 'priority',
            head: 'Priority',
            cell: (row) => (
              <span className="alarm-count">
                <AlarmMark priority={row.priority as AlarmPriority} size={14} />
                {priorityWords[row.priority as 1 | 2 | 3 | 4]}
              </span>
            ),
          },
          { key: 'count', head: 'Alarms', align: 'right', cell: (row) => row.count },
          {
            key: 'share',
            head: 'Share',
            align: 'right',
            cell: (row) => (row.share === null ? '— (counted apart)' : share(row.share)),
          },
          {
            key: 'target',
            head: 'Target',
            align: 'right',
            cell: (row) => (row.target === 0 ? '—' : share(row.target)),
          },
        ]}
      />
    </div>
  )
}

function Floods({ kpis: { flood }, timeZone }: FiguresProps): ReactElement {
  return (
    <div>
      <h2>Floods</h2>
      <DataTable
        caption="Floods"
        rows={flood.floods}
        rowKey={(row) => String(row.from)}
        empty={<EmptyState title="No flood in this window" />}
        columns={[
          { key: 'from', head: 'From', cell: (row) => formatInstant(row.from, 'record', timeZone) },
          { key: 'to', head: 'To', cell: (row) => formatInstant(row.to, 'record', timeZone) },
          { key: 'count', head: 'Alarms', align: 'right', cell: (row) => row.occurrences },
          { key: 'peak', head: 'Most in ten minutes', align: 'right', cell: (row) => row.peak },
        ]}
      />
    </div>
  )
}

function Nuisances({ kpis: { chattering, stale }, timeZone }: FiguresProps): ReactElement {
  return (
    <section aria-labelledby="alarm-nuisance">
      <h2 id="alarm-nuisance">Chattering and stale</h2>
      <DataTable
        caption="Chattering alarms"
        rows={chattering}
        rowKey={(row) => row.definitionId}
        empty={<EmptyState title="No alarm chatters" />}
        columns={[
          { key: 'name', head: 'Chattering', cell: (row) => <ToAlarm {...row} /> },
          { key: 'most', head: 'Most in a minute', align: 'right', cell: (row) => row.mostInAMinute },
          { key: 'minutes', head: 'Minutes', align: 'right', cell: (row) => row.minutes },
        ]}
      />
      <DataTable
        caption="Stale alarms"
        rows={stale}
        rowKey={(row) => row.definitionId}
        empty={<EmptyState title="No alarm is stale" />}
        columns={[
          { key: 'name', head: 'Stale', cell: (row) => <ToAlarm {...row} /> },
          { key: 'since', head: 'Since', cell: (row) => formatInstant(row.since, 'record', timeZone) },
        ]}
      />
    </section>
  )
}

function ToAlarm({ definitionId, name }: { readonly definitionId: string; readonly name: string }): ReactElement {
  return (
    <Link to="/alarms/$definitionId" params={{ definitionId }}>
      {name}
    </Link>
  )
}
