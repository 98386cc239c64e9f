import type { WorkInstruction } from '@throughline/model'
import type { ReactElement } from 'react'
import { textIn } from '../version/version-words.ts'
import { StepMedia } from './StepMedia.tsx'
import { askText, stepNotes } from './step-words.ts'
import { languageName } from './TextsFields.tsx'
import './instruction.css'

/** Everything a version says, step by step. */
export function InstructionSteps({ instruction }: { readonly instruction: WorkInstruction }): ReactElement {
  const { steps, version, title } = instruction
  const languages = [
    ...new Set(['en', ...[title, ...steps.map((step) => step.title)].flatMap((each) => Object.keys(each))]),
  ]
  return (
    <section className="performance-panel" aria-labelledby="instruction-content">
      <h2 id="instruction-content">
        Version {version}: {steps.length} {steps.length === 1 ? 'step' : 'steps'} in{' '}
        {languages.map(languageName).join(', ')}
      </h2>
      <ol className="instruction-content">
        {steps.map((step, index) => (
          <li key={step.key}>
            <h3>
              {index + 1}. {textIn(step.title)} <span className="tl-dim">{step.key}</span>
            </h3>
            {step.body === null ? null : <p className="making-text">{textIn(step.body)}</p>}
            <p>
              {askText(step.ask)}
              {stepNotes(step).map((note) => (
                <span key={note} className="instruction-note">
                  {note}
                </span>
              ))}
            </p>
            {step.media.length === 0 ? null : (
              <details>
                <summary>
                  {step.media.length} {step.media.length === 1 ? 'file is' : 'files are'} shown
                </summary>
                <div className="instruction-media-row">
                  {step.media.map((media) => (
                    <StepMedia key={`${media.blob} ${media.page}`} media={media} />
                  ))}
                </div>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
