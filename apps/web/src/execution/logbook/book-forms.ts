import type { Logbook, LogbookField } from '@throughline/model'

type Form = Logbook['templates'][number]

/** Forms as they are typed: one a line, its fields under it with a dash. */
export function formLines(forms: readonly Form[]): string {
  return forms
    .flatMap(({ key, title, fields }) => [
      `${key}: ${title['en'] ?? ''}`,
      ...fields.map((field) => `- ${fieldLine(field)}`),
    ])
    .join('\n')
}

function fieldLine({ key, label, type, unit, options, required }: LogbookField): string {
  const about = type === 'choice' ? `choice: ${options.join(', ')}` : unit === null ? type : `${type}, ${unit}`
  return `${key}: ${label['en'] ?? ''} (${about})${required ? '' : '?'}`
}

/** Reads those lines; texts in other languages stay as they were. `problem` names the first line that cannot be used. */
export function formsOfLines(
  text: string,
  before: readonly Form[],
): { readonly forms: readonly Form[]; readonly problem: string | undefined } {
  const forms: { -readonly [Key in keyof Form]: Form[Key] }[] = []
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    const old = before.find(({ key }) => key === forms.at(-1)?.key)
    if (line.trim().startsWith('-')) {
      const form = forms.at(-1)
      const field = fieldOf(line, old)
      if (form === undefined || field === undefined) {
        return { forms, problem: `"${line.trim()}" is no field such as "- agent: Cleaning agent (text)" below a form.` }
      }
      form.fields = [...form.fields, field]
      continue
    }
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*:\s*(\S.*)$/.exec(line)
    if (match === null) return { forms, problem: `"${line.trim()}" is no form such as "clean: Cleaning".` }
    const [, key = '', title = ''] = match
    forms.push({ key, title: { ...before.find((each) => each.key === key)?.title, en: title.trim() }, fields: [] })
  }
  return { forms, problem: forms.length === 0 ? 'Give it a form at least: "note: Note".' : undefined }
}

function fieldOf(line: string, old: Form | undefined): LogbookField | undefined {
  const match =
    /^\s*-\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*:\s*(.*?)\s*\((text|number|check|choice)\s*(?:[:,]\s*([^()]*(?:\([^()]*\)[^()]*)*))?\)\s*(\??)\s*$/.exec(
      line,
    )
  if (match === null) return undefined
  const [, key = '', label = '', type = 'text', rest = '', open = ''] = match
  const isChoice = type === 'choice'
  return {
    ...{ key, label: { ...old?.fields.find((each) => each.key === key)?.label, en: label } },
    type: type as LogbookField['type'],
    unit: isChoice || rest.trim() === '' ? null : rest.trim(),
    options: isChoice ? rest.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])) : [],
    required: open === '',
  }
}
