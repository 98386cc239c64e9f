import type { KpiDefinition, KpiElements, KpiRow } from '@throughline/model'
import { formatNumber, KpiCard } from '@throughline/ui'
import type { ReactElement } from 'react'
import { durationText } from '../machine/machine-words.ts'

/** The figures that stand first and in tables. */
export const leadKpis: readonly string[] = ['oee', 'availability', 'effectiveness', 'quality-ratio']

interface KpiCardsProps {
  readonly definitions: readonly KpiDefinition[]
  readonly row: KpiRow
}

/** All KPIs of one row: the leading ones large, the others below, each with its definition behind it. */
export function KpiCards({ definitions, row }: KpiCardsProps): ReactElement {
  const lead = leadKpis.flatMap((id) => definitions.filter((definition) => definition.id === id))
  const others = definitions.filter(({ id }) => !leadKpis.includes(id))
  return (
    <section aria-labelledby="kpi-lead">
      <h2 id="kpi-lead">Key figures</h2>
      <div className="kpi-cards tl-kpi-lead">
        {lead.map((definition) => (
          <Card key={definition.id} definition={definition} row={row} />
        ))}
      </div>
      <details className="kpi-others">
        <summary>{others.length} other KPIs</summary>
        <div className="kpi-cards">
          {others.map((definition) => (
            <Card key={definition.id} definition={definition} row={row} />
          ))}
        </div>
      </details>
    </section>
  )
}

function Card({ definition, row }: { readonly definition: KpiDefinition; readonly row: KpiRow }): ReactElement {
  const missing = { id: definition.id, value: null, low: null, high: null, note: 'not told by the server' }
  const value = row.kpis.find(({ id }) => id === definition.id) ?? missing
  return <KpiCard definition={definition} value={value} elements={<Elements elements={row.elements} />} />
}

const timeElements: readonly (readonly [keyof KpiElements, string])[] = [
  ['pbtUs', 'Planned busy time (PBT)'],
  ['aptUs', 'Actual production time (APT)'],
  ['austUs', 'Actual unit set-up time (AUST)'],
  ['adetUs', 'Actual unit delay time (ADET)'],
  ['adotUs', 'Actual unit down time (ADOT)'],
  ['unknownUs', 'Not known'],
  ['lostCountUs', 'Counters not read'],
  ['pdotUs', 'Planned down time (PDOT)'],
]
const countElements: readonly (readonly [keyof KpiElements, string])[] = [
  ['pq', 'Produced (PQ)'],
  ['gq', 'Good (GQ)'],
  ['sq', 'Scrap (SQ)'],
  ['rq', 'Rework (RQ)'],
  ['failures', 'Failures'],
]

function Elements({ elements }: { readonly elements: KpiElements }): ReactElement {
  return (
    <dl className="kpi-elements">
      {timeElements.map(([key, label]) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd className="tl-figure">{durationText(elements[key])}</dd>
        </div>
      ))}
      {countElements.map(([key, label]) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd className="tl-figure">{formatNumber(elements[key], 0)}</dd>
        </div>
      ))}
    </dl>
  )
}
