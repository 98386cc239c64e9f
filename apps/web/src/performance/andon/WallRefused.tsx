import { Link, useLocation } from '@tanstack/react-router'
import type { Station } from '@throughline/model'
import type { ReactElement } from 'react'
import { isUnauthenticated } from '../../door/client.ts'

interface WallRefusedProps {
  readonly refusal: Error
  /** What this device is now; undefined = not known yet. */
  readonly station: Station | null | undefined
  /** The board that this device was until a moment ago. */
  readonly lastName: string | undefined
}

/** Why there is nothing on the wall, and what to do about it. */
export function WallRefused({ refusal, station, lastName }: WallRefusedProps): ReactElement {
  const here = useLocation({ select: ({ pathname, searchStr }) => `${pathname}${searchStr}` })
  const isStranger = isUnauthenticated(refusal) && station?.kind !== 'wall'
  return (
    <main className="wall wall-refused" data-mantine-color-scheme="dark" id="main">
      {isStranger && lastName !== undefined ? (
        <>
          <h1>{lastName} was retired</h1>
          <p>It shows nothing more. An administrator can make this device a board again, on the page Stations.</p>
        </>
      ) : isStranger ? (
        <>
          <h1>Nobody is signed in</h1>
          <p>
            This device is no board on the wall. An administrator makes it one on the page Stations; until then the
            board is shown to whoever signs in.
          </p>
        </>
      ) : (
        <>
          <h1>The board is not shown</h1>
          <p>{refusal.message}</p>
        </>
      )}
      {isStranger ? (
        <p>
          <Link to="/sign-in" search={{ to: here }}>
            Sign in
          </Link>
        </p>
      ) : null}
    </main>
  )
}
