import { useQuery } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import { getCurrentStation } from '@throughline/model'
import { ArrowLeftRight, LogOut } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { ask } from '../../door/queries.ts'
import { useIdle } from '../../identity/kiosk/kiosk-hooks.ts'
import { useLeave } from './use-take-over.ts'

interface WorkHeadProps {
  readonly title: string
  readonly session: CurrentSession
  /** What was done last. */
  readonly said: string
  readonly onHandOver: () => void
  /** Before all other ways. */
  readonly firstWay?: ReactNode
  /** Where one goes from here at a station, beside signing out; and elsewhere. */
  readonly wayAtStation?: ReactNode
  readonly wayElsewhere: ReactNode
}

/** Who works here, what was done last, and the ways of handing over and leaving; at a station it signs out who is idle. */
export function WorkHead(props: WorkHeadProps): ReactElement {
  const { title, session, said, onHandOver, firstWay, wayAtStation, wayElsewhere } = props
  const { data: station } = useQuery(ask(getCurrentStation, {}))
  const leave = useLeave()
  const isStation = station != null
  useIdle(isStation ? session.idleTimeoutMs : undefined, () => void leave(true))
  return (
    <header className="station-head work-head">
      <div className="work-place">
        <h1>{title}</h1>
        <p className="station-answer" role="status">
          {said}
        </p>
      </div>
      <p className="station-who">{session.printedName}</p>
      <nav className="station-ways" aria-label="Ways from here">
        {firstWay}
        <button type="button" className="station-tile" onClick={onHandOver}>
          <ArrowLeftRight size={30} aria-hidden="true" /> Hand over
        </button>
        {isStation ? (
          <>
            {wayAtStation}
            <button type="button" className="station-tile" onClick={() => void leave(true)}>
              <LogOut size={30} aria-hidden="true" /> Sign out
            </button>
          </>
        ) : (
          wayElsewhere
        )}
      </nav>
    </header>
  )
}
