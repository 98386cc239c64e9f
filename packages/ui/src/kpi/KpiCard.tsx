import type { KpiDefinition, KpiValue } from '@throughline/model'
import type { ReactElement, ReactNode } from 'react'
import { kpiRangeText, kpiText } from './kpi-text.ts'
import './kpi.css'

interface KpiCardProps {
  readonly definition: KpiDefinition
  readonly value: KpiValue
  /** What it is made of, shown with the definition. */
  readonly elements?: ReactNode
}

/** One KPI: its figure, how sure it is, and on opening what it means: formula, clause, explanation, elements. */
export function KpiCard({ definition, value, elements }: KpiCardProps): ReactElement {
  const range = kpiRangeText(value, definition.unit)
  return (
    <details className="tl-kpi">
      <summary>
        <span className="tl-kpi-name">{definition.name}</span>
        <span className="tl-kpi-value tl-figure" title={value.value === null ? undefined : String(value.value)}>
          {kpiText(value.value, definition.unit)}
        </span>
        {range === undefined ? null : <span className="tl-kpi-note">{range}</span>}
        {value.note === null ? null : <span className="tl-kpi-note">{value.note}</span>}
      </summary>
      <dl className="tl-kpi-definition">
        <div>
          <dt>Formula</dt>
          <dd>{definition.formula}</dd>
        </div>
        <div>
          <dt>Source</dt>
          <dd>{definition.clause}</dd>
        </div>
        <div>
          <dt>Better</dt>
          <dd>{definition.better}</dd>
        </div>
      </dl>
      <p className="tl-kpi-note">{definition.explanation}</p>
      {elements}
    </details>
  )
}
