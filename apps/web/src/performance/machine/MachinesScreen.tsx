import { getRouteApi, Link, useRouteContext } from '@tanstack/react-router'
import type { CurrentState, EquipmentNode, Role } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { BiggestLoss } from './BiggestLoss.tsx'
import { MachineLine } from './MachineLine.tsx'
import type { Machine } from './machine-words.ts'
import { worstMachinesFirst } from './machine-words.ts'
import { useCurrentStates, usePlace } from './performance-hooks.ts'

const route = getRouteApi('/app/performance')

/** Who asks first where the time went, rather than who stands now. */
const askForLosses: readonly Role[] = ['manager', 'quality', 'auditor', 'engineer']

/** What the machines do now, line by line, worst first, and what cost most this week. */
export function MachinesScreen(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const { node: path } = route.useSearch()
  const { node, unknown, tree } = usePlace(path)
  const { states, error } = useCurrentStates(path === undefined ? undefined : node?.id)
  const machines = useMemo(() => machinesOf(tree, states ?? []), [tree, states])
  const lines = useMemo(() => linesOf(tree, machines), [tree, machines])
  const lossesFirst = session.grants.some(({ role }) => askForLosses.includes(role))
  const loss = <BiggestLoss nodeId={path === undefined ? undefined : node?.id} path={path} />
  return (
    <>
      <ScreenHead title="Machines" answer={states === undefined ? undefined : answerOf(machines)} />
      <PerformanceTabs />
      <div className="performance">
        {unknown ? (
          <ProblemNotice what={`No equipment at "${path}"`} error={new Error('Shown are all machines')} />
        ) : null}
        {error === null ? null : <ProblemNotice what="The states could not be read" error={error} />}
        {lossesFirst ? loss : null}
        {states !== undefined && machines.length === 0 ? (
          <EmptyState
            title="No machine tells its state yet"
            reason="A machine appears here once its equipment class has a state rule, or once somebody records its state by hand."
            action={<Link to="/state-rules">Go to the state rules</Link>}
          />
        ) : null}
        {lines.map((line) => (
          <MachineLine key={line.node.id} line={line.node} machines={line.machines} tree={tree} />
        ))}
        {lossesFirst ? null : loss}
      </div>
    </>
  )
}

function machinesOf(tree: PlantTree, states: readonly CurrentState[]): Machine[] {
  const machines = states.flatMap((current) => {
    const node = tree.byId(current.nodeId)
    return node === undefined ? [] : [{ node, name: node.path, current }]
  })
  return worstMachinesFirst(machines)
}

/** Lines stand in the order of their worst machine. */
function linesOf(tree: PlantTree, machines: readonly Machine[]): { node: EquipmentNode; machines: Machine[] }[] {
  const lines = new Map<string, { node: EquipmentNode; machines: Machine[] }>()
  for (const machine of machines) {
    const node = tree.byId(machine.node.parentId ?? '') ?? machine.node
    const line = lines.get(node.id) ?? { node, machines: [] }
    line.machines.push(machine)
    lines.set(node.id, line)
  }
  return [...lines.values()]
}

function answerOf(machines: readonly Machine[]): string {
  const count = (state: CurrentState['state']): number =>
    machines.filter(({ current }) => current.state === state).length
  const waiting = count('blocked') + count('starved') + count('idle')
  const parts = [
    `${count('running')} of ${machines.length} running`,
    ...(count('down') > 0 ? [`${count('down')} down`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(count('no-data') > 0 ? [`${count('no-data')} without data`] : []),
  ]
  return machines.length === 0 ? 'No machines yet' : parts.join(' · ')
}
