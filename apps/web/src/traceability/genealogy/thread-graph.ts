import type { ThreadEdge, ThreadNode, ThreadNodeShown, traceGenealogy } from '@throughline/model'
import type { z } from 'zod'

export type Trace = z.output<(typeof traceGenealogy)['output']>

/** A node with how far it lies from where the question began: below 0 what went in, above 0 what came of it. */
export interface LevelNode extends ThreadNodeShown {
  readonly key: string
  readonly level: number
}

/** What one question, or a question each way, found. */
export interface ThreadGraph {
  readonly nodes: ReadonlyMap<string, LevelNode>
  readonly edges: readonly ThreadEdge[]
  readonly truncated: boolean
  readonly hidden: number
}

/** One box of the drawing: one node, or many of a level that are drawn as one. */
export interface Box {
  readonly key: string
  readonly level: number
  /** Of which kind and, of lots, of which material. */
  readonly group: string
  readonly members: readonly LevelNode[]
  readonly isFolded: boolean
}

/** One line of the drawing, for as many edges as run between the two boxes. */
export interface BoxLink {
  readonly from: string
  readonly to: string
  readonly count: number
  readonly isMaterial: boolean
}

/** More of one kind (and material) on one level are drawn as one box, until somebody opens it. */
export const foldAbove = 8

const materialKinds: ReadonlySet<ThreadEdge['kind']> = new Set([
  ...(['built-into', 'split-into', 'merged-into', 'transformed-into'] as const),
])

export const keyOf = ({ kind, id }: ThreadNode): string => `${kind}:${id}`
const isMaterialEdge = ({ kind }: Pick<ThreadEdge, 'kind'>): boolean => materialKinds.has(kind)

/** Puts the ways back and forward together; what lies on both is drawn where it went in. */
export function threadGraph(backward: Trace | undefined, forward: Trace | undefined): ThreadGraph {
  const nodes = new Map<string, LevelNode>()
  const edges = new Map<string, ThreadEdge>()
  for (const [trace, sign] of [
    [backward, -1],
    [forward, 1],
  ] as const) {
    for (const node of trace?.nodes ?? []) {
      const key = keyOf(node)
      if (!nodes.has(key)) nodes.set(key, { ...node, key, level: node.depth === 0 ? 0 : node.depth * sign })
    }
    for (const edge of trace?.edges ?? []) edges.set(edgeKey(edge), edge)
  }
  return {
    nodes,
    edges: [...edges.values()],
    truncated: backward?.truncated === true || forward?.truncated === true,
    hidden: (backward?.hidden ?? 0) + (forward?.hidden ?? 0),
  }
}

const edgeKey = ({ from, to, kind, at, runId, quantity }: ThreadEdge): string =>
  [keyOf(from), keyOf(to), kind, at, runId, quantity].join(' ')

/** What one box may stand for: a level's nodes of one kind and, of lots, of one material. */
const groupOf = ({ level, kind, detail }: LevelNode): string =>
  `${level} ${kind} ${kind === 'lot' ? (detail.split(',', 1)[0] ?? '') : ''}`

/** The boxes and lines to draw, with every level that is larger than `foldAbove` folded unless its group is open. */
export function foldedGraph(
  { nodes, edges }: Pick<ThreadGraph, 'nodes' | 'edges'>,
  openGroups: ReadonlySet<string>,
): { readonly boxes: readonly Box[]; readonly links: readonly BoxLink[] } {
  const groups = Map.groupBy(nodes.values(), groupOf)
  const boxes = [...groups].flatMap(([group, members]): Box[] => {
    const level = members[0]?.level ?? 0
    const isFolded = members.length > foldAbove && !openGroups.has(group)
    if (isFolded) return [{ key: `group:${group}`, level, group, members, isFolded }]
    return members.map((node) => ({ key: node.key, level, group, members: [node], isFolded }))
  })
  const boxOf = new Map(boxes.flatMap(({ key, members }) => members.map((node) => [node.key, key] as const)))
  const links = new Map<string, BoxLink>()
  for (const edge of edges) {
    const [from, to] = [boxOf.get(keyOf(edge.from)), boxOf.get(keyOf(edge.to))]
    if (from === undefined || to === undefined || from === to) continue
    const known = links.get(`${from} ${to}`)
    const isMaterial = known?.isMaterial === true || isMaterialEdge(edge)
    links.set(`${from} ${to}`, { from, to, count: (known?.count ?? 0) + 1, isMaterial })
  }
  return { boxes, links: [...links.values()] }
}

/** The nodes that hold every word, in label, detail or kind. */
export function foundIn(nodes: Iterable<LevelNode>, text: string): ReadonlySet<string> {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return new Set()
  const fits = ({ label, detail, kind }: LevelNode): boolean => {
    const all = `${label} ${detail} ${kind}`.toLowerCase()
    return words.every((word) => all.includes(word))
  }
  return new Set([...nodes].filter(fits).map(({ key }) => key))
}

/** Boxes that are drawn at most: more could neither be read nor moved smoothly. */
export const mostDrawn = 700

/** Those nearest to where the question began, and how many are left to the table. */
export function nearestBoxes(
  boxes: readonly Box[],
  most = mostDrawn,
): { readonly boxes: readonly Box[]; readonly left: number } {
  if (boxes.length <= most) return { boxes, left: 0 }
  const near = boxes.toSorted((a, b) => Math.abs(a.level) - Math.abs(b.level)).slice(0, most)
  return { boxes: near, left: boxes.length - most }
}
