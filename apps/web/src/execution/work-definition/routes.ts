import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { VersionState } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../../app-route.ts'
import { VersionSearch } from '../version/version-search.ts'

const load = () => import('./DefinitionDraftScreen.tsx')

/** The screens about work definitions. */
export const workDefinitionRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/work-definitions',
      validateSearch: z.object({ state: VersionState.optional().catch(undefined) }),
      component: lazyRouteComponent(() => import('./DefinitionListScreen.tsx'), 'DefinitionListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work-definitions/$code',
      validateSearch: VersionSearch,
      component: lazyRouteComponent(() => import('./WorkDefinitionScreen.tsx'), 'WorkDefinitionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work-definition-drafts',
      component: lazyRouteComponent(load, 'NewDefinitionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/work-definition-drafts/$code',
      component: lazyRouteComponent(load, 'DefinitionDraftScreen'),
    }),
  ] as const
