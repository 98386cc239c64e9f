import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { ContextSearch } from './window/window-choice.ts'

const OeeSearch = ContextSearch.extend({
  group: z.enum(['machine', 'line', 'area', 'site', 'product', 'order', 'shift', 'day']).optional().catch(undefined),
  pareto: z.enum(['time', 'count', 'scrap']).optional().catch(undefined),
})
const StopSearch = ContextSearch.extend({
  show: z.enum(['all', 'open', 'unexplained', 'minor']).optional().catch(undefined),
})
const PlaceSearch = ContextSearch.pick({ node: true })

/** A page without the frame of the others: at the machine. It needs a session all the same. */
const bare = { isBare: true } as const

const WallSearch = z.object({
  /** From where it must be read, in metres, and how large it is, in inches. */
  distance: z.coerce.number().min(1).max(50).optional().catch(undefined),
  diagonal: z.coerce.number().min(10).max(300).optional().catch(undefined),
})
const loadWall = () => import('./andon/WallScreen.tsx')

/** The board on the wall: a device that was made one shows it without a person. */
export const wallRoutes = <Parent extends AppRoute>(root: Parent) =>
  [
    createRoute({
      getParentRoute: () => root,
      path: '/wall',
      validateSearch: WallSearch,
      component: lazyRouteComponent(loadWall, 'WallScreen'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/wall/$',
      validateSearch: WallSearch,
      component: lazyRouteComponent(loadWall, 'WallScreen'),
    }),
  ] as const

/** The screens about what the plant is doing. */
export const performanceRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/performance',
      validateSearch: PlaceSearch,
      component: lazyRouteComponent(() => import('./machine/MachinesScreen.tsx'), 'MachinesScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/oee',
      validateSearch: OeeSearch,
      component: lazyRouteComponent(() => import('./kpi/OeeScreen.tsx'), 'OeeScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/stops',
      validateSearch: StopSearch,
      component: lazyRouteComponent(() => import('./stop/StopListScreen.tsx'), 'StopListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/stops/$stopId',
      component: lazyRouteComponent(() => import('./stop/StopScreen.tsx'), 'StopScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/station-stops/$nodeId',
      staticData: bare,
      component: lazyRouteComponent(() => import('./station/StationStopsScreen.tsx'), 'StationStopsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/andon',
      validateSearch: ContextSearch,
      component: lazyRouteComponent(() => import('./andon/CallListScreen.tsx'), 'CallListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/stop-reasons',
      component: lazyRouteComponent(() => import('./reason/ReasonsScreen.tsx'), 'ReasonsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work-calendars',
      component: lazyRouteComponent(() => import('./calendar/CalendarsScreen.tsx'), 'CalendarsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/planned-stops',
      validateSearch: PlaceSearch,
      component: lazyRouteComponent(() => import('./calendar/PlannedStopsScreen.tsx'), 'PlannedStopsScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/lines',
      component: lazyRouteComponent(() => import('./line/LinesScreen.tsx'), 'LinesScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/state-rules',
      component: lazyRouteComponent(() => import('./state-rule/StateRulesScreen.tsx'), 'StateRulesScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/product-standards',
      component: lazyRouteComponent(() => import('./state-rule/StandardsScreen.tsx'), 'StandardsScreen'),
    }),
  ] as const
