import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { OrderState } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { instructionRoutes } from './instruction/routes.ts'
import { logbookRoutes } from './logbook/routes.ts'
import { workDefinitionRoutes } from './work-definition/routes.ts'

const OrderSearch = z.object({
  /** Left out = orders that are not closed. */
  state: z
    .enum([...OrderState.options, 'all'])
    .optional()
    .catch(undefined),
  held: z.enum(['yes', 'no']).optional().catch(undefined),
  search: z.string().max(60).optional().catch(undefined),
})

/** The screens about orders and the work on them. */
export const executionRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    ...instructionRoutes(app),
    ...workDefinitionRoutes(app),
    ...logbookRoutes(app),
    createRoute({
      getParentRoute: () => app,
      path: '/orders',
      validateSearch: OrderSearch,
      component: lazyRouteComponent(() => import('./order/OrderListScreen.tsx'), 'OrderListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/orders/$code',
      component: lazyRouteComponent(() => import('./order/OrderScreen.tsx'), 'OrderScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work/$nodeId',
      staticData: { isBare: true },
      validateSearch: z.object({
        run: z
          .union([z.uuid(), z.literal('list')])
          .optional()
          .catch(undefined),
      }),
      component: lazyRouteComponent(() => import('./station/StationScreen.tsx'), 'StationScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work-codes',
      staticData: { isBare: true },
      component: lazyRouteComponent(() => import('./station/CommandSheetScreen.tsx'), 'CommandSheetScreen'),
    }),
  ] as const
