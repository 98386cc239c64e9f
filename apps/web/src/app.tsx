import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { getCurrentSession } from '@throughline/model'
import { cssVariablesResolver, theme } from '@throughline/ui'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { watchAttendance } from './door/attendance.ts'
import { client, isUnauthenticated, sessionEnd } from './door/client.ts'
import { makeQueryClient } from './door/queries.ts'
import { StepUpDialog } from './identity/credential/StepUpDialog.tsx'
import { workerKey } from './identity/kiosk/kiosk-hooks.ts'
import { keepLiveConnection } from './live/live-connection.ts'
import { LiveContext } from './live/live-hooks.ts'
import { createLiveStore } from './live/live-store.ts'
import { makeRouter } from './router.tsx'
import { colorSchemeKey } from './shell/preferences.ts'
import './styles.ts'

async function forgetWork(): Promise<void> {
  const { forgetAnswers } = await import('./execution/offline/kept-answers.ts')
  await forgetAnswers()
}

const wallRouteIds: ReadonlySet<string> = new Set(['/wall', '/wall/$'])
const wallRetryMs = 10_000

/** Puts the page together and shows it. */
export function start(root: HTMLElement): void {
  watchAttendance(window)
  const queryClient = makeQueryClient()
  const router = makeRouter(queryClient)
  const live = createLiveStore((run) => requestAnimationFrame(run))
  let connection: ReturnType<typeof keepLiveConnection> | undefined

  const isOnWall = (): boolean => router.state.matches.some(({ routeId }) => wallRouteIds.has(routeId))

  /** The line lives with the session: open on every page behind the door and on a wall, closed at the door. */
  function followSession(): void {
    const isWorking = queryClient.getQueryData(workerKey) != null
    const behindDoor = router.state.matches.some(
      ({ routeId }) => routeId === '/app' || wallRouteIds.has(routeId) || (routeId === '/kiosk' && isWorking),
    )
    if (behindDoor && router.state.status === 'idle') {
      connection ??= keepLiveConnection({
        store: live,
        openSocket: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live`),
        nowMs: () => performance.now(),
        onSessionEnded: () => (isOnWall() ? tryWallAgain() : askWhoIsHere()),
        onSessionLocked: () => sessionEnd.dispatchEvent(new Event('locked')),
        checkSession: () => {
          // A wall has none, and asks by itself.
          if (isOnWall()) return
          // A session that ended is told by the client itself; an unreachable server is shown by the line's state.
          client(getCurrentSession, {}).catch(() => undefined)
        },
      })
    } else if (!behindDoor) {
      connection?.close()
      connection = undefined
      // Whoever has left is not shown to the next one, connection or none.
      if (router.state.status === 'idle') void forgetWork()
    }
  }
  /** Perhaps the next person has signed in on this very page. That nobody has, the client tells by itself. */
  function askWhoIsHere(): void {
    client(getCurrentSession, {}).then(reopen, (error: unknown) => {
      if (!isUnauthenticated(error)) reopen()
    })
  }
  function reopen(): void {
    connection?.close()
    connection = undefined
    followSession()
  }
  router.subscribe('onResolved', followSession)
  sessionEnd.addEventListener('changed', reopen)

  /** Who left may have left a board behind that stands without them; or it was retired: then its page says so. */
  function tryWallAgain(): void {
    connection?.close()
    connection = undefined
    void queryClient.invalidateQueries()
    setTimeout(followSession, wallRetryMs)
  }

  sessionEnd.addEventListener('ended', () => {
    const here = router.state.location
    if (!router.state.matches.some((match) => match.routeId === '/app')) return
    connection?.close()
    connection = undefined
    queryClient.clear()
    void router.navigate({ to: '/sign-in', search: { to: here.href, ended: true }, replace: true })
  })

  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={localStorageColorSchemeManager({ key: colorSchemeKey })}
        defaultColorScheme="light"
      >
        <QueryClientProvider client={queryClient}>
          <LiveContext value={live}>
            <RouterProvider router={router} />
            <StepUpDialog />
          </LiveContext>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
