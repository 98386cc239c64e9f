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
  /** Of which kind and, of lots, of which material; of a bunch of those, which one. */
  readonly group: string
  /** What the members of a bunch have alike: `from KIT-1001`; '' = what the group says. */
  readonly about: string
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
/** Of more than these, what opens first are bunches: by what they come from, or else by name. */
const bunchAbove = 24
const bunchSize = 20

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
  const nearer = nearerNodes({ nodes, edges })
  const boxes = [...Map.groupBy(nodes.values(), groupOf)].flatMap(([group, members]): Box[] => {
    if (members.length <= foldAbove || !openGroups.has(group)) return boxesOf(group, '', members, openGroups)
    const bunches = members.length > bunchAbove ? bunchesOf(members, nearer) : [['', members] as const]
    return bunches.flatMap(([about, some]) =>
      boxesOf(about === '' ? group : `${group} ${about}`, about, some, openGroups),
    )
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

function boxesOf(group: string, about: string, members: readonly LevelNode[], openGroups: ReadonlySet<string>): Box[] {
  const level = members[0]?.level ?? 0
  const isFolded = members.length > foldAbove && !openGroups.has(group)
  if (isFolded) return [{ key: `group:${group}`, level, group, about, members, isFolded }]
  return members.map((node) => ({ key: node.key, level, group, about: '', members: [node], isFolded }))
}

/** Of each node, what of material it hangs on that is one step nearer to where the question began. */
function nearerNodes({ nodes, edges }: Pick<ThreadGraph, 'nodes' | 'edges'>): ReadonlyMap<string, LevelNode> {
  const nearer = new Map<string, LevelNode>()
  for (const edge of edges) {
    const ends = [nodes.get(keyOf(edge.from)), nodes.get(keyOf(edge.to))]
    const [near, far] = ends.toSorted((a, b) => Math.abs(a?.level ?? 0) - Math.abs(b?.level ?? 0))
    if (near === undefined || far === undefined || near.level === far.level || near.kind !== 'lot') continue
    const known = nearer.get(far.key)
    if (known === undefined || near.label < known.label) nearer.set(far.key, near)
  }
  return nearer
}

/** Many of a group, by what they come from where that says something, else by name, twenty a bunch. */
function bunchesOf(
  members: readonly LevelNode[],
  nearer: ReadonlyMap<string, LevelNode>,
): readonly (readonly [about: string, members: readonly LevelNode[]])[] {
  const sorted = members.toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }))
  const byOrigin = [...Map.groupBy(sorted, ({ key }) => nearer.get(key)?.label ?? '')]
  const telling = byOrigin.length > 1 && byOrigin.length <= members.length / 3
  if (telling && byOrigin.every(([origin]) => origin !== '')) {
    return byOrigin.map(([origin, some]) => [`${(some[0]?.level ?? 0) < 0 ? 'into' : 'from'} ${origin}`, some])
  }
  return Array.from({ length: Math.ceil(sorted.length / bunchSize) }, (_, index) => {
    const some = sorted.slice(index * bunchSize, (index + 1) * bunchSize)
    return [`${index * bunchSize + 1} to ${index * bunchSize + some.length}: ${some[0]?.label} …`, some]
  })
}

/** Every group that can be opened, bunches too: with all of them open, each node is a box of its own. */
export function allGroups(graph: Pick<ThreadGraph, 'nodes' | 'edges'>): ReadonlySet<string> {
  const open = new Set<string>()
  for (let before = -1; before < open.size; ) {
    before = open.size
    for (const { isFolded, group } of foldedGraph(graph, open).boxes) if (isFolded) open.add(group)
  }
  return open
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
