import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { ThreadSearch } from './genealogy/thread-search.ts'

/** What a drill that is to be started begins with. */
const RecallSearch = z.object({
  kind: z.enum(['lot', 'equipment', 'tool', 'person']).optional().catch(undefined),
  id: z.string().max(200).optional().catch(undefined),
  label: z.string().max(200).optional().catch(undefined),
})

/** The screens about what was made of what. */
export const traceabilityRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/genealogy',
      component: lazyRouteComponent(() => import('./genealogy/FindScreen.tsx'), 'FindScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/genealogy/$code',
      validateSearch: ThreadSearch,
      component: lazyRouteComponent(() => import('./genealogy/GenealogyScreen.tsx'), 'GenealogyScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/lots/$code/as-built',
      component: lazyRouteComponent(() => import('./as-built/AsBuiltScreen.tsx'), 'AsBuiltScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/recalls',
      validateSearch: RecallSearch,
      component: lazyRouteComponent(() => import('./recall/RecallListScreen.tsx'), 'RecallListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/recalls/$drillId',
      component: lazyRouteComponent(() => import('./recall/RecallScreen.tsx'), 'RecallScreen'),
    }),
  ] as const
