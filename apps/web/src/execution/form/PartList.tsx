import { Button } from '@mantine/core'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { KeyboardEvent, ReactElement } from 'react'
import { useRef, useState } from 'react'
import type { DraftProblem } from './draft-problem.ts'
import './draft.css'

interface PartListProps {
  /** What stands above them: `Steps`. */
  readonly title: string
  /** What one of them is called: `step`. */
  readonly noun: string
  readonly parts: readonly { readonly id: number; readonly title: string; readonly about: string }[]
  /** Row of the part that is open. */
  readonly openId: number | undefined
  readonly problems: readonly DraftProblem[]
  readonly onOpen: (id: number) => void
  readonly onMove: (from: number, to: number) => void
  readonly onRemove: (index: number) => void
  readonly onAdd: () => void
}

/** Steps, operations or lines in their order: opened, moved and taken away by pointer, by buttons, and with Alt and the arrow keys. */
export function PartList(props: PartListProps): ReactElement {
  const { title, noun, parts, openId, problems, onOpen, onMove, onRemove, onAdd } = props
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number | undefined>(undefined)

  function focusPart(index: number): void {
    list.current?.querySelectorAll<HTMLButtonElement>('.draft-part-open')[index]?.focus()
  }

  function onKeyDown(event: KeyboardEvent, index: number): void {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    const to = index + step
    if (step === 0 || to < 0 || to >= parts.length) return
    event.preventDefault()
    if (event.altKey) onMove(index, to)
    // The list is drawn anew first.
    requestAnimationFrame(() => focusPart(to))
  }

  return (
    <section className="draft-parts" aria-labelledby="draft-parts">
      <h2 id="draft-parts">{title}</h2>
      <p className="tl-dim">Drag one, or hold Alt and press the arrow keys, to move it.</p>
      <ol ref={list}>
        {parts.map((part, index) => {
          const wrong = problems.filter((problem) => problem.part === index).length
          const name = `${noun} ${index + 1}`
          return (
            <li
              key={part.id}
              className="draft-part"
              data-open={part.id === openId}
              data-dragged={index === dragged}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move'
                setDragged(index)
              }}
              onDragOver={(event) => event.preventDefault()}
              onDragEnd={() => setDragged(undefined)}
              onDrop={(event) => {
                event.preventDefault()
                if (dragged !== undefined) onMove(dragged, index)
                setDragged(undefined)
              }}
            >
              <button
                type="button"
                className="draft-part-open"
                aria-current={part.id === openId ? 'step' : undefined}
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                onClick={() => onOpen(part.id)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <span>
                  {index + 1}. {part.title}
                </span>
                <span className="machine-sub">
                  {part.about}
                  {wrong === 0 ? null : <strong> · {wrong} to put right</strong>}
                </span>
              </button>
              <span className="draft-part-acts">
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Move ${name} up`}
                  disabled={index === 0}
                  onClick={() => onMove(index, index - 1)}
                >
                  <ArrowUp size={16} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Move ${name} down`}
                  disabled={index === parts.length - 1}
                  onClick={() => onMove(index, index + 1)}
                >
                  <ArrowDown size={16} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Remove ${name}`}
                  onClick={() => onRemove(index)}
                >
                  <X size={16} aria-hidden="true" />
                </button>
              </span>
            </li>
          )
        })}
      </ol>
      <Button variant="default" onClick={onAdd}>
        Add {/^[aeiou]/.test(noun) ? 'an' : 'a'} {noun}
      </Button>
    </section>
  )
}
