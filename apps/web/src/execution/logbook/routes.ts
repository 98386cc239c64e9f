import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AppRoute } from '../../app-route.ts'

/** The screens about logbooks and cleaning. */
export const logbookRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/logbooks',
      component: lazyRouteComponent(() => import('./LogbookListScreen.tsx'), 'LogbookListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/logbooks/$logbookId',
      component: lazyRouteComponent(() => import('./LogbookScreen.tsx'), 'LogbookScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/cleaning',
      component: lazyRouteComponent(() => import('./CleaningScreen.tsx'), 'CleaningScreen'),
    }),
  ] as const
