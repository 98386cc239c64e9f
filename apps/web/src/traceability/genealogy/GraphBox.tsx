import type { ReactElement } from 'react'
import { memo } from 'react'
import type { PlacedBox } from './drawing.ts'
import { boxHeight, boxWidth } from './drawing.ts'
import { kindWord, kindWords, levelWords, shortened, shortName } from './thread-words.ts'

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
        {words.label}
      </text>
      <text className="thread-about thread-near" x={10} y={36}>
        {shortened(words.about, 26)}
      </text>
      <text className="thread-far" x={10} y={34}>
        {words.far}
      </text>
    </g>
  )
})

interface BoxWords {
  readonly label: string
  readonly about: string
  /** As much of the label as can be read from afar. */
  readonly far: string
}

function boxWords({ isFolded, about: alike, members }: PlacedBox): BoxWords {
  const [first] = members
  if (first === undefined) return { label: '', about: '', far: '' }
  const { kind, detail } = first
  if (!isFolded) {
    // The kind stands below: said twice, it would leave no room for the name.
    const label = first.label.replace(/^Inspection of /, '')
    const about = [kindWord(kind), detail].filter((part) => part !== '').join(' · ')
    return { label: shortName(label, 19), about, far: shortName(first.label, 10) }
  }
  const label = `${members.length} ${kindWords(kind, members.length)}`
  const material = kind === 'lot' ? detail.split(',', 1)[0] : ''
  const [, origin] = /^(?:from|into) (.*)$/.exec(alike) ?? []
  const far = origin === undefined ? shortened(label, 10) : `${members.length} ${shortName(origin, 7)}`
  return { label, about: alike || material || 'Open to see them', far }
}

function spokenWords(box: PlacedBox, found: number | undefined): string {
  const { label, about } = boxWords(box)
  const hit = found === undefined || found === 0 ? '' : box.isFolded ? `, ${found} found` : ', found'
  return `${label}, ${about}, ${levelWords(box.level)}${box.isFolded ? ', folded' : ''}${hit}`
}
