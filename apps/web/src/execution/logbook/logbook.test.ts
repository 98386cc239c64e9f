import type { Logbook, LogbookField } from '@throughline/model'
import { setLogbook } from '@throughline/model'
import { expect, test } from 'vitest'
import { formLines, formsOfLines } from './book-forms.ts'
import { holdText, valuesOf } from './logbook-words.ts'

const lines = `clean: Cleaning
- agent: Cleaning agent (text)
- temperature: Temperature (number, Cel)
- conductivity: Conductivity (number, m[H2O])?
- rinsed: Rinsed (check)
- way: Way (choice: by hand, by machine)
note: Note`

test('forms that are typed read back as they were typed, and are such as the plant takes', () => {
  const { forms, problem } = formsOfLines(lines, [])
  expect(problem).toBeUndefined()
  expect(formLines(forms)).toBe(lines)
  expect(setLogbook.input.shape.templates.parse(forms)).toEqual(forms)
})

test('a form keeps its words in other languages', () => {
  const before: Logbook['templates'] = [{ key: 'note', title: { en: 'Note', de: 'Notiz' }, fields: [] }]
  expect(formsOfLines('note: Remark', before).forms[0]?.title).toEqual({ en: 'Remark', de: 'Notiz' })
})

test.each([
  ['- agent: Agent (text)', 'below a form'],
  ['clean: Cleaning\n- agent: Agent', 'is no field'],
  ['clean', 'is no form'],
  ['', 'Give it a form at least'],
])('"%s" is refused in words', (text, words) => {
  expect(formsOfLines(text, []).problem).toContain(words)
})

const field = (key: string, type: LogbookField['type'], required = true): LogbookField => ({
  ...{ key, label: { en: key }, type, unit: null, options: [], required },
})

test('values are sent as their fields ask', () => {
  const fields = [field('ph', 'number'), field('rinsed', 'check'), field('who', 'text', false)]
  expect(valuesOf(fields, { ph: '6,5', rinsed: 'yes' })).toEqual({
    values: { ph: 6.5, rinsed: true, who: null },
    problem: undefined,
  })
  expect(valuesOf(fields, {}).problem).toBe('ph: fill it in.')
  expect(valuesOf(fields, { ph: 'sour' }).problem).toBe('ph: "sour" is no number.')
})

test('a hold time that is over is told', () => {
  const status = { cleanUntil: 10, cleanBy: 10 } as Parameters<typeof holdText>[0]
  expect(holdText({ ...status, status: 'clean' }, 10)).toBe('clean hold is over: clean it again')
  expect(holdText({ ...status, status: 'dirty' }, 11)).toBe('cleaning is late')
  expect(holdText({ ...status, status: 'clean' }, 9)).toBeUndefined()
})
