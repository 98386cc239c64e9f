import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Container, LotStatus } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { definitionRoutes } from './definition/routes.ts'

const LotSearch = z.object({
  status: LotStatus.optional().catch(undefined),
  search: z.string().max(60).optional().catch(undefined),
})

/** What is weighed, on which scale and for which order; and whether it is weighed or confirmed. */
const WeighSearch = z.object({
  lot: z.string().max(100).optional().catch(undefined),
  order: z.string().max(100).optional().catch(undefined),
  scale: z.string().max(100).optional().catch(undefined),
  view: z.enum(['weigh', 'confirm']).optional().catch(undefined),
})

/** The screens about material. */
export const materialRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    ...definitionRoutes(app),
    createRoute({
      getParentRoute: () => app,
      path: '/containers',
      validateSearch: z.object({ state: Container.shape.state.optional().catch(undefined) }),
      component: lazyRouteComponent(() => import('./container/ContainerListScreen.tsx'), 'ContainerListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/containers/$sscc',
      component: lazyRouteComponent(() => import('./container/ContainerScreen.tsx'), 'ContainerScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/lots',
      validateSearch: LotSearch,
      component: lazyRouteComponent(() => import('./lot/LotListScreen.tsx'), 'LotListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/lots/$code',
      component: lazyRouteComponent(() => import('./lot/LotScreen.tsx'), 'LotScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/weigh',
      staticData: { isBare: true },
      validateSearch: WeighSearch,
      component: lazyRouteComponent(() => import('./weighing/WeighScreen.tsx'), 'WeighScreen'),
    }),
  ] as const
