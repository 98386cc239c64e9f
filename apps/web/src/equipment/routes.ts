import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
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
      path: '/tags',
      validateSearch: z.object({ search: z.string().max(200).optional() }),
      component: lazyRouteComponent(() => import('./tag/TagListScreen.tsx'), 'TagListScreen'),
    }),
  ] as const
