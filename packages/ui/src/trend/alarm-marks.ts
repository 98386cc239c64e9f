import type { Instant } from '@throughline/kernel'
import type uPlot from 'uplot'
import type { AlarmPriority } from '../indicator/PriorityShape.tsx'
import { tokenOf } from './trace-style.ts'

/** One occurrence of an alarm, to be marked on the time axis of a chart. */
export interface AlarmOnTrend {
  readonly key: string
  readonly at: Instant
  readonly priority: AlarmPriority
  /** Which alarm, in words. */
  readonly label: string
}

const sizePx = 12

/** The shape of each priority stands at the foot of its lane, with a thin line up through the values. */
export function drawAlarmMarks(self: uPlot, marks: readonly AlarmOnTrend[]): void {
  const { ctx, bbox } = self
  const size = sizePx * devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left - size, bbox.top, bbox.width + 2 * size, bbox.height)
  ctx.clip()
  ctx.strokeStyle = tokenOf(self.root, '--tl-alarm-outline')
  for (const { at, priority } of marks) {
    const x = self.valToPos(at / 1e6, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    const foot = bbox.top + bbox.height
    ctx.lineWidth = 1
    ctx.strokeStyle = tokenOf(self.root, '--tl-ink-3')
    ctx.beginPath()
    ctx.moveTo(Math.round(x), bbox.top)
    ctx.lineTo(Math.round(x), foot - size)
    ctx.stroke()
    ctx.fillStyle = tokenOf(self.root, `--tl-alarm-${priority}`)
    ctx.strokeStyle = tokenOf(self.root, '--tl-alarm-outline')
    ctx.beginPath()
    outline(priority).forEach(([dx, dy], index) => {
      const point = [x + dx * size, foot - size + dy * size] as const
      if (index === 0) ctx.moveTo(...point)
      else ctx.lineTo(...point)
    })
    ctx.closePath()
    ctx.fill()
    ctx.stroke()
  }
  ctx.restore()
}

/** Corners of the shape in a box of one by one, its middle on x = 0. */
function outline(priority: AlarmPriority): readonly (readonly [number, number])[] {
  switch (priority) {
    case 1:
      return [
        [-0.45, 0.05],
        [0.45, 0.05],
        [0.45, 0.95],
        [-0.45, 0.95],
      ]
    case 2:
      return [
        [0, 0],
        [0.5, 0.95],
        [-0.5, 0.95],
      ]
    case 3:
      return [
        [-0.5, 0.05],
        [0.5, 0.05],
        [0, 1],
      ]
    case 4:
      return [
        [0, 0],
        [0.5, 0.5],
        [0, 1],
        [-0.5, 0.5],
      ]
  }
}
