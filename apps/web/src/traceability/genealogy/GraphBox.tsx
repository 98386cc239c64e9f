import type { ReactElement } from 'react'
import { memo } from 'react'
import type { PlacedBox } from './drawing.ts'
import { boxHeight, boxWidth } from './drawing.ts'
import { kindWord, kindWords, levelWords, shortened } from './thread-words.ts'

interface GraphBoxProps {
  readonly box: PlacedBox
  readonly isStart: boolean
  readonly isChosen: boolean
  /** The one that the tab key leads to. */
  readonly isEntry: boolean
  /** How many of its nodes a search found; undefined = nothing is searched for. */
  readonly found: number | undefined
}

/** One box of the drawing. What is done with it is heard by the drawing, by `data-key`. */
export const GraphBox = memo(function GraphBox({
  box,
  isStart,
  isChosen,
  isEntry,
  found,
}: GraphBoxProps): ReactElement {
  const words = boxWords(box)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no button element
    <g
      role="button"
      tabIndex={isEntry ? 0 : -1}
      aria-pressed={isChosen}
      className="thread-box"
      data-key={box.key}
      data-kind={box.isFolded ? 'many' : box.members[0]?.kind}
      data-start={isStart || undefined}
      data-found={found === undefined ? undefined : found > 0}
      transform={`translate(${box.x - boxWidth / 2},${box.y - boxHeight / 2})`}
    >
      <title>{spokenWords(box, found)}</title>
      {box.isFolded ? <rect className="thread-behind" x={5} y={-5} width={boxWidth} height={boxHeight} rx={6} /> : null}
      <rect className="thread-face" width={boxWidth} height={boxHeight} rx={6} />
      <text className="thread-near" x={10} y={19}>
        {shortened(words.label, 19)}
      </text>
      <text className="thread-about thread-near" x={10} y={36}>
        {shortened(words.about, 26)}
      </text>
      <text className="thread-far" x={10} y={34}>
        {shortened(words.label, 11)}
      </text>
    </g>
  )
})

function boxWords({ isFolded, members }: PlacedBox): { readonly label: string; readonly about: string } {
  const [first] = members
  if (first === undefined) return { label: '', about: '' }
  const { kind, label, detail } = first
  if (!isFolded) return { label, about: [kindWord(kind), detail].filter((part) => part !== '').join(' · ') }
  const material = kind === 'lot' ? detail.split(',', 1)[0] : ''
  return { label: `${members.length} ${kindWords(kind, members.length)}`, about: `${material || 'Open to see them'}` }
}

function spokenWords(box: PlacedBox, found: number | undefined): string {
  const { label, about } = boxWords(box)
  const hit = found === undefined || found === 0 ? '' : box.isFolded ? `, ${found} found` : ', found'
  return `${label}, ${about}, ${levelWords(box.level)}${box.isFolded ? ', folded' : ''}${hit}`
}
