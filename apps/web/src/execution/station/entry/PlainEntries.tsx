import type { ReactElement } from 'react'
import { useState } from 'react'
import { useSignal } from '../station-context.ts'
import { text } from '../step-limits.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

/** Read it, and go on. */
export const ReadEntry = (props: AnswerProps): ReactElement => (
  <AnswerForm {...props} verb="Read" value={() => ({ type: 'read' })} />
)

/** Done, or said why not. */
export function CheckEntry(props: AnswerProps): ReactElement {
  const [done, setDone] = useState(true)
  useSignal('key', (key) => {
    if (key === '1') setDone(true)
    if (key === '0') setDone(false)
  })
  return (
    <AnswerForm {...props} verb={done ? 'Done' : 'Record that it is not done'} value={() => ({ type: 'check', done })}>
      <button type="button" className="station-tile" aria-pressed={!done} onClick={() => setDone(!done)}>
        It is not so
      </button>
    </AnswerForm>
  )
}

export function TextEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'text'> }): ReactElement {
  const [typed, setTyped] = useState('')
  useSignal('code', (code) => setTyped(code.slice(0, ask.maxLength)))
  return (
    <AnswerForm
      {...props}
      takesCode
      verb="Record"
      value={() => (typed.trim() === '' ? 'Write something.' : { type: 'text', text: typed.trim() })}
    >
      <label className="work-field">
        {text(props.cell.step.title)}
        <textarea
          className="station-input work-text"
          rows={3}
          maxLength={ask.maxLength}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
    </AnswerForm>
  )
}

export function ChoiceEntry({ ask, ...props }: AnswerProps & { readonly ask: AskOf<'choice'> }): ReactElement {
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  useSignal('key', (key) => {
    const option = ask.options[Number(key) - 1]
    if (option !== undefined) setChosen(option.value)
  })
  return (
    <AnswerForm
      {...props}
      verb="Record"
      value={() => (chosen === undefined ? 'Choose one.' : { type: 'choice', value: chosen })}
    >
      <fieldset className="station-tiles station-choice">
        <legend className="tl-hidden">{text(props.cell.step.title)}</legend>
        {ask.options.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className="station-tile station-tile-likely"
            aria-pressed={chosen === value}
            onClick={() => setChosen(value)}
          >
            {text(label)}
          </button>
        ))}
      </fieldset>
    </AnswerForm>
  )
}
