import { Graph, layout } from '@dagrejs/dagre'
import type { Box, BoxLink } from './thread-graph.ts'

export const boxWidth = 184
export const boxHeight = 46

/** A box with the place of its middle. */
export interface PlacedBox extends Box {
  readonly x: number
  readonly y: number
}

export interface DrawnLink extends BoxLink {
  /** Of an SVG path. */
  readonly path: string
}

export interface Drawing {
  readonly boxes: ReadonlyMap<string, PlacedBox>
  readonly links: readonly DrawnLink[]
  readonly width: number
  readonly height: number
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Places the boxes from left (what went in) to right (what came of it), with as few crossings as is quick to find. */
export function drawingOf(boxes: readonly Box[], links: readonly BoxLink[]): Drawing {
  const graph = new Graph({ multigraph: false })
  // A box stands one step from what it hangs on, as far as can be; the network simplex takes four times as long for it.
  graph.setGraph({
    rankdir: 'LR',
    nodesep: 14,
    edgesep: 8,
    ranksep: 88,
    marginx: 16,
    marginy: 16,
    ranker: 'tight-tree',
  })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { key } of boxes) graph.setNode(key, { width: boxWidth, height: boxHeight })
  for (const { from, to, isMaterial } of links) graph.setEdge(from, to, { weight: isMaterial ? 3 : 1 })
  layout(graph)
  const placed = boxes.map((box): [string, PlacedBox] => {
    const { x, y } = graph.node(box.key) as Point
    return [box.key, { ...box, x, y }]
  })
  const drawn = links.map((link): DrawnLink => {
    const { points } = graph.edge(link.from, link.to) as { readonly points: readonly Point[] }
    return { ...link, path: pathThrough(points) }
  })
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const drawing = { boxes: new Map(placed), links: drawn, width, height }
  return height > tallest && height > width ? wrapped(drawing) : drawing
}

/** Above it, a drawing that is taller than wide is wrapped: hundreds in one column can be read at no scale. */
const tallest = 1000
const [columnGap, rowGap, levelGap, margin] = [20, 14, 110, 16]
/** Width to height of a wrapped drawing: about that of the place where it is shown. */
const wantedShape = 1.9

/** Each column broken into several that stand side by side, in the order that was found for it. */
function wrapped({ boxes, links }: Drawing): Drawing {
  const columns = [...Map.groupBy(boxes.values(), ({ x }) => x)]
    .toSorted(([a], [b]) => a - b)
    .map(([, column]) => column.toSorted((a, b) => a.y - b.y))
  const widthAt = (rows: number): number =>
    columns.reduce((sum, { length }) => sum + Math.ceil(length / rows) * (boxWidth + columnGap) + levelGap, 0)
  const heightAt = (rows: number): number => rows * (boxHeight + rowGap)
  const longest = Math.max(...columns.map(({ length }) => length))
  let rows = 1
  while (rows < longest && widthAt(rows) > heightAt(rows) * wantedShape) rows += 1
  const height = heightAt(rows)
  const placed = new Map<string, PlacedBox>()
  let left = margin
  for (const column of columns) {
    const inBlock = Math.min(rows, column.length)
    const top = margin + (height - heightAt(inBlock)) / 2
    for (const [index, box] of column.entries()) {
      const x = left + Math.floor(index / rows) * (boxWidth + columnGap) + boxWidth / 2
      placed.set(box.key, { ...box, x, y: top + (index % rows) * (boxHeight + rowGap) + boxHeight / 2 })
    }
    left += Math.ceil(column.length / rows) * (boxWidth + columnGap) + levelGap
  }
  const drawn = links.map((link) => ({ ...link, path: curveBetween(placed.get(link.from), placed.get(link.to)) }))
  return { boxes: placed, links: drawn, width: left - levelGap - columnGap + margin, height: height + 2 * margin }
}

/** From the right side of a box to the left side of another. */
function curveBetween(from: Point | undefined, to: Point | undefined): string {
  if (from === undefined || to === undefined) return ''
  const [start, end] = [from.x + boxWidth / 2, to.x - boxWidth / 2]
  const bend = Math.max(40, Math.min(levelGap, Math.abs(end - start) / 2))
  const ends = [
    { x: start + bend, y: from.y },
    { x: end - bend, y: to.y },
    { x: end, y: to.y },
  ]
  return `M${at({ x: start, y: from.y })}C${ends.map(at).join(' ')}`
}

