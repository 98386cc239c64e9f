import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { KpiRow } from '@throughline/model'
import { getKpis, listKpiDefinitions } from '@throughline/model'
import { kpiRangeText, kpiText, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { durationText, kpiOf } from '../machine/machine-words.ts'
import { useInWindow, usePlace, useShownWindow, useWindowChoice } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { WindowBar } from '../window/WindowBar.tsx'
import { Comparison } from './Comparison.tsx'
import { KpiCards } from './KpiCards.tsx'
import { KpiTable } from './KpiTable.tsx'
import { Losses } from './Losses.tsx'
import { MachineStrips } from './MachineStrips.tsx'
import { ReportDownload } from './ReportDownload.tsx'
import { RestatedShifts } from './RestatedShifts.tsx'

const route = getRouteApi('/app/oee')

const groups = [
  { value: 'machine', label: 'machine' },
  { value: 'line', label: 'line' },
  { value: 'area', label: 'area' },
  { value: 'site', label: 'site' },
  { value: 'shift', label: 'shift' },
  { value: 'day', label: 'day' },
  { value: 'product', label: 'product' },
  { value: 'order', label: 'order' },
] as const

/** How well a node used its time in a window, where the rest went, and the evidence behind it. */
export function OeeScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { node, unknown, tree, nodes, timeZone } = usePlace(search.node)
  const choice = useWindowChoice(search, node?.id, timeZone)
  const shown = useShownWindow(choice)
  const group = search.group ?? (search.window === '7d' || search.window === '30d' ? 'day' : 'machine')
  const definitions = useQuery({ ...ask(listKpiDefinitions, {}), staleTime: 600_000 })
  const kpis = useInWindow(getKpis, choice, [node?.id ?? null, group], (window) =>
    node === undefined ? { window, by: group } : { nodeId: node.id, window, by: group },
  )
  const answer = kpis.data?.answer
  const place = { node, choice }
  return (
    <>
      <ScreenHead
        title={node === undefined ? 'OEE and losses' : `OEE of ${node.name}`}
        answer={answer === undefined ? undefined : answerOf(answer.total)}
        actions={
          node === undefined || shown === undefined ? null : <ReportDownload node={node} window={shown.window} />
        }
      />
      <PerformanceTabs />
      <WindowBar
        {...{ nodes, node, search, shown, timeZone }}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, ...next }) })}
      />
      <div className="performance" aria-busy={kpis.isPlaceholderData}>
        {unknown ? (
          <p className="screen-note" role="alert">
            No equipment at “{search.node}”: it may have been renamed, or lie outside your scopes. Shown is all you may
            see.
          </p>
        ) : null}
        {choice.error === null ? null : <ProblemNotice what="The shifts could not be read" error={choice.error} />}
        {kpis.error === null ? null : <ProblemNotice what="The KPIs could not be read" error={kpis.error} />}
        {definitions.error === null ? null : (
          <ProblemNotice what="The definitions of the KPIs could not be read" error={definitions.error} />
        )}
        {answer === undefined || definitions.data === undefined ? null : (
          <KpiCards definitions={definitions.data} row={answer.total} />
        )}
        <Losses
          {...place}
          pareto={search.pareto ?? 'time'}
          onPareto={(pareto) => void navigate({ search: (before) => ({ ...before, pareto }) })}
        />
        <MachineStrips {...place} tree={tree} timeZone={timeZone} />
        {answer === undefined || definitions.data === undefined ? null : (
          <section aria-labelledby="kpi-groups">
            <div className="performance-panel-head">
              <h2 id="kpi-groups">By {group}</h2>
              <NativeSelect
                aria-label="Group by"
                data={groups.map(({ value, label }) => ({ value, label: `By ${label}` }))}
                value={group}
                onChange={({ currentTarget: { value } }) =>
                  void navigate({
                    search: (before) => ({ ...before, group: groups.find((one) => one.value === value)?.value }),
                  })
                }
              />
            </div>
            <KpiTable definitions={definitions.data} rows={answer.rows} group={group} tree={tree} />
          </section>
        )}
        {definitions.data === undefined ? null : (
          <Comparison {...place} tree={tree} definitions={definitions.data} timeZone={timeZone} />
        )}
        <RestatedShifts {...place} tree={tree} timeZone={timeZone} />
      </div>
    </>
  )
}

function answerOf(total: KpiRow): string {
  const oee = kpiOf(total, 'oee')
  const range = oee === undefined ? undefined : kpiRangeText(oee, '%')
  const parts = [
    `OEE ${kpiText(oee?.value ?? null, '%')}${range === undefined ? '' : `, ${range}`}`,
    total.coverage === null ? 'no planned busy time' : `${kpiText(total.coverage, '%')} of the planned time known`,
    ...(total.elements.unexplainedUs > 0 ? [`${durationText(total.elements.unexplainedUs)} unexplained`] : []),
    ...(total.running ? ['a shift is running: the figures go on changing'] : []),
  ]
  return parts.join(' · ')
}
