import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AppRoute } from '../../app-route.ts'

/** The station itself: it shows who works there, so it needs no session to be seen. */
export const kioskRoutes = <Parent extends AppRoute>(root: Parent) =>
  [
    createRoute({
      getParentRoute: () => root,
      path: '/kiosk',
      component: lazyRouteComponent(() => import('./KioskScreen.tsx'), 'KioskScreen'),
    }),
  ] as const

/** Where stations and badges are administered. */
export const stationRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/stations',
      component: lazyRouteComponent(() => import('./StationsScreen.tsx'), 'StationsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/badges',
      component: lazyRouteComponent(() => import('../badge/BadgesScreen.tsx'), 'BadgesScreen'),
    }),
  ] as const
