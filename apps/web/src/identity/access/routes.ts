import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { AppRoute } from '../../app-route.ts'

/** The screens about accounts, sessions and who may do what. */
export const accessRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/people',
      validateSearch: z.object({
        search: z.string().max(120).optional().catch(undefined),
        state: z.enum(['awaiting-approval', 'invited', 'active', 'disabled']).optional().catch(undefined),
      }),
      component: lazyRouteComponent(() => import('../person/PeopleScreen.tsx'), 'PeopleScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/people/$personId',
      component: lazyRouteComponent(() => import('../person/PersonScreen.tsx'), 'PersonScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/qualifications',
      validateSearch: z.object({
        search: z.string().max(60).optional().catch(undefined),
        show: z.enum(['held', 'all']).optional().catch(undefined),
      }),
      component: lazyRouteComponent(() => import('../qualification/QualificationsScreen.tsx'), 'QualificationsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/machine-accounts',
      component: lazyRouteComponent(() => import('./MachineAccountsScreen.tsx'), 'MachineAccountsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/sessions',
      component: lazyRouteComponent(() => import('./SessionsScreen.tsx'), 'SessionsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/access-review',
      component: lazyRouteComponent(() => import('./AccessReviewScreen.tsx'), 'AccessReviewScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/access-review/$reviewId',
      component: lazyRouteComponent(() => import('./ReviewScreen.tsx'), 'ReviewScreen'),
    }),
  ] as const
