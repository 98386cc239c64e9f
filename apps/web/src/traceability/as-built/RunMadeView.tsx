import { Link } from '@tanstack/react-router'
import { toIso } from '@throughline/kernel'
import { DataTable, formatDuration, formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { amountText } from '../../execution/form/amount.ts'
import { mostTraces } from '../../historian/trend/trend-search.ts'
import { DocumentLink } from '../DocumentLink.tsx'
import type { RunMade } from './as-built-words.ts'
import {
  calibrationText,
  checkText,
  limitsText,
  loadedText,
  runName,
  sealText,
  shortHash,
  withinText,
  withUnit,
} from './as-built-words.ts'
import { StepEntries } from './StepEntries.tsx'

interface RunMadeViewProps {
  readonly run: RunMade
  /** The piece that it is told of. */
  readonly of: string
  readonly timeZone: string | undefined
}

/** One doing of one operation: where, when, by whom, with which program and tools, and what was recorded of it. */
export function RunMadeView({ run, of, timeZone }: RunMadeViewProps): ReactElement {
  const released = run.program?.released ?? null
  const time = (at: RunMade['startedAt']): string => (at === null ? '—' : formatInstant(at, 'record', timeZone))
  return (
    <article className="performance-panel made-run" aria-label={runName(run)}>
      <strong>
        {runName(run)}
        {run.state === 'completed' ? '' : `, ${run.state}`}
      </strong>
      <dl className="stop-facts">
        <dt>Where</dt>
        <dd>
          {run.place === null ? (
            'not known'
          ) : (
            <Link to="/equipment/$" params={{ _splat: run.place }}>
              {run.place}
            </Link>
          )}
        </dd>
        <dt>When</dt>
        <dd>
          {time(run.startedAt)} to {time(run.completedAt)}
          {run.startedAt === null || run.completedAt === null
            ? ''
            : `, ${formatDuration((run.completedAt - run.startedAt) / 1000)}`}
        </dd>
        <dt>By</dt>
        <dd>
          {run.people.length === 0 ? 'nobody is recorded' : null}
          {run.people.map(({ id, name, did, from, skills }) => (
            <span className="made-line" key={`${id} ${did} ${from}`}>
              {name} {did} it
              {skills.map(({ skill, held }) => (held ? `, qualified ${skill}` : `, NOT qualified ${skill}`)).join('')}
            </span>
          ))}
        </dd>
        <dt>Program</dt>
        <dd>
          {released === null ? (
            'none is named'
          ) : (
            <>
              <DocumentLink hash={released.sha256}>{released.name}</DocumentLink>, SHA-256{' '}
              <code className="made-hash" title={released.sha256}>
                {shortHash(released.sha256)}…
              </code>
            </>
          )}
          {run.program === null ? null : <span className="made-line">{loadedText(run.program)}</span>}
          {run.program?.checks.map((check) => (
            <span className="made-line" key={check.at}>
              {checkText(check)} ({time(check.at)})
            </span>
          ))}
        </dd>
        <dt>Readings</dt>
        <dd>
          <ReadingsOf run={run} />
        </dd>
        {run.materials.length === 0 ? null : (
          <>
            <dt>Went in</dt>
            <dd>
              {run.materials.map(({ code, material, quantity, unit, at }) => (
                <span className="made-line" key={`${code} ${at}`}>
                  {code}, {material}
                  {quantity === null ? ', shared out' : `, ${amountText(quantity, unit)}`}
                </span>
              ))}
            </dd>
          </>
        )}
        <dt>Labour</dt>
        <dd>{run.labourMs === null ? 'somebody is still at it' : formatDuration(run.labourMs)}</dd>
        {run.toolsUsed.length === 0 ? null : (
          <>
            <dt>Tools and gauges</dt>
            <dd>
              {run.toolsUsed.map((tool) => (
                <span className="made-line" key={`${tool.code} ${tool.at}`}>
                  {tool.code}: {calibrationText(tool)}
                </span>
              ))}
            </dd>
          </>
        )}
        {run.overrides.length === 0 ? null : (
          <>
            <dt>Overrides</dt>
            <dd>
              {run.overrides.map(({ id, message, reason, by, at }) => (
                <span className="made-line" key={id}>
                  <strong>{message}</strong>: {reason} ({by}, {time(at)})
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {run.parameters.length === 0 ? null : <Parameters run={run} of={of} />}
      <StepEntries run={run} of={of} timeZone={timeZone} />
    </article>
  )
}

function ReadingsOf({ run: { readings } }: { readonly run: RunMade }): ReactElement {
  if (readings === null || readings.tagIds.length === 0) return <>none to look at</>
  const { window, tagIds } = readings
  const tags = tagIds.slice(0, mostTraces).join(',')
  return (
    <Link to="/trend" search={{ tags, from: toIso(window.from), to: toIso(window.to) }}>
      Trend of that time
    </Link>
  )
}

/** What the process was, from the readings of its equipment; gaps in them are told. */
function Parameters({ run, of }: { readonly run: RunMade; readonly of: string }): ReactElement {
  const figure = (value: number | null, unit: string): string =>
    value === null ? '—' : withUnit(Number(value.toPrecision(6)), unit)
  return (
    <DataTable
      caption={`Parameters of ${runName(run)} of ${of}`}
      rows={run.parameters}
      rowKey={({ about, name }) => `${about} ${name}`}
      columns={[
        {
          key: 'name',
          head: 'Parameter',
          cell: ({ name, about, critical }) =>
            about === 'environment' ? `${name} (environment)` : critical ? `${name} (critical)` : name,
        },
        { key: 'limits', head: 'Limits', tight: true, cell: ({ low, high, unit }) => limitsText(low, high, unit) },
        { key: 'min', head: 'Least', tight: true, align: 'right', cell: ({ min, unit }) => figure(min, unit) },
        { key: 'mean', head: 'Mean', tight: true, align: 'right', cell: ({ mean, unit }) => figure(mean, unit) },
        { key: 'max', head: 'Most', tight: true, align: 'right', cell: ({ max, unit }) => figure(max, unit) },
        { key: 'within', head: 'Verdict', tight: true, cell: ({ within }) => withinText(within) },
        {
          key: 'coverage',
          head: 'Readings',
          cell: ({ samples, coverage, gaps }) =>
            coverage === null
              ? 'none'
              : `${samples} over ${Math.floor(coverage * 100)} % of the time${gaps.length === 0 ? '' : `, ${gaps.length} gaps`}`,
        },
        {
          key: 'seals',
          head: 'Sealed',
          cell: ({ seals }) => {
            const last = seals.at(-1)
            return last === undefined ? 'not sealed' : <span title={`SHA-256 ${last.sha256}`}>{sealText(last)}</span>
          },
        },
      ]}
    />
  )
}
