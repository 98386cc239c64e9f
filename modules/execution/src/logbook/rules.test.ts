import type { Instant } from '@throughline/kernel'
import { LogbookField } from '@throughline/model'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Form } from './rules.ts'
import { assertForms, assertReviewable, assertValues, assertWhyLate, formOf, momentOf } from './rules.ts'

const field = (key: string, type: LogbookField['type'], more: Partial<z.input<typeof LogbookField>> = {}) =>
  LogbookField.parse({ key, label: { en: key }, type, ...more })
const form: Form = {
  key: 'clean',
  title: { en: 'Cleaned' },
  fields: [
    field('agent', 'choice', { options: ['IPA', 'water'] }),
    field('rinses', 'number', { unit: '1' }),
    field('dry', 'check'),
    field('note', 'text', { required: false }),
  ],
}
const good = { agent: 'IPA', rinses: 3, dry: true }

test.each<[string, Parameters<typeof assertValues>[1], RegExp | null]>([
  ['all that is needed', good, null],
  ['what is not needed too', { ...good, note: 'slow' }, null],
  ['a zero and a no', { ...good, rinses: 0, dry: false }, null],
  ['too little', { agent: 'IPA', rinses: 3 }, /dry: fill it in/],
  ['nothing', {}, /agent: fill it in; rinses: fill it in; dry: fill it in/],
  ['an empty text', { ...good, agent: '' }, /agent: fill it in/],
  ['another option', { ...good, agent: 'acid' }, /acid is not among IPA, water/],
  ['a text for a number', { ...good, rinses: '3' }, /3 is no number/],
  ['a text for a check', { ...good, dry: 'yes' }, /say yes or no/],
  ['a number for a text', { ...good, note: 3 }, /3 is no text/],
  ['a field that is none', { ...good, colour: 'red' }, /no field colour/],
])('an entry with %s', (_what, values, problem) => {
  if (problem === null) expect(() => assertValues(form, values)).not.toThrow()
  else expect(() => assertValues(form, values)).toThrow(problem)
})

test('forms that nobody could fill in are refused by name', () => {
  expect(() => assertForms('Book', [form])).not.toThrow()
  expect(() => assertForms('Book', [form, form])).toThrow(/two forms have the key clean/)
  const withFields =
    (...fields: LogbookField[]) =>
    () =>
      assertForms('Book', [{ ...form, fields }])
  expect(withFields(field('a', 'text'), field('a', 'text'))).toThrow(/two fields have the key a/)
  expect(withFields(field('a', 'choice', { options: ['x'] }))).toThrow(/at least two options/)
  expect(withFields(field('a', 'choice', { options: ['x', 'x'] }))).toThrow(/each once/)
  expect(withFields(field('a', 'text', { options: ['x'] }))).toThrow(/make it a choice/)
  expect(() => formOf({ name: 'Book', templates: [form] }, 'use')).toThrow('Book has no form use: take clean')
})

test('the time of an entry is as told, up to the tolerance of a clock', () => {
  const now = 1_700_000_000_000_000 as Instant
  expect(momentOf(null, now)).toBe(now)
  expect(momentOf((now + 120_000_000) as Instant, now)).toBe(now + 120_000_000)
  expect(() => momentOf((now + 120_000_001) as Instant, now)).toThrow(/lies in the future/)
})

test.each([
  ['at once', 0, '', true],
  ['a quarter of an hour later', 900, '', true],
  ['later, with a reason', 901, 'was in the clean room', true],
  ['later, without one', 901, ' - ', false],
  ['ahead, by a clock that goes fast', -100, '', true],
])('[AL-C-2-1] an entry that is written %s', (_, seconds, reason, isTaken) => {
  const now = 1_700_000_000_000_000 as Instant
  const writing = () => assertWhyLate((now - seconds * 1_000_000) as Instant, now, reason)
  if (isTaken) expect(writing).not.toThrow()
  else expect(writing).toThrow(/why it is written only now/)
})

test('[EXE-6!] nobody reviews only their own entries, or none', () => {
  const by = (id: string) => ({ by: { id, name: id } })
  expect(() => assertReviewable('Book', [by('a'), by('b')], 'a')).not.toThrow()
  expect(() => assertReviewable('Book', [by('a'), by('a')], 'a')).toThrow(/All 2 entries .* your own/)
  expect(() => assertReviewable('Book', [], 'a')).toThrow(/no entry in this time/)
})