/** A line through the middles between the points, bent at the points. */
function pathThrough(points: readonly Point[]): string {
  const [first, ...rest] = points
  const last = rest.at(-1)
  if (first === undefined || last === undefined) return ''
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? last
    return `Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`
  })
  return `M${at(first)}${bends.join('')}L${at(last)}`
}

const at = ({ x, y }: Point): string => `${Math.round(x)},${Math.round(y)}`

/** The box of a node, or that which it is folded into. */
export const boxOf = ({ boxes }: Drawing, key: string): PlacedBox | undefined =>
  boxes.get(key) ?? [...boxes.values()].find(({ members }) => members.some((each) => each.key === key))

export type Step = 'left' | 'right' | 'up' | 'down'

/** The box that an arrow key leads to: along a line to the left and right, within its column up and down. */
export function nextBox({ boxes, links }: Drawing, from: string, step: Step): string | undefined {
  const here = boxes.get(from)
  if (here === undefined) return undefined
  if (step === 'left' || step === 'right') {
    const near = links.flatMap((link) =>
      step === 'left' ? (link.to === from ? [link.from] : []) : link.from === from ? [link.to] : [],
    )
    return nearest(
      near.map((key) => boxes.get(key)).filter((box) => box !== undefined),
      here,
    )?.key
  }
  const column = [...boxes.values()].filter(({ x, y }) => {
    if (Math.abs(x - here.x) > boxWidth / 2) return false
    return step === 'up' ? y < here.y : y > here.y
  })
  return nearest(column, here)?.key
}

const nearest = (boxes: readonly PlacedBox[], { y }: PlacedBox): PlacedBox | undefined =>
  boxes.toSorted((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y))[0]

/** How the drawing is seen: a point of it lies at `scale` times itself, plus `x` and `y`, on the screen. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Frame {
  readonly width: number
  readonly height: number
}

const [smallest, largest] = [0.05, 3]
/** Below it a box shows its name alone, and larger. */
export const readableScale = 0.6
/** Below it not even that can be read. */
const tellingScale = 0.28

/** Nearer or farther, with what lies under `about` staying there. */
export function zoomedView(view: View, factor: number, about: Point): View {
  const scale = Math.min(largest, Math.max(smallest, view.scale * factor))
  const by = scale / view.scale
  return { scale, x: about.x - (about.x - view.x) * by, y: about.y - (about.y - view.y) * by }
}

/** All of it, in the middle; small drawings are not blown up. */
export function fittedView({ width, height }: Frame, frame: Frame): View {
  const scale = Math.min(1, frame.width / Math.max(1, width), frame.height / Math.max(1, height))
  return { scale, x: (frame.width - width * scale) / 2, y: (frame.height - height * scale) / 2 }
}

/** All of it if that can be read, else where the question began, with no more of nothing around it than must be. */
export function firstView(drawing: Drawing, start: PlacedBox | undefined, frame: Frame): View {
  const whole = fittedView(drawing, frame)
  if (whole.scale >= tellingScale || start === undefined) return whole
  const scale = 0.8
  const along = (middle: number, length: number, room: number): number => {
    const most = length * scale - room
    return most <= 0 ? -most / 2 : Math.max(-most, Math.min(0, room / 2 - middle * scale))
  }
  const x = along(start.x, drawing.width, frame.width)
  return { scale, x, y: along(start.y, drawing.height, frame.height) }
}

/** Moved no more than is needed to have this box in sight. */
export function revealedView(view: View, box: Point, frame: Frame): View {
  const margin = 24
  const shift = (middle: number, half: number, room: number): number => {
    const low = middle - half - margin
    const high = middle + half + margin - room
    return low < 0 ? -low : high > 0 ? -high : 0
  }
  const dx = shift(box.x * view.scale + view.x, (boxWidth / 2) * view.scale, frame.width)
  const dy = shift(box.y * view.scale + view.y, (boxHeight / 2) * view.scale, frame.height)
  return dx === 0 && dy === 0 ? view : { ...view, x: view.x + dx, y: view.y + dy }
}
