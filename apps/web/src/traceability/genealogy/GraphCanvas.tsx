import { Maximize, Minus, Plus } from 'lucide-react'
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Drawing, Step, View } from './drawing.ts'
import { boxOf, firstView, fittedView, nextBox, readableScale, revealedView, zoomedView } from './drawing.ts'
import { GraphBox } from './GraphBox.tsx'
import { useFrame, useViewMoves } from './use-view.ts'

interface GraphCanvasProps {
  readonly drawing: Drawing
  readonly label: string
  readonly startKey: string | undefined
  /** The box of the node whose facts are shown. */
  readonly chosenKey: string | undefined
  /** Nodes that a search found; undefined = nothing is searched for. */
  readonly found: ReadonlySet<string> | undefined
  /** A box to bring into sight and into focus; `count` tells one wish from the next. */
  readonly wish: { readonly key: string; readonly count: number } | undefined
  /** Changes when it is drawn so differently that the whole of it is to be seen. */
  readonly whole: number
  readonly onPick: (key: string) => void
}

const steps: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const zoomStep = 1.3
/** More lines than these say nothing of one of them. */
const manyLines = 150

/** The drawing, moved by wheel, drag, pinch and keys; arrow keys walk from box to box. */
export function GraphCanvas(props: GraphCanvasProps): ReactElement {
  const { drawing, label, startKey, chosenKey, found, wish, whole, onPick } = props
  const canvas = useRef<SVGSVGElement>(null)
  const frame = useFrame(canvas)
  /** Where somebody moved it; undefined = nobody has yet. */
  const [moved, setMoved] = useState<View | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of `whole` is the wish itself
  useEffect(() => setMoved(undefined), [whole])
  const first = useMemo(
    () => (frame === undefined ? undefined : firstView(drawing, drawing.boxes.get(startKey ?? ''), frame)),
    [drawing, startKey, frame],
  )
  const view = moved ?? first ?? { x: 0, y: 0, scale: 1 }
  const latest = useRef(view)
  latest.current = view
  const move = (change: (view: View) => View): void => {
    latest.current = change(latest.current)
    setMoved(latest.current)
  }
  const { wasDragged, ...handlers } = useViewMoves(canvas, move)
  const [entry, setEntry] = useState<string | undefined>(undefined)
  const entryKey = [entry, chosenKey, startKey].find((key) => key !== undefined && drawing.boxes.has(key))

  const boxElement = (key: string): SVGGElement | null | undefined =>
    canvas.current?.querySelector<SVGGElement>(`[data-key="${CSS.escape(key)}"]`)

  /** To the box of a node, or to that which it is folded into. */
  function goTo(key: string): void {
    const box = boxOf(drawing, key)
    if (box === undefined || frame === undefined) return
    setEntry(box.key)
    move((before) => revealedView(before, box, frame))
    boxElement(box.key)?.focus({ preventScroll: true })
  }

  const wished = useRef(goTo)
  wished.current = goTo
  useEffect(() => {
    if (wish !== undefined) wished.current(wish.key)
  }, [wish])

  // The facts of a box take room beside the drawing: it must not end up behind them.
  const chosen = drawing.boxes.get(chosenKey ?? '')
  const keepInSight = useRef(() => {})
  keepInSight.current = () => {
    if (chosen !== undefined && frame !== undefined) move((before) => revealedView(before, chosen, frame))
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the room or the choice changes
  useEffect(() => keepInSight.current(), [frame, chosenKey])

  const zoom = (factor: number): void => {
    if (frame !== undefined) move((before) => zoomedView(before, factor, { x: frame.width / 2, y: frame.height / 2 }))
  }
  const fitAll = (): void => {
    if (frame !== undefined) move(() => fittedView(drawing, frame))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const key = keyAt(event)
    const step = steps[event.key]
    if (step !== undefined && key !== undefined) {
      const next = nextBox(drawing, key, step)
      if (next !== undefined) goTo(next)
    } else if (event.key === 'Home' && startKey !== undefined) goTo(startKey)
    else if ((event.key === 'Enter' || event.key === ' ') && key !== undefined) onPick(key)
    else if (event.key === '+' || event.key === '=') zoom(zoomStep)
    else if (event.key === '-') zoom(1 / zoomStep)
    else if (event.key === '0') fitAll()
    else return
    event.preventDefault()
  }

  function onClick(event: MouseEvent): void {
    const key = keyAt(event)
    if (wasDragged() || key === undefined) return
    setEntry(key)
    onPick(key)
  }

  return (
    <div className="thread-canvas">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset */}
      <svg
        ref={canvas}
        className="thread-svg"
        role="group"
        aria-label={label}
        aria-describedby="thread-keys"
        data-is-far={view.scale < readableScale || undefined}
        data-is-dense={drawing.links.length > manyLines || undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        {...handlers}
      >
        <g transform={`translate(${view.x},${view.y}) scale(${view.scale})`}>
          <Lines drawing={drawing} />
          <g className="thread-own-lines">
            {drawing.links
              .filter(({ from, to }) => from === chosenKey || to === chosenKey)
              .map(({ from, to, path }) => (
                <path key={`${from} ${to}`} d={path} />
              ))}
          </g>
          {[...drawing.boxes.values()].map((box) => (
            <GraphBox
              key={box.key}
              box={box}
              isStart={box.key === startKey}
              isChosen={box.key === chosenKey}
              isEntry={box.key === entryKey}
              found={found === undefined ? undefined : box.members.filter(({ key }) => found.has(key)).length}
            />
          ))}
        </g>
      </svg>
      <div className="thread-below">
        <p id="thread-keys" className="thread-keys">
          Arrow keys walk along the lines, Enter opens, + and − zoom, 0 fits, Home leads back to where it began.
        </p>
        <div className="thread-zoom">
          <button type="button" className="icon-button" aria-label="Nearer" onClick={() => zoom(zoomStep)}>
            <Plus size={18} aria-hidden="true" />
          </button>
          <button type="button" className="icon-button" aria-label="Farther" onClick={() => zoom(1 / zoomStep)}>
            <Minus size={18} aria-hidden="true" />
          </button>
          <button type="button" className="icon-button" aria-label="Fit all of it" onClick={fitAll}>
            <Maximize size={18} aria-hidden="true" />
          </button>
        </div>
      </div>
    </div>
  )
}

const keyAt = ({ target }: { readonly target: EventTarget }): string | undefined =>
  target instanceof Element ? target.closest<SVGGElement>('[data-key]')?.dataset['key'] : undefined

function Lines({ drawing }: { readonly drawing: Drawing }): ReactElement {
  return useMemo(
    () => (
      <g className="thread-lines">
        <defs>
          <marker id="thread-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0L8,4L0,8z" />
          </marker>
        </defs>
        {drawing.links.map(({ from, to, path, isMaterial }) => (
          <path key={`${from} ${to}`} d={path} data-material={isMaterial || undefined} markerEnd="url(#thread-arrow)" />
        ))}
      </g>
    ),
    [drawing],
  )
}
