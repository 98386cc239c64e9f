import { Link } from '@tanstack/react-router'
import type { KpiDefinition, KpiRow } from '@throughline/model'
import { DataTable, EmptyState, formatNumber, kpiRangeText, kpiText } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { durationText, kpiOf } from '../machine/machine-words.ts'
import { leadKpis } from './KpiCards.tsx'

interface KpiTableProps {
  readonly definitions: readonly KpiDefinition[]
  readonly rows: readonly KpiRow[]
  readonly group: string
  readonly tree: PlantTree
}

/** KPIs side by side, one row a machine, shift, product or whatever they are grouped by. */
export function KpiTable({ definitions, rows, group, tree }: KpiTableProps): ReactElement {
  const lead = leadKpis.flatMap((id) => definitions.filter((definition) => definition.id === id))
  return (
    <DataTable
      caption={`KPIs by ${group}`}
      rows={rows}
      rowKey={(row) => row.key}
      empty={
        <EmptyState
          title="Nothing to group in this window"
          reason="No machine here worked in it, or nobody told which product or order was on."
        />
      }
      columns={[
        {
          key: 'label',
          tight: true,
          head: group.charAt(0).toUpperCase() + group.slice(1),
          cell: (row) => <RowName row={row} tree={tree} />,
        },
        ...lead.map((definition) => ({
          key: definition.id,
          head: <span title={`${definition.formula} · ${definition.clause}`}>{definition.name}</span>,
          align: 'right' as const,
          tight: true,
          cell: (row: KpiRow) => <Figure row={row} definition={definition} />,
        })),
        figure('good', 'Good', (row) => formatNumber(row.elements.gq, 0)),
        figure('scrap', 'Scrap', (row) => formatNumber(row.elements.sq, 0)),
        figure('down', 'Down time', (row) => durationText(row.elements.adotUs)),
        figure('unexplained', 'Unexplained', (row) => durationText(row.elements.unexplainedUs)),
        figure('known', 'Known', (row) => kpiText(row.coverage, '%')),
      ]}
    />
  )
}

function figure(key: string, head: string, text: (row: KpiRow) => string) {
  const cell = (row: KpiRow): ReactElement => <span className="tl-figure">{text(row)}</span>
  return { key, head, align: 'right' as const, tight: true, cell }
}

function RowName({ row, tree }: { readonly row: KpiRow; readonly tree: PlantTree }): ReactElement {
  const node = tree.byId(row.key)
  const label = row.label === '' ? 'not told' : row.label
  return (
    <>
      {node === undefined ? (
        label
      ) : (
        <Link to="/oee" search={(before) => ({ ...before, node: node.path })}>
          {label}
        </Link>
      )}
      {row.running ? <span className="machine-sub">running</span> : null}
    </>
  )
}

function Figure({ row, definition }: { readonly row: KpiRow; readonly definition: KpiDefinition }): ReactElement {
  const value = kpiOf(row, definition.id)
  const range = value === undefined ? undefined : kpiRangeText(value, definition.unit)
  return (
    <span className="tl-figure" title={value?.note ?? undefined}>
      {kpiText(value?.value ?? null, definition.unit)}
      {range === undefined ? null : <span className="machine-sub">{range}</span>}
      {value?.value === null && value.note !== null ? <span className="kpi-why">{value.note}</span> : null}
    </span>
  )
}
