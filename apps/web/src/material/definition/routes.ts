import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { VersionState } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../../app-route.ts'
import { VersionSearch } from '../../execution/version/version-search.ts'

const StateSearch = z.object({ state: VersionState.optional().catch(undefined) })
const load = () => import('./BomDraftScreen.tsx')

/** The screens about materials and bills of material. */
export const definitionRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/materials',
      validateSearch: StateSearch,
      component: lazyRouteComponent(() => import('./MaterialListScreen.tsx'), 'MaterialListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/materials/$code',
      validateSearch: VersionSearch,
      component: lazyRouteComponent(() => import('./MaterialScreen.tsx'), 'MaterialScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/bills-of-material',
      validateSearch: StateSearch,
      component: lazyRouteComponent(() => import('./BomListScreen.tsx'), 'BomListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/bills-of-material/$product',
      validateSearch: VersionSearch,
      component: lazyRouteComponent(() => import('./BomScreen.tsx'), 'BomScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/bill-of-material-drafts',
      component: lazyRouteComponent(load, 'NewBomScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/bill-of-material-drafts/$product',
      component: lazyRouteComponent(load, 'BomDraftScreen'),
    }),
  ] as const
