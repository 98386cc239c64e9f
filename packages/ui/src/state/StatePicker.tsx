import type { Instant } from '@throughline/kernel'
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react'
import { useMemo, useRef } from 'react'
import { formatDuration, formatInstant } from '../format/time.ts'
import type { StateSpan } from './machine-state.ts'
import { condensed, placeSpans, spanAt } from './machine-state.ts'
import { StateGlyph } from './StateGlyph.tsx'
import './state.css'

interface StatePickerProps<Span extends StateSpan> {
  /** Without overlap, oldest first. */
  readonly spans: readonly Span[]
  readonly from: Instant
  readonly to: Instant
  /** Whose strip it is, for those who hear it. */
  readonly title: string
  readonly timeZone?: string | undefined
  readonly picked: Span | undefined
  readonly onPick: (span: Span) => void
}

/** Below this share of the strip a span is narrower than a pixel or two. */
const leastShare = 0.0012
const leastForWord = 0.09
const leastForGlyph = 0.025

/** A strip of machine states of which one can be picked: by pointing at it, or with the arrow keys, Home and End. */
export function StatePicker<Span extends StateSpan>(props: StatePickerProps<Span>): ReactElement {
  const { spans, from, to, title, timeZone, picked, onPick } = props
  const strip = useRef<HTMLDivElement>(null)
  const placed = useMemo(() => placeSpans(condensed(spans, from, to, leastShare), from, to), [spans, from, to])
  const mark = useMemo(() => (picked === undefined ? [] : placeSpans([picked], from, to)), [picked, from, to])

  function onClick(event: MouseEvent): void {
    const box = strip.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return
    const at = from + ((event.clientX - box.left) / box.width) * (to - from)
    const span = spanAt(spans, at)
    if (span !== undefined) onPick(span)
  }
  function onKeyDown(event: KeyboardEvent): void {
    const next = neighbour(spans, picked, event.key)
    if (next === undefined) return
    event.preventDefault()
    onPick(next)
  }

  return (
    <div
      ref={strip}
      className="tl-strip tl-strip-pick"
      role="slider"
      tabIndex={0}
      aria-label={`${title}: pick a state`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, spans.length - 1)}
      aria-valuenow={picked === undefined ? 0 : Math.max(0, spans.indexOf(picked))}
      aria-valuetext={picked === undefined ? 'none picked' : spanText(picked, timeZone)}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {placed.map(({ span, left, width }) => (
        <span
          key={span.from}
          className="tl-strip-span"
          data-state={span.state}
          style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
          title={spanText(span, timeZone)}
        >
          {width > leastForGlyph ? (
            <span className="tl-strip-label">
              <StateGlyph state={span.state} /> {width > leastForWord ? span.label : null}
            </span>
          ) : null}
        </span>
      ))}
      {mark.map(({ left, width }) => (
        <span
          key="picked"
          className="tl-strip-mark"
          style={{ left: `${left * 100}%`, width: `max(4px, ${width * 100}%)` }}
        />
      ))}
    </div>
  )
}

/** A span in words: what, from when to when, how long. */
export function spanText(span: StateSpan, timeZone: string | undefined): string {
  const from = formatInstant(span.from as Instant, 'second', timeZone)
  const to = formatInstant(span.to as Instant, 'second', timeZone)
  return `${span.label}, ${from} to ${to}, ${formatDuration((span.to - span.from) / 1000)}`
}

function neighbour<Span extends StateSpan>(
  spans: readonly Span[],
  picked: Span | undefined,
  key: string,
): Span | undefined {
  const place = picked === undefined ? -1 : spans.findIndex((span) => span.from === picked.from)
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return spans[Math.min(spans.length - 1, place + 1)]
    case 'ArrowLeft':
    case 'ArrowDown':
      return spans[Math.max(0, place === -1 ? spans.length - 1 : place - 1)]
    case 'Home':
      return spans[0]
    case 'End':
      return spans.at(-1)
    default:
      return undefined
  }
}
