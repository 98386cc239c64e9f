import { SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { getLosses } from '@throughline/model'
import type { ParetoBar } from '@throughline/ui'
import {
  EmptyState,
  formatNumber,
  kpiText,
  Pareto,
  ProblemNotice,
  paretoBars,
  Waterfall,
  waterfallBars,
} from '@throughline/ui'
import type { ReactElement } from 'react'
import { durationText } from '../machine/machine-words.ts'
import type { WindowChoice } from '../machine/performance-hooks.ts'
import { useInWindow } from '../machine/performance-hooks.ts'

export type ParetoOf = 'time' | 'count' | 'scrap'

interface LossesProps {
  readonly node: EquipmentNode | undefined
  readonly choice: WindowChoice
  readonly pareto: ParetoOf
  readonly onPareto: (pareto: ParetoOf) => void
}

const mostBars = 12
const unexplained = 'unexplained'

/** Where the planned time went: step by step, and reason by reason. */
export function Losses({ node, choice, pareto, onPareto }: LossesProps): ReactElement {
  const { data, error } = useInWindow(getLosses, choice, node?.id ?? null, (window) =>
    node === undefined ? { window } : { nodeId: node.id, window },
  )
  if (error !== null) return <ProblemNotice what="The losses could not be read" error={error} />
  const losses = data?.answer
  const bars =
    losses === undefined
      ? []
      : waterfallBars(
          { label: 'Planned busy time', amount: losses.pbtUs },
          losses.steps.map(({ id, label, us }) => ({ id, label, amount: us })),
          { label: 'Ideal time of good parts', amount: losses.idealGoodUs },
        )
  const pbtUs = losses?.pbtUs ?? 0
  const timeOfPbt = (us: number): string =>
    pbtUs > 0 ? `${durationText(us)} · ${kpiText(us / pbtUs, '%')}` : durationText(us)
  const amounts = { time: 'us', count: 'count', scrap: 'quantity' } as const
  const source = pareto === 'scrap' ? losses?.scrapReasons : losses?.stopReasons
  const causes = paretoBars(
    (source ?? []).map((one) => ({
      key: one.reasonId ?? unexplained,
      label: one.reasonId === null ? 'Unexplained' : one.label,
      amount: one[amounts[pareto]],
    })),
    mostBars,
  )
  return (
    <div className="performance-two">
      <section className="performance-panel" aria-labelledby="waterfall">
        <h2 id="waterfall">From planned time to good parts</h2>
        {losses !== undefined && bars.length === 0 ? (
          <EmptyState
            title="No planned busy time in this window"
            reason="No shift lies in it, or all of it was planned stops."
          />
        ) : (
          <Waterfall
            title="Losses from planned busy time to the ideal time of good parts"
            bars={bars}
            amountText={timeOfPbt}
          />
        )}
      </section>
      <section className="performance-panel" aria-labelledby="stop-reasons">
        <div className="performance-panel-head">
          <h2 id="stop-reasons">{pareto === 'scrap' ? 'Scrap by reason' : 'Stops by reason'}</h2>
          <SegmentedControl
            aria-label="Measure reasons by"
            data={[
              { value: 'time', label: 'Time' },
              { value: 'count', label: 'Number' },
              { value: 'scrap', label: 'Scrap' },
            ]}
            value={pareto}
            onChange={(value) => onPareto(value as ParetoOf)}
          />
        </div>
        {losses !== undefined && causes.length === 0 ? (
          <EmptyState title={pareto === 'scrap' ? 'No scrap in this window.' : 'No stops in this window.'} />
        ) : (
          <Pareto
            title={pareto === 'scrap' ? 'Scrap by reason' : `Stops by reason, by ${pareto}`}
            bars={causes}
            amountText={amountTexts[pareto]}
            labelOf={(bar) => <CauseLabel bar={bar} />}
          />
        )}
      </section>
    </div>
  )
}

const amountTexts: Readonly<Record<ParetoOf, (amount: number) => string>> = {
  time: durationText,
  count: (count) => `${formatNumber(count, 0)} ${count === 1 ? 'stop' : 'stops'}`,
  scrap: (quantity) => `${formatNumber(quantity, 0)} parts`,
}

/** What nobody explained leads to the stops that wait for it. */
function CauseLabel({ bar }: { readonly bar: ParetoBar }): ReactElement {
  if (bar.key !== unexplained) return <>{bar.label}</>
  return (
    <Link
      to="/stops"
      search={(before) => ({
        node: before.node,
        window: before.window,
        from: before.from,
        to: before.to,
        show: 'unexplained' as const,
      })}
    >
      {bar.label}
    </Link>
  )
}
