import type { PointerEvent as ReactPointerEvent, RefObject } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { Frame, View } from './drawing.ts'
import { zoomedView } from './drawing.ts'

interface Point {
  readonly x: number
  readonly y: number
}

/** Pixels that a press may wander and still be a press. */
const slack = 4

/** What moves the view by wheel, by one finger or the mouse, and by two fingers. */
export interface ViewHandlers {
  readonly onPointerDown: (event: ReactPointerEvent<SVGSVGElement>) => void
  readonly onPointerMove: (event: ReactPointerEvent<SVGSVGElement>) => void
  readonly onPointerUp: (event: ReactPointerEvent<SVGSVGElement>) => void
  readonly onPointerCancel: (event: ReactPointerEvent<SVGSVGElement>) => void
  /** True once, when a drag has just ended where a press would pick something. */
  readonly wasDragged: () => boolean
}

export function useFrame(canvas: RefObject<SVGSVGElement | null>): Frame | undefined {
  const [frame, setFrame] = useState<Frame | undefined>(undefined)
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setFrame({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [canvas])
  return frame
}

/** Moves the view with the wheel, a drag or a pinch. */
export function useViewMoves(
  canvas: RefObject<SVGSVGElement | null>,
  move: (change: (view: View) => View) => void,
): ViewHandlers {
  const pointers = useRef(new Map<number, Point>())
  const drag = useRef({ from: { x: 0, y: 0 }, isOn: false, hasJustEnded: false })

  const placeOf = (event: { clientX: number; clientY: number }): Point => {
    const box = canvas.current?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }

  const latest = useRef({ move, placeOf })
  latest.current = { move, placeOf }
  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    // React listens to wheels passively, and then the page would scroll as well.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const about = latest.current.placeOf(event)
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
      latest.current.move((view) => zoomedView(view, Math.exp((-event.deltaY * lines) / 400), about))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [canvas])

  function onPointerMove(event: ReactPointerEvent<SVGSVGElement>): void {
    const before = pointers.current.get(event.pointerId)
    if (before === undefined) return
    const now = placeOf(event)
    const { from } = drag.current
    if (!drag.current.isOn) {
      if (pointers.current.size === 1 && Math.hypot(now.x - from.x, now.y - from.y) < slack) return
      drag.current.isOn = true
      event.currentTarget.setPointerCapture(event.pointerId)
    }
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    pointers.current.set(event.pointerId, now)
    if (other === undefined) {
      move((view) => ({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y }))
      return
    }
    const apart = (point: Point): number => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y))
    const middle = (point: Point): Point => ({ x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 })
    const shift = { x: middle(now).x - middle(before).x, y: middle(now).y - middle(before).y }
    move((view) => {
      const nearer = zoomedView(view, apart(now) / apart(before), middle(before))
      return { ...nearer, x: nearer.x + shift.x, y: nearer.y + shift.y }
    })
  }

  function onPointerEnd(event: ReactPointerEvent<SVGSVGElement>): void {
    pointers.current.delete(event.pointerId)
    if (pointers.current.size > 0 || !drag.current.isOn) return
    drag.current = { ...drag.current, isOn: false, hasJustEnded: true }
  }

  return {
    onPointerDown: (event) => {
      const at = placeOf(event)
      pointers.current.set(event.pointerId, at)
      if (pointers.current.size === 1) drag.current = { from: at, isOn: false, hasJustEnded: false }
    },
    onPointerMove,
    onPointerUp: onPointerEnd,
    onPointerCancel: onPointerEnd,
    wasDragged: () => {
      const { hasJustEnded } = drag.current
      drag.current.hasJustEnded = false
      return hasJustEnded
    },
  }
}
