import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AppRoute } from '../app-route.ts'
import { TrendSearch } from './trend/trend-search.ts'

export const historianRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/trend',
      validateSearch: TrendSearch,
      component: lazyRouteComponent(() => import('./trend/TrendScreen.tsx'), 'TrendScreen'),
    }),
  ] as const
