import { Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { getLosses } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { durationText } from './machine-words.ts'
import { useInWindow, useNodes } from './performance-hooks.ts'

const week = { search: { window: '7d' }, shifts: [], timeZone: undefined } as const

interface BiggestLossProps {
  readonly nodeId: EquipmentNode['id'] | undefined
  readonly path: string | undefined
}

/** The one thing that cost most in the last seven days, and the way to all others. */
export function BiggestLoss({ nodeId, path }: BiggestLossProps): ReactElement | null {
  const { tree } = useNodes()
  const { data, error } = useInWindow(getLosses, week, nodeId ?? null, (window) =>
    nodeId === undefined ? { window } : { nodeId, window },
  )
  if (error !== null) return <ProblemNotice what="The losses of the week could not be read" error={error} />
  if (data === undefined) return null
  const { stopReasons, machines } = data.answer
  const worst = stopReasons.toSorted((a, b) => b.us - a.us)[0]
  const machine = machines[0] === undefined ? undefined : tree.byId(machines[0].nodeId)
  return (
    <section className="performance-panel" aria-labelledby="biggest-loss">
      <h2 id="biggest-loss">Biggest loss of the last 7 days</h2>
      {worst === undefined ? (
        <p>No stops in the last 7 days.</p>
      ) : (
        <p className="inline-links">
          <Link to="/oee" search={{ ...(path === undefined ? {} : { node: path }), window: '7d' }} hash="stop-reasons">
            {worst.reasonId === null ? 'Unexplained' : worst.label}: {durationText(worst.us)} in {worst.count}{' '}
            {worst.count === 1 ? 'stop' : 'stops'}
          </Link>
          {machine === undefined || machines[0] === undefined ? null : (
            <Link to="/oee" search={{ node: machine.path, window: '7d' }}>
              {machine.name} lost most: {durationText(machines[0].lossUs)}
            </Link>
          )}
        </p>
      )}
    </section>
  )
}
