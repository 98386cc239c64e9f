import { messageOf } from '@throughline/kernel'
import type { KeyboardEvent, ReactElement } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { ModelScene } from './model-scene.ts'
import { showModel } from './model-scene.ts'

interface ModelViewProps {
  readonly source: string
  /** What it shows. */
  readonly words: string
}

const turns: readonly { readonly label: string; readonly key: string; readonly move: [number, number, number] }[] = [
  { label: 'Left', key: 'ArrowLeft', move: [-1, 0, 0] },
  { label: 'Right', key: 'ArrowRight', move: [1, 0, 0] },
  { label: 'Up', key: 'ArrowUp', move: [0, -1, 0] },
  { label: 'Down', key: 'ArrowDown', move: [0, 1, 0] },
  { label: 'Nearer', key: '+', move: [0, 0, -1] },
  { label: 'Farther', key: '-', move: [0, 0, 1] },
]

/** A model that is turned by touch, by buttons and by keys. */
export function ModelView({ source, words }: ModelViewProps): ReactElement {
  const place = useRef<HTMLDivElement>(null)
  const scene = useRef<ModelScene | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  useEffect(() => {
    const { current } = place
    if (current === null) return
    let isOver = false
    showModel(current, source).then(
      (shown) => {
        if (isOver) shown.close()
        else scene.current = shown
      },
      (error: unknown) => setProblem(messageOf(error)),
    )
    return () => {
      isOver = true
      scene.current?.close()
      scene.current = undefined
    }
  }, [source])
  function onKeyDown(event: KeyboardEvent): void {
    const turn = turns.find(({ key }) => key === event.key)
    if (turn === undefined) return
    event.preventDefault()
    scene.current?.turn(...turn.move)
  }
  return (
    <figure className="work-model">
      {problem === undefined ? null : (
        <p role="alert">
          {words}: this device cannot show it ({problem}). <a href={source}>Open the file</a>
        </p>
      )}
      <div
        ref={place}
        className="work-model-place"
        role="img"
        aria-label={words}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: turned by the arrow keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        hidden={problem !== undefined}
      />
      <figcaption>
        {words}
        {problem === undefined ? (
          <span className="work-model-turns">
            {turns.map(({ label, move }) => (
              <button key={label} type="button" className="station-tile" onClick={() => scene.current?.turn(...move)}>
                {label}
              </button>
            ))}
          </span>
        ) : null}
      </figcaption>
    </figure>
  )
}
