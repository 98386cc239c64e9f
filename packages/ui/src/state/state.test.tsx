import type { Instant } from '@throughline/kernel'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { StateSpan } from './machine-state.ts'
import { condensed, machineStateOf, spanAt } from './machine-state.ts'
import { StateChip } from './StateChip.tsx'
import { StatePicker } from './StatePicker.tsx'

const span = (from: number, to: number, state: StateSpan['state']): StateSpan => ({ from, to, state, label: state })

describe('a strip of many states', () => {
  test('states too narrow to draw become one piece that says how many it stands for; wide ones stay as they are', () => {
    const spans = [span(0, 500, 'running'), span(500, 504, 'down'), span(504, 505, 'idle'), span(505, 1000, 'running')]
    expect(condensed(spans, 0, 1000, 0.01)).toEqual([
      spans[0],
      { from: 500, to: 505, state: 'down', label: '2 states, mostly down' },
      spans[3],
    ])
  })
  test('a month of short states is drawn with a bounded number of pieces that fill the same time', () => {
    const spans = Array.from({ length: 50_000 }, (_, index) =>
      span(index * 10, index * 10 + 10, index % 2 === 0 ? 'running' : 'down'),
    )
    const pieces = condensed(spans, 0, 500_000, 0.001)
    expect(pieces.length).toBeLessThanOrEqual(1001)
    expect([pieces[0]?.from, pieces.at(-1)?.to]).toEqual([0, 500_000])
    expect(pieces.every((piece, index) => index === 0 || piece.from === pieces[index - 1]?.to)).toBe(true)
  })
  test('a hole between states is not drawn over', () => {
    const pieces = condensed([span(0, 1, 'down'), span(5, 6, 'idle')], 0, 10_000, 0.01)
    expect(pieces).toHaveLength(2)
  })
  test('an instant belongs to the span that begins with it', () => {
    const spans = [span(0, 10, 'running'), span(10, 20, 'down')]
    expect(spanAt(spans, 10)?.state).toBe('down')
    expect(spanAt(spans, 20)).toBeUndefined()
  })
})

test('starved looks like idle and has its own word', () => {
  expect(machineStateOf('Starved')).toBe('starved')
  expect(renderToStaticMarkup(<StateChip state="starved" />)).toContain('Starved')
})
test('the strip tells those who hear it which state is picked', () => {
  const spans = [span(0, 60e6, 'running'), span(60e6, 120e6, 'down')]
  const html = renderToStaticMarkup(
    <StatePicker
      spans={spans}
      from={0 as Instant}
      to={120e6 as Instant}
      title="FIL-01"
      timeZone="UTC"
      picked={spans[1]}
      onPick={() => undefined}
    />,
  )
  expect(html).toContain('role="slider"')
  expect(html).toContain('aria-valuetext="down, 00:01:00 to 00:02:00, 1 min"')
})
