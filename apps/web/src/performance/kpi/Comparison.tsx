import { NativeSelect } from '@mantine/core'
import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { EquipmentNode, KpiDefinition, KpiRow, Window } from '@throughline/model'
import { compareKpis } from '@throughline/model'
import { DataTable, kpiDifference, kpiText, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { kpiOf } from '../machine/machine-words.ts'
import type { WindowChoice } from '../machine/performance-hooks.ts'
import { useInWindow } from '../machine/performance-hooks.ts'
import { windowText } from '../window/window-choice.ts'
import { leadKpis } from './KpiCards.tsx'

interface ComparisonProps {
  readonly node: EquipmentNode | undefined
  readonly choice: WindowChoice
  readonly tree: PlantTree
  readonly definitions: readonly KpiDefinition[]
  readonly timeZone: string | undefined
}

type Against = 'before' | 'week-before' | 'none'
const mostNodes = 50
const weekMs = 7 * 86_400_000

/** What a node is made of, side by side, and against an earlier window. */
export function Comparison({ node, choice, tree, definitions, timeZone }: ComparisonProps): ReactElement | null {
  const [against, setAgainst] = useState<Against>('before')
  const parts = node === undefined ? tree.roots : tree.children(node.id)
  const nodes = (parts.length === 0 && node !== undefined ? [node] : parts).slice(0, mostNodes)
  const nodeIds = nodes.map(({ id }) => id)
  const { data, error } = useInWindow(
    compareKpis,
    choice,
    [nodeIds, against],
    nodeIds.length === 0 ? undefined : (window) => ({ nodeIds, window, before: earlier(window, against) }),
  )
  const lead = leadKpis.flatMap((id) => definitions.filter((definition) => definition.id === id))
  const before = data === undefined ? null : earlier(data.window, against)
  if (nodes.length === 0) return null
  return (
    <section aria-labelledby="comparison">
      <div className="performance-panel-head">
        <h2 id="comparison">Compared</h2>
        <NativeSelect
          aria-label="Compare with"
          value={against}
          data={[
            { value: 'before', label: 'With the same length just before' },
            { value: 'week-before', label: 'With the same time a week before' },
            { value: 'none', label: 'Only beside each other' },
          ]}
          onChange={(event) => setAgainst(event.currentTarget.value as Against)}
        />
      </div>
      {before === null ? null : <p className="tl-dim">Before: {windowText(before, timeZone)}</p>}
      {error === null ? null : <ProblemNotice what="The comparison could not be made" error={error} />}
      {data === undefined ? null : (
        <DataTable
          caption="KPIs compared"
          rows={data.answer}
          rowKey={(row) => row.nodeId}
          columns={[
            { key: 'node', head: 'Where', cell: (row) => tree.byId(row.nodeId)?.name ?? row.now.label },
            ...lead.map((definition) => ({
              key: definition.id,
              head: definition.name,
              align: 'right' as const,
              tight: true,
              cell: (row: { now: KpiRow; before: KpiRow | null }) => <Change row={row} definition={definition} />,
            })),
          ]}
        />
      )}
    </section>
  )
}

function earlier({ from, to }: Window, against: Against): Window | null {
  if (against === 'none') return null
  const byMs = against === 'before' ? (to - from) / 1000 : weekMs
  const start = Math.max(0, plusMs(from, -byMs)) as Instant
  return { from: start, to: plusMs(to, -byMs) }
}

interface ChangeProps {
  readonly row: { readonly now: KpiRow; readonly before: KpiRow | null }
  readonly definition: KpiDefinition
}

function Change({ row, definition: { id, unit } }: ChangeProps): ReactElement {
  const now = kpiOf(row.now, id)
  const before = row.before === null ? undefined : kpiOf(row.before, id)
  const difference = kpiDifference(now?.value ?? null, before?.value ?? null, unit)
  return (
    <span className="tl-figure" title={now?.note ?? undefined}>
      {kpiText(now?.value ?? null, unit)}
      {row.before === null ? null : (
        <span className="machine-sub">
          {difference === null ? 'no figure to compare' : `${difference} from ${kpiText(before?.value ?? null, unit)}`}
        </span>
      )}
    </span>
  )
}
