import type { Instant } from '@throughline/kernel'
import type { ThreadEdge, ThreadNodeShown } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import type { Drawing } from './drawing.ts'
import {
  boxHeight,
  boxOf,
  boxWidth,
  drawingOf,
  firstView,
  fittedView,
  nextBox,
  revealedView,
  zoomedView,
} from './drawing.ts'
import type { Trace } from './thread-graph.ts'
import { allGroups, foldAbove, foldedGraph, nearestBoxes, threadGraph } from './thread-graph.ts'

const at = 0 as Instant
const lot = (id: string, depth: number, material = 'M'): ThreadNodeShown => ({
  ...{ kind: 'lot', id, label: id.toUpperCase(), detail: `${material}, available`, at, depth },
})
const edge = (from: string, to: string, kind: ThreadEdge['kind'] = 'built-into'): ThreadEdge => ({
  ...{ from: { kind: 'lot', id: from }, to: { kind: 'lot', id: to }, kind, at, quantity: '1', runId: null },
})
const trace = (nodes: ThreadNodeShown[], edges: ThreadEdge[], more: Partial<Trace> = {}): Trace => ({
  ...{ nodes, edges, truncated: false, hidden: 0, elapsedMs: 1, ...more },
})

/** `levels` levels of `wide` lots each; every lot is made of two of the level before. */
function wideTrace(levels: number, wide: number): Trace {
  const nodes = [lot('start', 0)]
  const edges: ThreadEdge[] = []
  for (let level = 1; level <= levels; level++) {
    for (let index = 0; index < wide; index++) {
      const id = `${level}-${index}`
      nodes.push(lot(id, level))
      const before = level === 1 ? ['start'] : [`${level - 1}-${index}`, `${level - 1}-${(index + 1) % wide}`]
      for (const from of before) edges.push(edge(from, id))
    }
  }
  return trace(nodes, edges)
}

function overlaps({ boxes }: Drawing): number {
  const all = [...boxes.values()]
  let found = 0
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      if (Math.abs(a.x - b.x) < boxWidth && Math.abs(a.y - b.y) < boxHeight) found += 1
    }
  }
  return found
}

