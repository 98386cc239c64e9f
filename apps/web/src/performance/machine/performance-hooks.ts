import { keepPreviousData, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { plusMs, systemClock } from '@throughline/kernel'
import type { CurrentState, EquipmentNode, Operation, Reason, Shift, Window } from '@throughline/model'
import { listCurrentStates, listReasons, listShifts } from '@throughline/model'
import { useEffect, useMemo, useState } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'
import { ask, nodesQuery } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { plantTree } from '../../equipment/node/plant-tree.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { figureRefreshMs, longRefreshMs } from '../live-refresh.ts'
import type { ContextSearch, ShownWindow } from '../window/window-choice.ts'
import { shownWindow } from '../window/window-choice.ts'
import { reasonText } from './machine-words.ts'

const dayMs = 86_400_000

/** The equipment by path; a screen waits for it. */
export function useNodes(): { readonly tree: PlantTree; readonly nodes: readonly EquipmentNode[] } {
  const { data: nodes } = useSuspenseQuery(nodesQuery)
  return useMemo(() => ({ tree: plantTree(nodes, []), nodes }), [nodes])
}

/** The node that the address names; without one, the only root there is. `unknown` = named, and not there. */
export function usePlace(path: string | undefined): {
  readonly node: EquipmentNode | undefined
  readonly unknown: boolean
  readonly tree: PlantTree
  readonly nodes: readonly EquipmentNode[]
  readonly timeZone: string | undefined
} {
  const { tree, nodes } = useNodes()
  const shared = usePlantZone()
  const named = path === undefined ? undefined : tree.node(path)
  const node = named ?? (tree.roots.length === 1 ? tree.roots[0] : undefined)
  const timeZone = (node === undefined ? undefined : tree.timeZoneOf(node.id)) ?? shared
  return { node, unknown: path !== undefined && named === undefined, tree, nodes, timeZone }
}

/** The time now, a step at a time: for ages on the page. */
export function useNow(stepMs = 1000): Instant {
  const [now, setNow] = useState(() => systemClock.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(systemClock.now()), stepMs)
    return () => clearInterval(timer)
  }, [stepMs])
  return now
}

/** What each machine at or below a node does now; changes come by the live line. */
export function useCurrentStates(nodeId: EquipmentNode['id'] | undefined): {
  readonly states: readonly CurrentState[] | undefined
  readonly error: unknown
} {
  useTopic('performance', [[listCurrentStates.name]])
  const { data, error } = useQuery({
    ...ask(listCurrentStates, nodeId === undefined ? {} : { nodeId }),
    // Counts rise without a change of state.
    refetchInterval: figureRefreshMs,
  })
  return { states: data, error }
}

/** The window that the address asks for, once the shifts around now are known. */
export interface WindowChoice {
  readonly search: Pick<ContextSearch, 'window' | 'from' | 'to'>
  readonly shifts: readonly Shift[] | undefined
  readonly timeZone: string | undefined
}

/** `error` = the shifts could not be read: then windows by calendar days still work. */
export function useWindowChoice(
  search: WindowChoice['search'],
  nodeId: EquipmentNode['id'] | undefined,
  timeZone: string | undefined,
): WindowChoice & { readonly error: unknown } {
  const { data, error } = useQuery({
    queryKey: [listShifts.name, nodeId, 'around-now'],
    enabled: nodeId !== undefined,
    staleTime: longRefreshMs,
    refetchInterval: longRefreshMs,
    queryFn: ({ signal }) => {
      const now = systemClock.now()
      const window = { from: plusMs(now, -4 * dayMs), to: plusMs(now, dayMs) }
      return client(listShifts, { nodeId: nodeId ?? '', window }, { signal })
    },
  })
  // Shifts that were read before hold on while the server is away.
  const shifts = nodeId === undefined || (error !== null && data === undefined) ? noShifts : data
  const { window, from, to } = search
  return useMemo(
    () => ({ search: { window, from, to }, shifts, timeZone, error }),
    [window, from, to, shifts, timeZone, error],
  )
}
const noShifts: readonly Shift[] = []

/** The chosen window at this moment. */
export function useShownWindow(choice: WindowChoice): ShownWindow | undefined {
  const now = useNow(10_000)
  const { search, shifts, timeZone } = choice
  return useMemo(
    () => (shifts === undefined ? undefined : shownWindow(search, shifts, timeZone, now)),
    [search, shifts, timeZone, now],
  )
}

/**
 * A question about the chosen window, asked anew as it moves with the clock. `key` = whatever else the question depends on.
 * The answer comes with the window that it holds for.
 */
export function useInWindow<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  choice: WindowChoice,
  key: unknown,
  inputOf: ((window: Window) => z.input<Input>) | undefined,
) {
  const { search, shifts, timeZone } = choice
  return useQuery({
    queryKey: [operation.name, 'window', search, shifts?.at(-1)?.to ?? null, key],
    enabled: shifts !== undefined && inputOf !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { window } = shownWindow(search, shifts ?? [], timeZone, systemClock.now())
      const answer = await client(operation, inputOf?.(window) as z.input<Input>, { signal })
      return { answer, window }
    },
    refetchInterval: ({ state: { data } }) => {
      const window = data?.window
      if (window === undefined) return figureRefreshMs
      const isLong = window.to - window.from > 2 * dayMs * 1000
      return isLong || window.to < systemClock.now() - 60_000_000 ? longRefreshMs : figureRefreshMs
    },
  })
}

/** Reasons by id with their texts in the reader's language. */
export function useReasons(
  kind: Reason['kind'],
  nodeId: EquipmentNode['id'] | undefined,
): {
  readonly reasons: readonly Reason[] | undefined
  readonly textOf: (reasonId: string) => string
  readonly error: unknown
} {
  const { data, error } = useQuery({
    ...ask(listReasons, nodeId === undefined ? { kind } : { kind, nodeId }),
    staleTime: 60_000,
  })
  return useMemo(() => {
    const texts = new Map((data ?? []).map((reason) => [reason.id as string, reasonText(reason, navigator.languages)]))
    return { reasons: data, error, textOf: (reasonId) => texts.get(reasonId) ?? 'a reason that is not known here' }
  }, [data, error])
}
