import { Button, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { languageName } from './TextsFields.tsx'
import './instruction.css'

interface LanguageBarProps {
  readonly languages: readonly string[]
  readonly onChange: (languages: readonly string[]) => void
}

/** The languages that the instruction is written in; English is always one of them. */
export function LanguageBar({ languages, onChange }: LanguageBarProps): ReactElement {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)

  function add(): void {
    const code = typed.trim()
    const wrong = !/^[a-z]{2}(-[A-Z]{2})?$/.test(code)
      ? 'Give the code of a language, such as de or pt-BR.'
      : languages.includes(code)
        ? `${languageName(code)} is there already.`
        : undefined
    setProblem(wrong)
    if (wrong !== undefined) return
    onChange([...languages, code])
    setTyped('')
  }

  return (
    <fieldset className="form-lines">
      <legend>Languages</legend>
      <div className="form-line">
        <ul className="instruction-languages">
          {languages.map((language) => (
            <li key={language}>
              {languageName(language)}
              {language === 'en' ? null : (
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Take ${languageName(language)} away`}
                  onClick={() => onChange(languages.filter((each) => each !== language))}
                >
                  <X size={16} aria-hidden="true" />
                </button>
              )}
            </li>
          ))}
        </ul>
        <TextInput
          label="Another language"
          placeholder="de"
          value={typed}
          maxLength={5}
          error={problem}
          onChange={({ currentTarget: { value } }) => setTyped(value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
        <Button variant="default" onClick={add}>
          Add
        </Button>
      </div>
    </fieldset>
  )
}