describe('the drawn genealogy', () => {
  test('five hundred nodes, all open, lie beside each other and inside the drawing', () => {
    const graph = threadGraph(undefined, wideTrace(10, 50))
    const { boxes, links } = foldedGraph(graph, allGroups(graph))
    const drawing = drawingOf(boxes, links)
    expect(drawing.boxes.size).toBe(501)
    expect(overlaps(drawing)).toBe(0)
    const outside = [...drawing.boxes.values()].filter(
      ({ x, y }) =>
        x < boxWidth / 2 || y < boxHeight / 2 || x > drawing.width - boxWidth / 2 || y > drawing.height - boxHeight / 2,
    )
    expect(outside).toEqual([])
    expect(drawing.links.every(({ path }) => /^M\d+,\d+/.test(path))).toBe(true)
  })

  test('hundreds that would stand in one column are broken into several, still left to right and beside each other', () => {
    const graph = threadGraph(undefined, wideTrace(2, 300))
    const { boxes, links } = foldedGraph(graph, allGroups(graph))
    const drawing = drawingOf(boxes, links)
    expect(overlaps(drawing)).toBe(0)
    expect(drawing.width / drawing.height).toBeGreaterThan(1)
    expect(drawing.width / drawing.height).toBeLessThan(3)
    const rights = [0, 1].map((level) =>
      Math.max(...[...drawing.boxes.values()].flatMap((box) => (box.level === level ? [box.x] : []))),
    )
    const lefts = [1, 2].map((level) =>
      Math.min(...[...drawing.boxes.values()].flatMap((box) => (box.level === level ? [box.x] : []))),
    )
    expect(rights.map((x, index) => x < (lefts[index] ?? 0))).toEqual([true, true])
    expect(drawing.links.every(({ path }) => path.includes('C'))).toBe(true)
  })

  test('what went in stands left of what came of it', () => {
    const graph = threadGraph(
      trace([lot('box', 0), lot('part', 1)], [edge('part', 'box')]),
      trace([lot('box', 0), lot('crate', 1)], [edge('box', 'crate')]),
    )
    expect([...graph.nodes.values()].map(({ label, level }) => [label, level])).toEqual([
      ['BOX', 0],
      ['PART', -1],
      ['CRATE', 1],
    ])
    const { boxes, links } = foldedGraph(graph, new Set())
    const { boxes: placed } = drawingOf(boxes, links)
    const x = (key: string): number => placed.get(`lot:${key}`)?.x ?? Number.NaN
    expect(x('part')).toBeLessThan(x('box'))
    expect(x('box')).toBeLessThan(x('crate'))
  })

  test('a piece that went no further stands beside those that did, one step from what it was made of', () => {
    const graph = threadGraph(
      undefined,
      trace(
        [lot('a', 0), lot('b', 1), lot('end', 1), lot('c', 2), lot('d', 3)],
        [edge('a', 'b'), edge('a', 'end'), edge('b', 'c'), edge('c', 'd')],
      ),
    )
    const { boxes, links } = foldedGraph(graph, new Set())
    const placed = drawingOf(boxes, links).boxes
    expect(placed.get('lot:end')?.x).toBe(placed.get('lot:b')?.x)
  })

  test('a circle is drawn as well', () => {
    const graph = threadGraph(
      undefined,
      trace([lot('a', 0), lot('b', 1)], [edge('a', 'b'), edge('b', 'a', 'merged-into')]),
    )
    const { boxes, links } = foldedGraph(graph, new Set())
    expect(drawingOf(boxes, links).boxes.size).toBe(2)
  })

  test('a level with many of one material is one box with its count, and opens', () => {
    const graph = threadGraph(undefined, wideTrace(2, foldAbove + 1))
    const folded = foldedGraph(graph, new Set())
    expect(folded.boxes.map(({ members }) => members.length)).toEqual([1, foldAbove + 1, foldAbove + 1])
    expect(folded.links.map(({ count }) => count)).toEqual([foldAbove + 1, 2 * (foldAbove + 1)])
    const [, first] = folded.boxes
    const opened = foldedGraph(graph, new Set([first?.group ?? '']))
    expect(opened.boxes.map(({ members }) => members.length)).toEqual([
      ...Array.from({ length: foldAbove + 2 }, () => 1),
      foldAbove + 1,
    ])
  })

  test('hundreds open by bunches first, of what they come from or of their names, so that what is open can be read', () => {
    const kits = Array.from({ length: 10 }, (_, kit) => lot(`kit-${kit}`, 1, 'KIT'))
    const pieces = kits.flatMap(({ id }) => Array.from({ length: 12 }, (_, index) => lot(`${id}-${index}`, 2, 'PIECE')))
    const graph = threadGraph(
      undefined,
      trace(
        [lot('start', 0), ...kits, ...pieces],
        [...kits.map(({ id }) => edge('start', id)), ...pieces.map(({ id }) => edge(id.replace(/-\d+$/, ''), id))],
      ),
    )
    const opened = (...groups: string[]) => foldedGraph(graph, new Set(groups)).boxes
    const group = opened().at(-1)?.group ?? ''
    const bunches = opened(group).filter(({ level }) => level === 2)
    expect(bunches.map(({ about, members }) => `${members.length} ${about}`)).toEqual(
      kits.map(({ label }) => `12 from ${label}`),
    )
    expect(opened(group, bunches[0]?.group ?? '').filter(({ level }) => level === 2)).toHaveLength(9 + 12)
    expect(foldedGraph(graph, allGroups(graph)).boxes).toHaveLength(1 + 10 + 120)
    const many = threadGraph(undefined, wideTrace(1, 50))
    const [, all] = foldedGraph(many, new Set()).boxes
    // All of them come from the same: then their names tell them apart.
    expect(foldedGraph(many, new Set([all?.group ?? ''])).boxes.map(({ about }) => about)).toEqual([
      ...['', '1 to 20: 1-0 …', '21 to 40: 1-20 …', '41 to 50: 1-40 …'],
    ])
    expect(drawingOf(bunches, []).boxes.size).toBe(10)
    expect(boxOf(drawingOf(bunches, []), 'lot:kit-3-7')?.about).toBe('from KIT-3')
  })

  test('of more than can be drawn, the nearest are', () => {
    const graph = threadGraph(undefined, wideTrace(3, 5))
    const { boxes, left } = nearestBoxes(foldedGraph(graph, new Set()).boxes, 6)
    expect(boxes.map(({ level }) => level)).toEqual([0, 1, 1, 1, 1, 1])
    expect(left).toBe(10)
    expect(nearestBoxes(boxes, 6)).toEqual({ boxes, left: 0 })
  })

  test('few of each of many materials stay apart', () => {
    const nodes = Array.from({ length: 3 * foldAbove }, (_, index) => lot(`l${index}`, 1, `M-${index % 3}`))
    const graph = threadGraph(
      trace(
        [lot('start', 0), ...nodes],
        nodes.map(({ id }) => edge(id, 'start')),
      ),
      undefined,
    )
    expect(foldedGraph(graph, new Set()).boxes).toHaveLength(nodes.length + 1)
  })

  test('both ways together tell of what either left out', () => {
    const back = trace([lot('a', 0)], [], { hidden: 2 })
    const on = trace([lot('a', 0)], [], { hidden: 1, truncated: true })
    expect(threadGraph(back, on)).toMatchObject({ hidden: 3, truncated: true })
  })
})

