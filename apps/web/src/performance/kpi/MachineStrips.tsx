import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { systemClock } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import { listCurrentStates, listStates } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice, StateChip, StatePicker } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo, useState } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import type { StateStretch } from '../machine/machine-words.ts'
import { stretchesOf } from '../machine/machine-words.ts'
import type { WindowChoice } from '../machine/performance-hooks.ts'
import { useInWindow } from '../machine/performance-hooks.ts'
import { StateDetail } from './StateDetail.tsx'

interface MachineStripsProps {
  readonly node: EquipmentNode | undefined
  readonly choice: WindowChoice
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

/** As many machines as one question may name. */
const mostMachines = 100
const legend = ['running', 'idle', 'starved', 'blocked', 'down', 'changeover', 'planned-stop', 'no-data'] as const

/** What each machine did in the window, and for one picked state what happened then. */
export function MachineStrips({ node, choice, tree, timeZone }: MachineStripsProps): ReactElement {
  const current = useQuery(ask(listCurrentStates, node === undefined ? {} : { nodeId: node.id }))
  const all = useMemo(
    () =>
      (current.data ?? [])
        .flatMap(({ nodeId }) => tree.byId(nodeId) ?? [])
        .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    [current.data, tree],
  )
  const machines = all.slice(0, mostMachines)
  const nodeIds = machines.map(({ id }) => id)
  const states = useInWindow(
    listStates,
    choice,
    nodeIds,
    nodeIds.length === 0 ? undefined : (window) => ({ nodeIds, window }),
  )
  const [picked, setPicked] = useState<StateStretch | undefined>(undefined)
  const window = states.data?.window
  const stretches = useMemo(() => {
    const now = systemClock.now()
    return new Map((states.data?.answer ?? []).map((one) => [one.nodeId as string, stretchesOf(one.intervals, now)]))
  }, [states.data])
  const error = current.error ?? states.error
  return (
    <section className="performance-panel" aria-labelledby="strips">
      <div className="performance-panel-head">
        <h2 id="strips">States of the machines</h2>
        <ul className="strip-legend" aria-label="States">
          {legend.map((state) => (
            <li key={state}>
              <StateChip state={state} />
            </li>
          ))}
        </ul>
      </div>
      {error === null ? null : <ProblemNotice what="The states could not be read" error={error} />}
      {current.data !== undefined && machines.length === 0 ? (
        <EmptyState title="No machine here" reason="Nothing at or below this equipment tells its state." />
      ) : null}
      {all.length > machines.length ? (
        <p className="screen-note">
          The first {machines.length} of {all.length} machines are shown. Choose a line or an area above.
        </p>
      ) : null}
      {window === undefined ? null : (
        <div className="strip-list">
          {machines.map((machine) => {
            const spans = stretches.get(machine.id) ?? []
            return (
              <div className="strip-row" key={machine.id}>
                <span>{machine.name}</span>
                <StatePicker
                  spans={spans}
                  from={window.from}
                  to={window.to}
                  title={machine.name}
                  timeZone={timeZone}
                  picked={
                    picked?.interval.nodeId === machine.id ? spans.find(({ from }) => from === picked.from) : undefined
                  }
                  onPick={setPicked}
                />
              </div>
            )
          })}
          <div className="strip-row" aria-hidden="true">
            <span />
            <div className="strip-axis">
              <span>{formatInstant(window.from, 'day-minute', timeZone)}</span>
              <span>{formatInstant(window.to, 'day-minute', timeZone)}</span>
            </div>
          </div>
        </div>
      )}
      {picked === undefined ? (
        <p className="tl-dim">Pick a state on a strip to see its stop, its trend and its alarms.</p>
      ) : (
        <StateDetail stretch={picked} machine={tree.byId(picked.interval.nodeId)} timeZone={timeZone} />
      )}
      <p className="inline-links">
        <Link
          to="/stops"
          search={(before) => ({ node: before.node, window: before.window, from: before.from, to: before.to })}
        >
          All stops of this window
        </Link>
      </p>
    </section>
  )
}
