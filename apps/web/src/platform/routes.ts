import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { AppRoute } from '../app-route.ts'
import { AuditSearch } from './audit/audit-search.ts'

export const platformRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/audit',
      validateSearch: AuditSearch,
      component: lazyRouteComponent(() => import('./audit/AuditScreen.tsx'), 'AuditScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/audit/entry/$entryId',
      component: lazyRouteComponent(() => import('./audit/EntryScreen.tsx'), 'EntryScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/audit/record/$kind/$id',
      component: lazyRouteComponent(() => import('./record/RecordScreen.tsx'), 'RecordScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/audit/reviews',
      component: lazyRouteComponent(() => import('./review/ReviewListScreen.tsx'), 'ReviewListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/audit/reviews/$reviewId',
      component: lazyRouteComponent(() => import('./review/ReviewScreen.tsx'), 'ReviewScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/ledger',
      component: lazyRouteComponent(() => import('./ledger/LedgerScreen.tsx'), 'LedgerScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/diagnostics',
      component: lazyRouteComponent(() => import('./diagnostics/DiagnosticsScreen.tsx'), 'DiagnosticsScreen'),
    }),
  ] as const
