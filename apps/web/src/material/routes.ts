import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Container, LotStatus } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { definitionRoutes } from './definition/routes.ts'

const LotSearch = z.object({
  status: LotStatus.optional().catch(undefined),
  search: z.string().max(60).optional().catch(undefined),
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
  ] as const
