import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Asset } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'

export const equipmentRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/',
      component: lazyRouteComponent(() => import('./node/PlantOverviewScreen.tsx'), 'PlantOverviewScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/equipment/$',
      component: lazyRouteComponent(() => import('./node/EquipmentScreen.tsx'), 'EquipmentScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/classes',
      component: lazyRouteComponent(() => import('./class/ClassListScreen.tsx'), 'ClassListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/classes/$classId',
      component: lazyRouteComponent(() => import('./class/ClassVersionScreen.tsx'), 'ClassVersionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/gauges-and-tools',
      validateSearch: z.object({
        kind: Asset.shape.kind.optional().catch(undefined),
        search: z.string().max(60).optional().catch(undefined),
      }),
      component: lazyRouteComponent(() => import('./asset/AssetListScreen.tsx'), 'AssetListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/gauges-and-tools/$code',
      component: lazyRouteComponent(() => import('./asset/AssetScreen.tsx'), 'AssetScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/out-of-service',
      component: lazyRouteComponent(() => import('./outage/OutageListScreen.tsx'), 'OutageListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/special-processes',
      validateSearch: z.object({
        search: z.string().max(60).optional().catch(undefined),
        show: z.enum(['all']).optional().catch(undefined),
      }),
      component: lazyRouteComponent(() => import('./special-process/SpecialProcessScreen.tsx'), 'SpecialProcessScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/tags',
      validateSearch: z.object({ search: z.string().max(200).optional() }),
      component: lazyRouteComponent(() => import('./tag/TagListScreen.tsx'), 'TagListScreen'),
    }),
  ] as const
