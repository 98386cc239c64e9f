import { useQuery } from '@tanstack/react-query'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { nodesQuery, tagsQuery } from '../../door/queries.ts'
import { plantTree } from '../../equipment/node/plant-tree.ts'
import { TagValue } from '../../equipment/tag/TagValue.tsx'
import { useShown } from '../../live/live-hooks.ts'

const mostShown = 24

/** What the equipment at this station says at this moment. */
export function StationValues({ nodeId }: { readonly nodeId: string }): ReactElement | null {
  const nodes = useQuery(nodesQuery)
  const tags = useQuery(tagsQuery)
  const tree = useMemo(() => plantTree(nodes.data ?? [], tags.data?.tags ?? []), [nodes.data, tags.data])
  const node = nodes.data?.find(({ id }) => id === nodeId)
  const all = useMemo(
    () => (node === undefined ? [] : tree.within(node.id).flatMap((part) => tree.tagsOf(part.id))),
    [tree, node],
  )
  const shown = all.slice(0, mostShown)
  useShown(useMemo(() => shown.map(({ id }) => id), [shown]))
  const failure = nodes.error ?? tags.error
  if (failure !== null) return <ProblemNotice what="The equipment could not be read" error={failure} />
  if (nodes.data === undefined || tags.data === undefined) return null
  if (node === undefined) {
    return <EmptyState title="No equipment to show" reason="This station stands at equipment outside your scopes." />
  }
  return (
    <section aria-labelledby="kiosk-equipment">
      <h1 id="kiosk-equipment">{node.name}</h1>
      <p className="kiosk-path">{node.path}</p>
      {all.length === 0 ? <EmptyState title="No tags here" reason="This equipment has no measured values." /> : null}
      <dl className="kiosk-values">
        {shown.map((tag) => (
          <div key={tag.id}>
            <dt title={tag.description}>{tag.name}</dt>
            <dd>
              <TagValue tag={tag} />
            </dd>
          </div>
        ))}
      </dl>
      {all.length > shown.length ? <p className="kiosk-path">{all.length - shown.length} more tags</p> : null}
    </section>
  )
}
