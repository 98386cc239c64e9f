import { Button } from '@mantine/core'
import type { QueryClient } from '@tanstack/react-query'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { createRootRouteWithContext, createRoute, createRouter, Link, Outlet, redirect } from '@tanstack/react-router'
import { DomainError } from '@throughline/kernel'
import type { CurrentSession } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { alarmRoutes } from './alarm/routes.ts'
import { isUnauthenticated, isUnreachable } from './door/client.ts'
import { sessionQuery } from './door/queries.ts'
import { equipmentRoutes } from './equipment/routes.ts'
import { executionRoutes } from './execution/routes.ts'
import { historianRoutes } from './historian/routes.ts'
import { identityRoutes, openRoutes } from './identity/routes.ts'
import { materialRoutes } from './material/routes.ts'
import { performanceRoutes, wallRoutes } from './performance/routes.ts'
import { platformRoutes } from './platform/routes.ts'
import { qualityRoutes } from './quality/routes.ts'
import { readSearch, writeSearch } from './search-text.ts'
import { ScreenHead } from './shell/ScreenHead.tsx'
import { Shell } from './shell/Shell.tsx'
import { traceabilityRoutes } from './traceability/routes.ts'

interface RouterContext {
  readonly queryClient: QueryClient
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound })

/** Everything that needs a session: without one, the way leads through signing in and back. */
const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const { queryClient } = context
    try {
      // Without a connection a query waits for one: then the work in hand goes on with what was kept of it.
      const known = queryClient.getQueryData(sessionQuery.queryKey)
      const kept = known ?? (navigator.onLine ? undefined : await restored(queryClient))
      if (kept === undefined && !navigator.onLine) throw nothingKept()
      return { session: kept ?? (await queryClient.ensureQueryData(sessionQuery)) }
    } catch (error) {
      const kept = isUnreachable(error) ? await restored(queryClient) : undefined
      if (kept !== undefined) return { session: kept }
      if (!isUnauthenticated(error)) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
    }
  },
})

const nothingKept = (): DomainError =>
  new DomainError(
    'unavailable',
    'client.nothing-kept',
    'This device has no connection, and no work of anybody is kept on it: sign in once there is one',
  )

/** What a station kept of the work in hand; loaded only where it is needed. */
async function restored(queryClient: QueryClient): Promise<CurrentSession | undefined> {
  const { restoreAnswers } = await import('./execution/offline/kept-answers.ts')
  return await restoreAnswers(queryClient)
}

const routeTree = rootRoute.addChildren([
  ...openRoutes(rootRoute),
  ...wallRoutes(rootRoute),
  appRoute.addChildren([
    ...alarmRoutes(appRoute),
    ...equipmentRoutes(appRoute),
    ...executionRoutes(appRoute),
    ...historianRoutes(appRoute),
    ...identityRoutes(appRoute),
    ...materialRoutes(appRoute),
    ...performanceRoutes(appRoute),
    ...platformRoutes(appRoute),
    ...qualityRoutes(appRoute),
    ...traceabilityRoutes(appRoute),
  ]),
])

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ScreenProblem,
    defaultPendingComponent: Pending,
    defaultPendingMs: 300,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
  interface StaticDataRouteOption {
    /** Shown without the frame of the other pages: at a machine. */
    readonly isBare?: boolean
  }
}

function ScreenProblem({ error, reset }: ErrorComponentProps<unknown>): ReactElement {
  return (
    <div className="screen-problem">
      <ProblemNotice
        what="This page could not be shown"
        error={error}
        action={
          <Button variant="default" onClick={reset}>
            Try again
          </Button>
        }
      />
    </div>
  )
}

function Pending(): ReactElement {
  return (
    <div className="screen-pending" aria-busy="true">
      <span className="tl-hidden">The page is being read</span>
    </div>
  )
}

function NotFound(): ReactElement {
  return (
    <main className="screen-problem">
      <ScreenHead title="No such page" answer="The address names no page of Throughline." />
      <Link to="/">Go to the plant overview</Link>
    </main>
  )
}
