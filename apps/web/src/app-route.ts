import type { AnyRoute } from '@tanstack/react-router'

/** The route that a module hangs its screens on. */
export type AppRoute = AnyRoute
