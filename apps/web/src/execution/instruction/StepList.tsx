import { Button } from '@mantine/core'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import type { KeyboardEvent, ReactElement } from 'react'
import { useRef, useState } from 'react'
import { textIn } from '../version/version-words.ts'
import type { DraftProblem } from './instruction-content.ts'
import type { TypedStep } from './instruction-draft.ts'
import { stepTypeWords } from './step-words.ts'

interface StepListProps {
  readonly steps: readonly TypedStep[]
  /** Row of the step that is open. */
  readonly openId: number | undefined
  readonly problems: readonly DraftProblem[]
  readonly onOpen: (id: number) => void
  readonly onMove: (from: number, to: number) => void
  readonly onRemove: (index: number) => void
  readonly onAdd: () => void
}

/** The steps in their order: opened, moved and taken away by pointer, by buttons, and with Alt and the arrow keys. */
export function StepList(props: StepListProps): ReactElement {
  const { steps, openId, problems, onOpen, onMove, onRemove, onAdd } = props
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number | undefined>(undefined)

  function focusStep(index: number): void {
    list.current?.querySelectorAll<HTMLButtonElement>('.instruction-step-open')[index]?.focus()
  }

  function onKeyDown(event: KeyboardEvent, index: number): void {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
    const to = index + step
    if (step === 0 || to < 0 || to >= steps.length) return
    event.preventDefault()
    if (event.altKey) onMove(index, to)
    // The list is drawn anew first.
    requestAnimationFrame(() => focusStep(to))
  }

  return (
    <section className="instruction-steps" aria-labelledby="instruction-steps">
      <h2 id="instruction-steps">Steps</h2>
      <p className="tl-dim">Drag a step, or hold Alt and press the arrow keys, to move it.</p>
      <ol ref={list}>
        {steps.map((step, index) => {
          const wrong = problems.filter((problem) => problem.step === index).length
          const name = `step ${index + 1}`
          return (
            <li
              key={step.id}
              className="instruction-step"
              data-open={step.id === openId}
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
                className="instruction-step-open"
                aria-current={step.id === openId ? 'step' : undefined}
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                onClick={() => onOpen(step.id)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <span>
                  {index + 1}. {textIn(step.title) || 'No title yet'}
                </span>
                <span className="machine-sub">
                  {stepTypeWords[step.type]}
                  {wrong === 0 ? null : <strong> · {wrong} to put right</strong>}
                </span>
              </button>
              <span className="instruction-step-acts">
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
                  disabled={index === steps.length - 1}
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
        Add a step
      </Button>
    </section>
  )
}
