import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { EquipmentNode } from '@throughline/model'
import { listQualifiedEquipment } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import { standing } from '../../identity/qualification/qualification-words.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import type { PlantTree } from '../node/plant-tree.ts'

/** For which special processes a node is qualified now, itself or by what it belongs to; nothing where there are none. */
export function NodeProcesses({
  node,
  tree,
}: {
  readonly node: EquipmentNode
  readonly tree: PlantTree
}): ReactElement | null {
  const now = useNow(30_000)
  const { data } = useQuery({ ...ask(listQualifiedEquipment, {}), staleTime: 30_000 })
  const above = new Set(tree.pathTo(node.id).map(({ id }) => id as string))
  const held = data?.filter((each) => above.has(each.nodeId) && standing(each, now) === 'holds') ?? []
  if (held.length === 0) return null
  return (
    <p>
      Qualified for <Link to="/special-processes">{held.length === 1 ? 'a special process' : 'special processes'}</Link>
      :{' '}
      {held
        .map(({ process, validTo }) =>
          validTo === null ? process : `${process} until ${formatInstant(validTo, 'day', tree.timeZoneOf(node.id))}`,
        )
        .join(', ')}
    </p>
  )
}
