import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AppRoute } from '../app-route.ts'

export const platformRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/diagnostics',
      component: lazyRouteComponent(() => import('./diagnostics/DiagnosticsScreen.tsx'), 'DiagnosticsScreen'),
    }),
  ] as const
