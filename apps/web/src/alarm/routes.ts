import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { AlarmEvent } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../app-route.ts'
import { ContextSearch } from '../performance/window/window-choice.ts'

const AlarmSearch = z.object({
  /** Path of the node; left out = all that one may see. */
  node: z.string().max(500).optional().catch(undefined),
  show: z.enum(['standing', 'shelved', 'suppressed', 'out-of-service', 'unknown']).optional().catch(undefined),
  /** One priority only. */
  priority: z.enum(['1', '2', '3', '4']).optional().catch(undefined),
  /** One occurrence alone, as the message of a call links to it. */
  occurrence: z.uuid().optional().catch(undefined),
})
export type AlarmSearch = z.infer<typeof AlarmSearch>

const HistorySearch = ContextSearch.extend({ event: AlarmEvent.optional().catch(undefined) })
const KpiSearch = ContextSearch.extend({
  /** Operators among whom the alarms are shared. */
  operators: z.coerce.number().int().min(1).max(100).optional().catch(undefined),
})
const DefinitionSearch = z.object({
  node: z.string().max(500).optional().catch(undefined),
  state: z.enum(['draft', 'released', 'retired']).optional().catch(undefined),
})

/** The screens about alarms. */
export const alarmRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/alarms',
      validateSearch: AlarmSearch,
      component: lazyRouteComponent(() => import('./list/AlarmListScreen.tsx'), 'AlarmListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarms/$definitionId',
      component: lazyRouteComponent(() => import('./one/AlarmScreen.tsx'), 'AlarmScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-history',
      validateSearch: HistorySearch,
      component: lazyRouteComponent(() => import('./history/AlarmHistoryScreen.tsx'), 'AlarmHistoryScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-kpis',
      validateSearch: KpiSearch,
      component: lazyRouteComponent(() => import('./kpi/AlarmKpiScreen.tsx'), 'AlarmKpiScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-definitions',
      validateSearch: DefinitionSearch,
      component: lazyRouteComponent(() => import('./definition/DefinitionListScreen.tsx'), 'DefinitionListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-definitions/$name',
      component: lazyRouteComponent(() => import('./definition/DefinitionScreen.tsx'), 'DefinitionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-philosophy',
      component: lazyRouteComponent(() => import('./definition/PhilosophyScreen.tsx'), 'PhilosophyScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/alarm-rosters',
      component: lazyRouteComponent(() => import('./roster/RosterScreen.tsx'), 'RosterScreen'),
    }),
  ] as const
