import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { accessRoutes } from './access/routes.ts'
import { kioskRoutes, stationRoutes } from './kiosk/routes.ts'

/** Only a path of this page: an address elsewhere after signing in would help a fraudster. */
const wayBack = z
  .string()
  .regex(/^\/(?![/\\])/)
  .optional()
  .catch(undefined)

export const openRoutes = <Parent extends AppRoute>(root: Parent) =>
  [
    ...kioskRoutes(root),
    createRoute({
      getParentRoute: () => root,
      path: '/sign-in',
      validateSearch: z.object({
        to: wayBack,
        ended: z
          .union([z.boolean(), z.literal('true').transform(() => true)])
          .optional()
          .catch(undefined),
        /** The password was set a moment ago. */
        fresh: z
          .union([z.boolean(), z.literal('true').transform(() => true)])
          .optional()
          .catch(undefined),
        name: z.string().max(60).optional().catch(undefined),
        /** Why the answer of a provider was refused; a code. */
        refused: z
          .string()
          .regex(/^[a-z]+\.[a-z-]{1,80}$/)
          .optional()
          .catch(undefined),
      }),
      component: lazyRouteComponent(() => import('./session/SignInScreen.tsx'), 'SignInScreen'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/activate',
      component: lazyRouteComponent(() => import('./person/ActivateScreen.tsx'), 'ActivateScreen'),
    }),
  ] as const

export const identityRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    ...accessRoutes(app),
    ...stationRoutes(app),
    createRoute({
      getParentRoute: () => app,
      path: '/sign-in-rules',
      component: lazyRouteComponent(() => import('./credential/SignInRulesScreen.tsx'), 'SignInRulesScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/me',
      component: lazyRouteComponent(() => import('./session/SessionScreen.tsx'), 'SessionScreen'),
    }),
  ] as const
