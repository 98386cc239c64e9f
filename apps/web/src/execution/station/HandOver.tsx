import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import type { CurrentSession } from '@throughline/model'
import { getCurrentStation } from '@throughline/model'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { BadgePrompt } from '../../identity/kiosk/BadgePrompt.tsx'
import '../../identity/kiosk/kiosk.css'
import './hand-over.css'
import { useStation } from './station-context.ts'

interface HandOverProps {
  readonly onTaken: (session: CurrentSession) => void
  readonly onBack: () => void
}

interface HandOverFromProps extends HandOverProps {
  /** Who is signed in now. */
  readonly session: CurrentSession
  readonly online: boolean
}

/** The next person at a station signs in. */
export function HandOver(props: HandOverProps): ReactElement {
  const { session, online } = useStation()
  return <HandOverFrom session={session} online={online} {...props} />
}

/** The next person signs in, by badge or by password; the page stays where it is. */
export function HandOverFrom({ session, online, onTaken, onBack }: HandOverFromProps): ReactElement {
  const { href } = useLocation()
  const navigate = useNavigate()
  const { data: station } = useQuery(ask(getCurrentStation, {}))
  if (!online) {
    return (
      <section className="station-state" aria-labelledby="hand-over">
        <h2 id="hand-over">Hand over</h2>
        <p role="alert">
          Signing in is checked by the plant: it waits for the connection. {session.printedName} stays signed in.
        </p>
        <BackButton onBack={onBack} />
      </section>
    )
  }
  return (
    <div className="work-hand-over">
      {station == null ? (
        <section className="station-state" aria-labelledby="hand-over">
          <h2 id="hand-over">Hand over</h2>
          <p>This device is no registered station: badges do not work here.</p>
        </section>
      ) : (
        <BadgePrompt
          title="Hand over"
          note={`${session.printedName} stays signed in until the next PIN is right.`}
          onSignedIn={onTaken}
        />
      )}
      <div className="work-acts">
        <button
          type="button"
          className="station-tile"
          onClick={() => void navigate({ to: '/sign-in', search: { to: href } })}
        >
          By name and password
        </button>
        <BackButton onBack={onBack} />
      </div>
    </div>
  )
}

function BackButton({ onBack }: { readonly onBack: () => void }): ReactElement {
  return (
    <button type="button" className="station-tile" onClick={onBack}>
      Back to the work
    </button>
  )
}
