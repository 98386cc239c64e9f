import { Textarea, TextInput } from '@mantine/core'
import type { ReactElement } from 'react'
import type { TypedTexts } from './instruction-draft.ts'

interface TextsFieldsProps {
  readonly label: string
  readonly texts: TypedTexts
  /** In this order, side by side. */
  readonly languages: readonly string[]
  readonly long?: boolean
  readonly maxLength?: number
  readonly onChange: (texts: TypedTexts) => void
}

/** One text in every language of the instruction, side by side. */
export function TextsFields(props: TextsFieldsProps): ReactElement {
  const { label, texts, languages, long = false, maxLength = 4000, onChange } = props
  return (
    <div className="draft-texts">
      {languages.map((language) => {
        const field = {
          label: languages.length === 1 ? label : `${label}, ${languageName(language)}`,
          lang: language,
          maxLength,
          value: texts[language] ?? '',
        }
        const change = (value: string): void => onChange({ ...texts, [language]: value })
        return long ? (
          <Textarea
            key={language}
            {...field}
            autosize
            minRows={2}
            onChange={({ currentTarget: { value } }) => change(value)}
          />
        ) : (
          <TextInput key={language} {...field} onChange={({ currentTarget: { value } }) => change(value)} />
        )
      })}
    </div>
  )
}

/** `German` for `de`, in the reader's language; the code where nobody knows it. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}