describe('moving about the drawing', () => {
  const graph = threadGraph(undefined, wideTrace(2, 3))
  const { boxes, links } = foldedGraph(graph, new Set())
  const drawing = drawingOf(boxes, links)
  const frame = { width: 800, height: 600 }

  test('every box can be reached from the first by arrow keys', () => {
    const seen = new Set(['lot:start'])
    for (const key of seen) {
      for (const step of ['left', 'right', 'up', 'down'] as const) {
        const next = nextBox(drawing, key, step)
        if (next !== undefined) seen.add(next)
      }
    }
    expect(seen.size).toBe(drawing.boxes.size)
  })

  test('an arrow leads along a line, or within the column, and nowhere at the end', () => {
    const first = nextBox(drawing, 'lot:start', 'right') ?? ''
    expect(drawing.links).toContainEqual(expect.objectContaining({ from: 'lot:start', to: first }))
    expect(nextBox(drawing, first, 'left')).toBe('lot:start')
    expect(nextBox(drawing, 'lot:start', 'left')).toBeUndefined()
    expect(nextBox(drawing, 'lot:nobody', 'left')).toBeUndefined()
  })

  test('zooming keeps what lies under the pointer, and ends somewhere', () => {
    const view = { x: 10, y: 20, scale: 1 }
    const nearer = zoomedView(view, 2, { x: 110, y: 120 })
    expect([(110 - nearer.x) / nearer.scale, (120 - nearer.y) / nearer.scale]).toEqual([100, 100])
    expect(zoomedView(view, 1e9, { x: 0, y: 0 }).scale).toBe(3)
    expect(zoomedView(view, 1e-9, { x: 0, y: 0 }).scale).toBe(0.05)
  })

  test('a small drawing is fitted as it is; a large one begins where the question began', () => {
    expect(fittedView({ width: 100, height: 100 }, frame)).toEqual({ scale: 1, x: 350, y: 250 })
    const wide = { ...drawing, width: 10_000, height: 10_000 }
    const start = drawing.boxes.get('lot:start')
    expect(fittedView(wide, frame).scale).toBe(0.06)
    // It stands at the left edge of the drawing: left of that there is nothing to see.
    expect(firstView(wide, start, frame)).toMatchObject({ scale: 0.8, x: 0 })
    const inside = start && { ...start, x: 5000, y: 9990 }
    const { scale, x, y } = firstView(wide, inside, frame)
    expect([5000 * scale + x, 10_000 * scale + y]).toEqual([400, 600])
  })

  test('what is in sight stays where it is, and what is not comes into it', () => {
    const view = { x: 0, y: 0, scale: 1 }
    expect(revealedView(view, { x: 400, y: 300 }, frame)).toBe(view)
    expect(revealedView(view, { x: 1000, y: 300 }, frame)).toEqual({ x: -(1000 + 92 + 24 - 800), y: 0, scale: 1 })
    expect(revealedView(view, { x: 0, y: 300 }, frame).x).toBe(92 + 24)
  })
})
