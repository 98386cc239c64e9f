import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { ThreadEdge, ThreadNodeShown } from '@throughline/model'
import type { FoundEdge, FoundNode, Reach } from './found.ts'

/** What a question found, as it is told. */
export interface Thread {
  readonly nodes: ThreadNodeShown[]
  readonly edges: ThreadEdge[]
  /** Nodes at places that whoever asks may not see: counted, not told. */
  readonly hidden: number
}

/**
 * Nodes by depth, and the edges between them by time.
 *
 * @param within places that whoever asks may see; null = all. What has no place (a person, an instruction) is told where it
 *   hangs on something that is.
 */
export function threadOf(
  { depths, edges }: Pick<Reach, 'depths' | 'edges'>,
  found: readonly FoundNode[],
  within: ReadonlySet<Id<'EquipmentNode'>> | null,
): Thread {
  const told = within === null ? new Set(found.map(({ key }) => key)) : seenFrom(found, edges, within)
  const byKey = new Map(found.map((node) => [node.key, node]))
  const depthOf = ({ key }: FoundNode): number => depths.get(key) ?? 0
  const nodes = found
    .filter(({ key }) => told.has(key))
    .sort((a, b) => depthOf(a) - depthOf(b) || compareText(a.kind, b.kind) || compareText(a.label, b.label))
    .map(({ kind, id, label, detail, at, key }) => ({ kind, id, label, detail, at, depth: depths.get(key) ?? 0 }))
  const links = edges.flatMap(({ from, to, kind, at, quantity, runId }): ThreadEdge[] => {
    const [source, target] = [byKey.get(from), byKey.get(to)]
    if (source === undefined || target === undefined || !told.has(from) || !told.has(to)) return []
    const amount = quantity === null ? null : decimalOf(quantity)
    return [{ from: nameOf(source), to: nameOf(target), kind, at, quantity: amount, runId }]
  })
  links.sort((a, b) => a.at - b.at || compareText(a.from.id, b.from.id) || compareText(a.to.id, b.to.id))
  return { nodes, edges: links, hidden: found.length - nodes.length }
}

function seenFrom(
  found: readonly FoundNode[],
  edges: readonly FoundEdge[],
  within: ReadonlySet<Id<'EquipmentNode'>>,
): Set<number> {
  const placed = new Set(found.filter(({ place }) => place !== null && within.has(place)).map(({ key }) => key))
  const placeless = new Set(found.filter(({ place, kind }) => place === null && kind !== 'lot').map(({ key }) => key))
  const seen = new Set(placed)
  for (const { from, to } of edges) {
    if (placed.has(to) && placeless.has(from)) seen.add(from)
    if (placed.has(from) && placeless.has(to)) seen.add(to)
  }
  return seen
}

/** One row an edge, for a spreadsheet; the node where the question began stands alone when nothing hangs on it. */
export function csvRowsOf(
  { nodes, edges }: Pick<Thread, 'nodes' | 'edges'>,
  timeOf: (at: NonNullable<ThreadNodeShown['at']>) => string,
): string[][] {
  const byName = new Map(nodes.map((node) => [`${node.kind} ${node.id}`, node]))
  const words = ({ kind, id }: ThreadEdge['from']): string[] => {
    const node = byName.get(`${kind} ${id}`)
    return [kind, node?.label ?? id, node?.detail ?? '', String(node?.depth ?? '')]
  }
  const side = (name: string): string[] => [`${name} kind`, name, `${name} detail`, `${name} depth`]
  return [
    [...side('from'), 'became', ...side('to'), 'at', 'quantity', 'run'],
    ...edges.map((edge) => [
      ...[...words(edge.from), edge.kind, ...words(edge.to), timeOf(edge.at)],
      ...[edge.quantity ?? '', edge.runId ?? ''],
    ]),
    ...(edges.length > 0 ? [] : nodes.map((node) => [...words(node), ...Array.from({ length: 8 }, () => '')])),
  ]
}

const nameOf = ({ kind, id }: FoundNode): ThreadEdge['from'] => ({ kind, id })

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
