import { unitLabel } from '@throughline/ui'
import type { ReactElement } from 'react'
import { textIn } from '../version/version-words.ts'
import type { TypedStep } from './instruction-draft.ts'
import { StepMedia } from './StepMedia.tsx'
import { breachWords, expectsWords, limitsText } from './step-words.ts'
import './instruction.css'

interface StepPreviewProps {
  readonly step: TypedStep
  readonly number: number
  readonly of: number
  readonly language: string
}

/** The step as the operator meets it, in one language; nothing can be entered here. */
export function StepPreview({ step, number, of, language }: StepPreviewProps): ReactElement {
  const body = textIn(step.body, [language])
  return (
    <div className="instruction-preview" data-density="floor" lang={language}>
      <p className="tl-dim">
        Step {number} of {of}
        {step.per === 'piece' ? ', for each piece' : ''}
        {step.optional ? ', may be left out' : ''}
      </p>
      <p className="instruction-preview-title">{textIn(step.title, [language]) || 'No title yet'}</p>
      {body === '' ? null : <p className="making-text">{body}</p>}
      {step.media.map((media, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be shown twice
        <StepMedia key={index} media={{ ...media, page: Number(media.page) || 1 }} />
      ))}
      <Entry step={step} language={language} />
      {step.secondPerson ? (
        <p>
          <strong>A second person confirms it{step.verifierSkill === '' ? '' : ` (${step.verifierSkill})`}.</strong>
        </p>
      ) : null}
    </div>
  )
}

const tile = (text: string): ReactElement => <span className="instruction-preview-tile">{text}</span>

/** Limits while they are being typed: what is no number yet is shown as it stands. */
const typedLimits = (low: string, high: string, unit: string): string => {
  const read = (text: string): number | null => (text.trim() === '' ? null : Number(text.replace(',', '.')))
  return limitsText(read(low), read(high), unit)
}

function Entry({ step, language }: Pick<StepPreviewProps, 'step' | 'language'>): ReactElement {
  switch (step.type) {
    case 'read':
      return tile('Read')
    case 'check':
      return tile('Done')
    case 'number':
      return (
        <>
          <span className="instruction-preview-field">{unitLabel(step.unit) || 'Number'}</span>
          <p>{typedLimits(step.low, step.high, step.unit)}</p>
          {step.gauge === '' ? null : <p>Scan a {step.gauge} first.</p>}
          {step.low === '' && step.high === '' ? null : <p>Outside the limits it {breachWords[step.onBreach]}.</p>}
        </>
      )
    case 'text':
      return <span className="instruction-preview-field">Text</span>
    case 'choice':
      return (
        <span className="instruction-preview-tiles">
          {step.options.map((option) => (
            <span key={option.value} className="instruction-preview-tile">
              {textIn(option.label, [language]) || option.value}
            </span>
          ))}
        </span>
      )
    case 'photo':
      return tile('Take a photo')
    case 'scan':
      return (
        <span className="instruction-preview-field">
          Scan {expectsWords[step.expects]}
          {step.expects === 'material' && step.bomPosition !== '' ? `, position ${step.bomPosition}` : ''}
          {step.expects === 'tool' ? ` ${step.assetType}` : ''}
        </span>
      )
    case 'table':
      return (
        <ul>
          {step.columns.map((column) => (
            <li key={column.key}>
              {textIn(column.label, [language]) || column.key}: {typedLimits(column.low, column.high, column.unit)}
            </li>
          ))}
        </ul>
      )
    case 'timer':
      return (
        <>
          <span className="instruction-preview-field">{step.seconds === '' ? '—' : `${step.seconds} s`}</span>
          {step.atMost === '' ? null : <p>At most {step.atMost} s</p>}
        </>
      )
    case 'tag':
      return (
        <>
          <span className="instruction-preview-field">{step.tag || 'Reading'}: as it is at the moment</span>
          <p>{typedLimits(step.low, step.high, '')}</p>
        </>
      )
    case 'signature':
      return tile(`Sign: ${step.meaning}`)
  }
}
