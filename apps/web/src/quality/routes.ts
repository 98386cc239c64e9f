import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { DeviationState } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'

const DeviationSearch = z.object({ state: DeviationState.optional().catch(undefined) })

/** Which piece is inspected, of which order, and in which operation. */
const InspectSearch = z.object({
  piece: z.string().max(120).optional().catch(undefined),
  order: z.string().max(100).optional().catch(undefined),
  run: z.uuid().optional().catch(undefined),
})

/** The screens about what departed from what was approved. */
export const qualityRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/deviations',
      validateSearch: DeviationSearch,
      component: lazyRouteComponent(() => import('./deviation/DeviationListScreen.tsx'), 'DeviationListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/deviations/$code',
      component: lazyRouteComponent(() => import('./deviation/DeviationScreen.tsx'), 'DeviationScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/inspect',
      validateSearch: InspectSearch,
      component: lazyRouteComponent(() => import('./inspection/InspectScreen.tsx'), 'InspectScreen'),
    }),
  ] as const
