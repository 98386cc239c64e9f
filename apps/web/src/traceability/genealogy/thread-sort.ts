import type { LevelNode } from './thread-graph.ts'

export type SortColumn = 'level' | 'kind' | 'label' | 'detail' | 'at'

const texts = new Intl.Collator('en', { numeric: true })

/** By one column, then by name; what has no time comes last either way. */
export function sortedNodes(nodes: readonly LevelNode[], by: SortColumn, isDown: boolean): readonly LevelNode[] {
  const sign = isDown ? -1 : 1
  return nodes.toSorted((a, b) => {
    if (by === 'at' && (a.at === null) !== (b.at === null)) return a.at === null ? 1 : -1
    return sign * compared(a, b, by) || texts.compare(a.label, b.label)
  })
}

function compared(a: LevelNode, b: LevelNode, by: SortColumn): number {
  if (by === 'level') return Math.abs(a.level) - Math.abs(b.level) || a.level - b.level
  if (by === 'at') return (a.at ?? 0) - (b.at ?? 0)
  return texts.compare(a[by], b[by])
}
