import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CurrentSession } from '@throughline/model'
import { getCurrentStation } from '@throughline/model'
import { ArrowLeftRight, LogOut } from 'lucide-react'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { useLeave } from '../../execution/station/use-take-over.ts'
import { useIdle } from '../../identity/kiosk/kiosk-hooks.ts'

interface WeighHeadProps {
  readonly session: CurrentSession
  /** What was done last. */
  readonly said: string
  readonly onHandOver: () => void
}

/** Who weighs, what was done last, and the ways from here. */
export function WeighHead({ session, said, onHandOver }: WeighHeadProps): ReactElement {
  const { data: station } = useQuery(ask(getCurrentStation, {}))
  const leave = useLeave()
  const isStation = station != null
  useIdle(isStation ? session.idleTimeoutMs : undefined, () => void leave(true))
  return (
    <header className="station-head work-head">
      <div className="work-place">
        <h1>Weigh and dispense</h1>
        <p className="station-answer" role="status">
          {said}
        </p>
      </div>
      <p className="station-who">{session.printedName}</p>
      <nav className="station-ways" aria-label="Ways from here">
        <button type="button" className="station-tile" onClick={onHandOver}>
          <ArrowLeftRight size={30} aria-hidden="true" /> Hand over
        </button>
        {isStation ? <Link to="/kiosk">Station</Link> : <Link to="/lots">Lots</Link>}
        {isStation ? (
          <button type="button" className="station-tile" onClick={() => void leave(true)}>
            <LogOut size={30} aria-hidden="true" /> Sign out
          </button>
        ) : null}
      </nav>
    </header>
  )
}
