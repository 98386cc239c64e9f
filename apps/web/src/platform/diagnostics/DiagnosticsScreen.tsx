import { useQuery } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import type { AgentStatus, Fault } from '@throughline/model'
import { getDiagnostics } from '@throughline/model'
import { DataTable, EmptyState, formatDuration, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import { Check, Clock3, RotateCw, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { UnmappedSources } from '../../historian/unmapped-source/UnmappedSources.tsx'
import { useLine } from '../../live/live-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import './diagnostics.css'

const refreshMs = 2000

/** L4: is data flowing, from whom, and what was wrong with it. */
export function DiagnosticsScreen(): ReactElement {
  const query = useQuery({ ...ask(getDiagnostics, {}), refetchInterval: refreshMs })
  const { data } = query
  const now = useLine().dataAt ?? data?.startedAt
  return (
    <>
      <ScreenHead title="Diagnostics" answer={data === undefined ? undefined : answerOf(data.agents, data.faults)} />
      <div className="diagnostics">
        {query.isError ? <ProblemNotice what="The diagnostics could not be read" error={query.error} /> : null}
        {data === undefined ? null : (
          <>
            <dl className="rates">
              <Rate label="Samples" value={formatNumber(data.samplesPerSecond, 0)} unit="per second" />
              <Rate label="Accepted" value={formatNumber(data.samplesAccepted, 0)} unit="since start" />
              <Rate label="Duplicates left out" value={formatNumber(data.samplesDuplicate, 0)} unit="since start" />
              <Rate label="Parked, unmapped" value={formatNumber(data.samplesParked, 0)} unit="since start" />
              <Rate
                label="Server"
                value={now === undefined ? '—' : formatDuration((now - data.startedAt) / 1000)}
                unit={`running, version ${data.version}`}
              />
            </dl>
            <Agents agents={data.agents} now={now} />
            <Faults faults={allFaults(data.faults, data.agents)} />
          </>
        )}
        <UnmappedSources />
      </div>
    </>
  )
}

function Rate({ label, value, unit }: { label: string; value: string; unit: string }): ReactElement {
  return (
    <div className="rate">
      <dt>{label}</dt>
      <dd>
        <span className="tl-figure rate-value">{value}</span>
        <span className="rate-unit">{unit}</span>
      </dd>
    </div>
  )
}

const stateMarks = { up: Check, connecting: RotateCw, silent: Clock3, down: X } as const

function Agents({ agents, now }: { agents: readonly AgentStatus[]; now: Instant | undefined }): ReactElement {
  const timeZone = usePlantZone()
  const rows = agents.flatMap((agent) => agent.connections.map((connection) => ({ agent, connection })))
  return (
    <section aria-labelledby="diagnostics-agents">
      <h2 id="diagnostics-agents">Edge agents and connections</h2>
      {agents.length === 0 ? (
        <EmptyState
          title="No edge agent has spoken yet"
          reason="An agent appears here when it first reaches the broker."
        />
      ) : (
        <>
          <ul className="agents">
            {agents.map((agent) => (
              <li key={agent.agent}>
                <strong>{agent.agent}</strong> {agent.online ? 'is online' : 'is offline'} ·{' '}
                {formatNumber(agent.bufferedSamples, 0)} samples waiting · batch{' '}
                {formatNumber(agent.acknowledgedSequence, 0)} of {formatNumber(agent.lastSequence, 0)} acknowledged ·
                configuration{' '}
                <span title={agent.configurationVersion ?? undefined}>
                  {agent.configurationVersion?.slice(0, 8) ?? 'none yet'}
                </span>
              </li>
            ))}
          </ul>
          <DataTable
            caption="Connections"
            rows={rows}
            rowKey={({ agent, connection }) => `${agent.agent}/${connection.name}`}
            columns={[
              { key: 'name', head: 'Connection', cell: ({ connection }) => connection.name },
              { key: 'driver', head: 'Driver', cell: ({ connection }) => connection.driver, tight: true },
              { key: 'agent', head: 'Agent', cell: ({ agent }) => agent.agent, tight: true },
              {
                key: 'state',
                head: 'State',
                tight: true,
                cell: ({ agent, connection }) => {
                  const state = agent.online ? connection.state : 'down'
                  const Mark = stateMarks[state]
                  return (
                    <span className={state === 'up' ? 'agent-state' : 'agent-state not-up'}>
                      <Mark size={14} aria-hidden="true" /> {state}
                    </span>
                  )
                },
              },
              {
                key: 'since',
                head: 'For',
                align: 'right',
                tight: true,
                cell: ({ connection }) => (
                  <span className="tl-figure" title={formatInstant(connection.since, 'record', timeZone)}>
                    {now === undefined ? '—' : formatDuration((now - connection.since) / 1000)}
                  </span>
                ),
              },
              {
                key: 'reason',
                head: 'Reason',
                cell: ({ agent, connection }) => (agent.online ? (connection.reason ?? '') : 'The agent is offline'),
              },
            ]}
          />
        </>
      )}
    </section>
  )
}

function Faults({ faults }: { faults: readonly Fault[] }): ReactElement {
  const timeZone = usePlantZone()
  return (
    <section aria-labelledby="diagnostics-faults">
      <h2 id="diagnostics-faults">Faults in what came in</h2>
      {faults.length === 0 ? (
        <EmptyState title="No faults since start" reason="Whatever cannot be read is counted here by its cause." />
      ) : (
        <DataTable
          caption="Faults"
          rows={faults}
          rowKey={(fault) => `${fault.source} ${fault.cause}`}
          columns={[
            { key: 'source', head: 'Source', cell: (fault) => fault.source, tight: true },
            { key: 'cause', head: 'Cause', cell: (fault) => fault.cause, tight: true },
            {
              key: 'count',
              head: 'Count',
              align: 'right',
              tight: true,
              cell: (fault) => <span className="tl-figure">{formatNumber(fault.count, 0)}</span>,
            },
            {
              key: 'last',
              head: 'Last',
              tight: true,
              cell: (fault) => formatInstant(fault.lastAt, 'record', timeZone),
            },
            { key: 'example', head: 'Example', cell: (fault) => <code className="example">{fault.example}</code> },
          ]}
        />
      )}
    </section>
  )
}

function ofAgent(agent: string, source: string): string {
  return source.startsWith(`${agent}/`) ? source : `${agent}/${source}`
}

/** The server's own faults and each agent's, the latest first. */
function allFaults(faults: readonly Fault[], agents: readonly AgentStatus[]): Fault[] {
  const ofAgents = agents.flatMap((agent) =>
    agent.faults.map((fault) => ({ ...fault, source: ofAgent(agent.agent, fault.source) })),
  )
  const known = new Set(faults.map((fault) => `${fault.source} ${fault.cause}`))
  return [...faults, ...ofAgents.filter((fault) => !known.has(`${fault.source} ${fault.cause}`))].sort(
    (a, b) => b.lastAt - a.lastAt,
  )
}

function answerOf(agents: readonly AgentStatus[], faults: readonly Fault[]): string {
  const connections = agents.flatMap((agent) => agent.connections.map((one) => agent.online && one.state === 'up'))
  const up = connections.filter(Boolean).length
  const kinds = allFaults(faults, agents).length
  return `${up} of ${connections.length} connections up · ${kinds === 0 ? 'no faults' : `${kinds} ${kinds === 1 ? 'kind' : 'kinds'} of fault`} since start`
}
