import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { VersionState } from '@throughline/model'
import { z } from 'zod'
import type { AppRoute } from '../../app-route.ts'
import { VersionSearch } from '../version/version-search.ts'

const load = () => import('./InstructionDraftScreen.tsx')

/** The screens about work instructions. */
export const instructionRoutes = <Parent extends AppRoute>(app: Parent) =>
  [
    createRoute({
      getParentRoute: () => app,
      path: '/instructions',
      validateSearch: z.object({ state: VersionState.optional().catch(undefined) }),
      component: lazyRouteComponent(() => import('./InstructionListScreen.tsx'), 'InstructionListScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/instructions/$code',
      validateSearch: VersionSearch,
      component: lazyRouteComponent(() => import('./InstructionScreen.tsx'), 'InstructionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/instruction-drafts',
      component: lazyRouteComponent(load, 'NewInstructionScreen'),
    }),
    createRoute({
      getParentRoute: () => app,
      path: '/instruction-drafts/$code',
      component: lazyRouteComponent(load, 'InstructionDraftScreen'),
    }),
  ] as const
