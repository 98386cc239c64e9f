import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getCurrentStation } from '@throughline/model'
import { ArrowLeftRight, List, LogOut } from 'lucide-react'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { useIdle } from '../../identity/kiosk/kiosk-hooks.ts'
import { useStation } from './station-context.ts'
import { useLeave } from './use-take-over.ts'

interface StationHeadProps {
  /** What was done last. */
  readonly said: string
  readonly onList: (() => void) | undefined
}

/** Where this is, who works here, and the ways of handing over and leaving. */
export function StationHead({ said, onList }: StationHeadProps): ReactElement {
  const { node, session, handOver } = useStation()
  const { data: station } = useQuery(ask(getCurrentStation, {}))
  const leave = useLeave()
  const isStation = station != null
  useIdle(isStation ? session.idleTimeoutMs : undefined, () => void leave(true))
  return (
    <header className="station-head work-head">
      <div className="work-place">
        <h1>Work at {node.name}</h1>
        <p className="station-answer" role="status">
          {said}
        </p>
      </div>
      <p className="station-who">{session.printedName}</p>
      <nav className="station-ways" aria-label="Ways from here">
        {onList === undefined ? null : (
          <button type="button" className="station-tile" onClick={onList}>
            <List size={30} aria-hidden="true" /> List
          </button>
        )}
        <button type="button" className="station-tile" onClick={handOver}>
          <ArrowLeftRight size={30} aria-hidden="true" /> Hand over
        </button>
        {isStation ? (
          <button type="button" className="station-tile" onClick={() => void leave(true)}>
            <LogOut size={30} aria-hidden="true" /> Sign out
          </button>
        ) : (
          <Link to="/orders">Orders</Link>
        )}
      </nav>
    </header>
  )
}
