import { Link } from '@tanstack/react-router'
import { systemClock } from '@throughline/kernel'
import type { EquipmentNode, KpiRow, StateInterval, Window } from '@throughline/model'
import { getKpis, listStates } from '@throughline/model'
import {
  formatInstant,
  formatNumber,
  kpiRangeText,
  kpiText,
  ProblemNotice,
  StateChip,
  StateStrip,
} from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import type { Machine } from './machine-words.ts'
import { durationText, futureOf, kpiOf, stateText, stretchesOf } from './machine-words.ts'
import { useInWindow, useNow, useShownWindow, useWindowChoice } from './performance-hooks.ts'

interface MachineLineProps {
  readonly line: EquipmentNode
  readonly machines: readonly Machine[]
  readonly tree: PlantTree
}

const thisShift = {}

/** The machines of one line in its running shift. */
export function MachineLine({ line, machines, tree }: MachineLineProps): ReactElement {
  useTopic('performance', [[listStates.name]])
  const timeZone = tree.timeZoneOf(line.id)
  const choice = useWindowChoice(thisShift, line.id, timeZone)
  const shown = useShownWindow(choice)
  const kpis = useInWindow(getKpis, choice, [line.id, 'machine'], (window) => ({
    nodeId: line.id,
    window,
    by: 'machine' as const,
  }))
  const nodeIds = useMemo(() => machines.map(({ node }) => node.id).toSorted(), [machines])
  const states = useInWindow(listStates, choice, nodeIds, (window) => ({ nodeIds, window }))
  const rows = new Map((kpis.data?.answer.rows ?? []).map((row) => [row.key, row]))
  const intervals = new Map((states.data?.answer ?? []).map((one) => [one.nodeId as string, one.intervals]))
  const shift = choice.shifts?.findLast((one) => one.from === shown?.window.from)
  const stripWindow = shift === undefined ? states.data?.window : { from: shift.from, to: shift.to }
  const total = kpis.data?.answer.total
  return (
    <section className="machine-line" aria-labelledby={`line-${line.id}`}>
      <header className="machine-line-head">
        <h2 id={`line-${line.id}`}>
          <Link to="/oee" search={{ node: line.path }}>
            {line.name}
          </Link>
        </h2>
        {shown === undefined ? null : (
          <span className="tl-dim">
            {shown.label}, since {formatInstant(shown.window.from, 'day-minute', timeZone)}
          </span>
        )}
        {total === undefined ? null : <span>OEE {kpiText(kpiOf(total, 'oee')?.value ?? null, '%')}</span>}
      </header>
      {choice.error === null ? null : <ProblemNotice what="The shifts could not be read" error={choice.error} />}
      {kpis.error === null ? null : <ProblemNotice what="The KPIs could not be read" error={kpis.error} />}
      {states.error === null ? null : <ProblemNotice what="The states could not be read" error={states.error} />}
      {machines.map((machine) => (
        <MachineRow
          key={machine.node.id}
          machine={machine}
          row={rows.get(machine.node.id)}
          intervals={intervals.get(machine.node.id)}
          window={stripWindow}
          timeZone={timeZone}
        />
      ))}
    </section>
  )
}

interface MachineRowProps {
  readonly machine: Machine
  readonly row: KpiRow | undefined
  readonly intervals: readonly StateInterval[] | undefined
  readonly window: Window | undefined
  readonly timeZone: string | undefined
}

function MachineRow({ machine: { node, current }, row, intervals, window, timeZone }: MachineRowProps): ReactElement {
  return (
    <article className="machine-row" data-state-now={current.state}>
      <div>
        <Link className="machine-name" to="/oee" search={{ node: node.path }}>
          {node.name}
        </Link>
        <span className="machine-sub">{node.description}</span>
      </div>
      <div>
        <StateChip state={current.state} label={stateText(current.state, current.label)} />
        <Since machine={{ since: current.since, heardAt: current.heardAt }} timeZone={timeZone} />
      </div>
      <div>
        {current.order ?? <span className="tl-dim">no order</span>}
        <span className="machine-sub">
          {current.product ?? 'no product'}
          {current.good === null ? '' : ` · ${formatNumber(current.good, 0)} good`}
          {current.scrap === null ? '' : ` · ${formatNumber(current.scrap, 0)} scrap`}
        </span>
      </div>
      <OeeFigure row={row} />
      <div className="machine-strip">
        {intervals === undefined || window === undefined ? (
          <p className="tl-dim">The strip is being read</p>
        ) : (
          <StateStrip
            spans={[...stretchesOf(intervals, systemClock.now()), ...futureOf(window, systemClock.now())]}
            from={window.from}
            to={window.to}
            title={`${node.name}, states of the shift`}
            timeZone={timeZone}
          />
        )}
      </div>
      <div className="machine-links">
        {current.openStopId === null ? null : (
          <Link to="/stops/$stopId" params={{ stopId: current.openStopId }}>
            Open stop
          </Link>
        )}
        <Link to="/station-stops/$nodeId" params={{ nodeId: node.id }}>
          At the machine
        </Link>
      </div>
    </article>
  )
}

function Since({
  machine: { since, heardAt },
  timeZone,
}: {
  readonly machine: Pick<Machine['current'], 'since' | 'heardAt'>
  readonly timeZone: string | undefined
}): ReactElement {
  const now = useNow()
  const heard = heardAt === null ? 'never heard of' : `heard ${formatInstant(heardAt, 'second', timeZone)}`
  return (
    <span className="machine-sub">
      {durationText(now - since)}, since {formatInstant(since, 'minute', timeZone)} · {heard}
    </span>
  )
}

/** OEE of the shift, how sure it is, and what nobody explained. */
function OeeFigure({ row }: { readonly row: KpiRow | undefined }): ReactElement {
  if (row === undefined) return <div className="tl-dim">OEE —</div>
  const oee = kpiOf(row, 'oee')
  const range = oee === undefined ? undefined : kpiRangeText(oee, '%')
  const { unexplainedUs } = row.elements
  return (
    <div>
      <span className="tl-dim">OEE </span>
      <span className="machine-oee tl-figure">{kpiText(oee?.value ?? null, '%')}</span>
      {oee?.note ? <span className="machine-sub">{oee.note}</span> : null}
      {range === undefined ? null : (
        <span className="machine-sub">
          {range}
          {row.coverage === null ? '' : `, ${kpiText(row.coverage, '%')} known`}
        </span>
      )}
      {unexplainedUs > 0 ? <span className="machine-sub">{durationText(unexplainedUs)} unexplained</span> : null}
    </div>
  )
}
