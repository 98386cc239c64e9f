import { Link } from '@tanstack/react-router'
import type { RoutingOperation, WorkDefinition } from '@throughline/model'
import { DataTable, formatDuration, unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { limitsText } from '../instruction/step-words.ts'

/** The operations of a version in their order, and what else holds for the product. */
export function Routing({ definition }: { readonly definition: WorkDefinition }): ReactElement {
  const { version, operations, drawing, underPercent, overPercent } = definition
  const parameters = operations.flatMap(({ sequence, parameters: some }) =>
    some.map((parameter) => ({ ...parameter, sequence })),
  )
  return (
    <section aria-labelledby="routing">
      <h2 id="routing">Operations of version {version}</h2>
      <p>
        {drawing === null ? 'No drawing is named' : `Drawing ${drawing.number}, revision ${drawing.revision}`}; of what
        is ordered, {underPercent} % less and {overPercent} % more may be made.
      </p>
      <DataTable
        caption="Operations in sequence"
        rows={operations}
        rowKey={({ sequence }) => String(sequence)}
        columns={[
          {
            key: 'operation',
            head: 'Operation',
            cell: ({ sequence, name, specialProcess }) => (
              <>
                <strong className="tl-figure">{sequence}</strong> {name}
                {specialProcess ? <span className="machine-sub">special process</span> : null}
              </>
            ),
          },
          { key: 'at', head: 'Done at', cell: ({ at }) => ('path' in at ? at.path : `any ${at.equipmentClass}`) },
          {
            key: 'time',
            head: 'Time',
            tight: true,
            cell: ({ setupSeconds, runSeconds, batchSize }) => (
              <>
                {runSeconds === 0 ? '—' : `${formatDuration(runSeconds * 1000)} each`}
                {setupSeconds === 0 ? null : (
                  <span className="machine-sub">set-up {formatDuration(setupSeconds * 1000)}</span>
                )}
                {batchSize === 1 ? null : <span className="machine-sub">{batchSize} together</span>}
              </>
            ),
          },
          {
            key: 'instruction',
            head: 'Instruction',
            tight: true,
            cell: ({ instruction }) =>
              instruction === null ? (
                '—'
              ) : (
                <Link to="/instructions/$code" params={{ code: instruction }}>
                  {instruction}
                </Link>
              ),
          },
          { key: 'skills', head: 'Skills', cell: ({ skills }) => listText(skills) },
          { key: 'tools', head: 'Gauges, tools', cell: ({ tools }) => listText(tools) },
          {
            key: 'positions',
            head: 'Positions',
            tight: true,
            cell: ({ bomPositions }) => listText(bomPositions.map(String)),
          },
          { key: 'else', head: 'Else', cell: (operation) => listText(elseOf(operation)) },
        ]}
      />
      {parameters.length === 0 ? null : (
        <>
          <h2>Process parameters</h2>
          <DataTable
            caption="Process parameters with their limits"
            rows={parameters}
            rowKey={({ sequence, name }) => `${sequence} ${name}`}
            columns={[
              { key: 'operation', head: 'Operation', align: 'right', tight: true, cell: ({ sequence }) => sequence },
              { key: 'name', head: 'Parameter', cell: ({ name }) => name },
              { key: 'limits', head: 'Limits', cell: ({ low, high, unit }) => limitsText(low, high, unit) },
              {
                key: 'target',
                head: 'Target',
                tight: true,
                cell: ({ target, unit }) => (target === null ? '—' : `${target} ${unitLabel(unit)}`),
              },
              { key: 'tag', head: 'Told by', cell: ({ tag }) => tag ?? 'a person, in a step' },
              { key: 'critical', head: 'Critical', tight: true, cell: ({ critical }) => (critical ? 'Yes' : 'No') },
            ]}
          />
        </>
      )}
    </section>
  )
}

const listText = (words: readonly string[]): string => (words.length === 0 ? '—' : words.join(', '))

const elseOf = ({ needsCleaning, program, reworkTo }: RoutingOperation): string[] => [
  ...(needsCleaning ? ['equipment clean before, dirty after'] : []),
  ...(program === null ? [] : [`program ${program.name}`]),
  ...(reworkTo === null ? [] : [`rework goes to ${reworkTo}`]),
]
