import { useQuery } from '@tanstack/react-query'
import { unitLabel } from '@throughline/ui'
import { useMemo } from 'react'
import { tagsQuery } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import type { DefinitionNames } from './definition-facts.ts'

/** Paths and units for what definitions name by id. */
export function useDefinitionNames(tree: PlantTree): DefinitionNames {
  const { data } = useQuery(tagsQuery)
  return useMemo(() => {
    const tags = new Map((data?.tags ?? []).map((tag) => [tag.id as string, tag]))
    return {
      node: (nodeId) => tree.byId(nodeId)?.path ?? 'equipment outside your scopes',
      tag: (tagId) => tags.get(tagId)?.path ?? 'a tag outside your scopes',
      unit: (tagId) => unitLabel(tags.get(tagId)?.unit ?? ''),
    }
  }, [data, tree])
}
