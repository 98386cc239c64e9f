import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { nodesQuery, tagsQuery } from '../../door/queries.ts'
import { useLiveStore } from '../../live/live-hooks.ts'
import type { LiveStore } from '../../live/live-store.ts'
import type { PlantTree, Unit } from './plant-tree.ts'
import { plantTree, sharedZone } from './plant-tree.ts'
import type { UnitCondition } from './unit-condition.ts'
import { unitCondition, worstFirst } from './unit-condition.ts'

/** The hierarchy and all tags; `total` says how many tags there are even where one answer cannot hold them. */
export function usePlantTree(): { tree: PlantTree; total: number; listed: number } {
  const { data: nodes } = useSuspenseQuery(nodesQuery)
  const { data: list } = useSuspenseQuery(tagsQuery)
  const tree = useMemo(() => plantTree(nodes, list.tags), [nodes, list])
  return { tree, total: list.total, listed: list.tags.length }
}

/** The hierarchy without tags: enough for names, paths and time zones. Empty until it has come. */
export function usePlantPaths(): PlantTree {
  const { data } = useQuery(nodesQuery)
  return useMemo(() => plantTree(data ?? [], []), [data])
}

/** The time zone that all sites share; undefined when they differ, and then the browser's own is used. */
export function usePlantZone(): string | undefined {
  const { data } = useQuery(nodesQuery)
  return useMemo(() => sharedZone(data ?? []), [data])
}

/** The time zone of the site that the address names, else the one that all sites share. */
export function useContextZone(): string | undefined {
  const { _splat: path } = useParams({ strict: false })
  const tree = usePlantPaths()
  const shared = usePlantZone()
  const node = path === undefined ? undefined : tree.node(path)
  return node === undefined ? shared : (tree.timeZoneOf(node.id) ?? shared)
}

/** A unit with its condition now. */
export interface RankedUnit {
  readonly unit: Unit
  readonly condition: UnitCondition
}

const judgeEveryMs = 500
const rankEveryMs = 5000

/** Units worst first. Conditions follow twice a second; places change at most every 5 s, so that nothing jumps away. */
export function useRankedUnits(units: readonly Unit[]): readonly RankedUnit[] {
  const store = useLiveStore()
  const [ranked, setRanked] = useState<readonly RankedUnit[]>(() => judge(units, store))
  useEffect(() => {
    let rankedAtMs = Number.NEGATIVE_INFINITY
    let shown = ''
    function look(): void {
      const next = judge(units, store)
      const text = JSON.stringify([
        store.line().state,
        next.map(({ unit, condition }) => [unit.node.id, condition.counts]),
      ])
      const due = performance.now() - rankedAtMs >= rankEveryMs
      if (text === shown && !due) return
      shown = text
      if (due) rankedAtMs = performance.now()
      setRanked((before) => (due ? worstFirst(next) : inOrderOf(before, next)))
    }
    // The first values come a moment after the first look: rank again as soon as they are there.
    const first = setTimeout(() => {
      rankedAtMs = Number.NEGATIVE_INFINITY
      look()
    }, 1000)
    const timer = setInterval(look, judgeEveryMs)
    look()
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [units, store])
  return ranked
}

function judge(units: readonly Unit[], store: LiveStore): RankedUnit[] {
  return units.map((unit) => ({ unit, condition: unitCondition(unit, store.reading, store.line().state) }))
}

function inOrderOf(before: readonly RankedUnit[], next: readonly RankedUnit[]): readonly RankedUnit[] {
  const places = new Map(before.map(({ unit }, place) => [unit.node.id, place]))
  return next.toSorted((a, b) => (places.get(a.unit.node.id) ?? 1e9) - (places.get(b.unit.node.id) ?? 1e9))
}
