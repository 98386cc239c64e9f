import type { WorkInstruction } from '@throughline/model'
import { draftInstruction } from '@throughline/model'
import { expect, test } from 'vitest'
import { movedTo, refusedProblems } from '../form/draft-problem.ts'
import { memberDifferences, textIn, versionsAnswer } from '../version/version-words.ts'
import { contentOf, stepWords } from './instruction-content.ts'
import { freeKey, newStep, typedOf } from './instruction-draft.ts'
import { mediaTypeOf } from './media-file.ts'
import { limitsText, stepNotes } from './step-words.ts'

const blob = 'a'.repeat(64)
const content = {
  ...{ code: 'WI-7', title: { en: 'Lay up', de: 'Laminieren' }, changeReason: 'second line' },
  steps: [
    { key: 'read', title: { en: 'Read' }, ask: { type: 'read' } },
    { key: 'clean', title: { en: 'Clean' }, ask: { type: 'check' }, secondPerson: true, verifierSkill: 'INSPECT' },
    {
      ...{ key: 'gap', title: { en: 'Gap' }, per: 'piece', onBreach: 'deviation', skill: 'GAUGE' },
      ask: { type: 'number', unit: 'mm', low: 0.1, high: null, decimals: 3, gauge: 'feeler' },
      when: { step: 'clean', is: 'equal', value: true },
      media: [{ kind: 'pdf-page', blob, alt: { en: 'Drawing' }, page: 2 }],
    },
    { key: 'text', title: { en: 'Remarks' }, ask: { type: 'text', maxLength: 80 }, optional: true },
    {
      ...{ key: 'side', title: { en: 'Side' }, when: { step: 'gap', is: 'above', value: 0.5 } },
      ask: {
        type: 'choice',
        options: [
          { value: 'l', label: { en: 'Left' } },
          { value: 'r', label: { en: 'Right' }, accepted: false },
        ],
      },
    },
    {
      key: 'photo',
      title: { en: 'Photo' },
      ask: { type: 'photo' },
      when: { step: 'gap', is: 'outside-limits', value: null },
    },
    { key: 'roll', title: { en: 'Roll' }, ask: { type: 'scan', expects: 'material', bomPosition: 10 } },
    { key: 'wrench', title: { en: 'Wrench' }, ask: { type: 'scan', expects: 'tool', assetType: 'torque' } },
    {
      ...{ key: 'bolts', title: { en: 'Bolts' } },
      ask: {
        type: 'table',
        rows: 4,
        columns: [{ key: 'torque', label: { en: 'Torque' }, unit: 'N.m', low: 9, high: 11 }],
      },
    },
    { key: 'wait', title: { en: 'Wait' }, ask: { type: 'timer', seconds: 600, atMostSeconds: 900 } },
    { key: 'room', title: { en: 'Room' }, ask: { type: 'tag', tag: 'RelativeHumidity', low: 35, high: 65 } },
    { key: 'done', title: { en: 'Done' }, ask: { type: 'signature', meaning: 'performed' } },
  ],
}
const parsed = draftInstruction.input.parse(content)
const instruction = { ...parsed, version: 1, state: 'draft' } as WorkInstruction

test('what stands in an instruction is what is sent when nobody types anything, every type of step and every condition', () => {
  expect(contentOf(typedOf(instruction))).toEqual({ content: parsed })
})

test('what cannot be sent is named at its step, all of it at once', () => {
  const typed = typedOf(instruction)
  const at = (key: string) => typed.steps.findIndex((step) => step.key === key)
  const steps = typed.steps.map((step) =>
    step.key === 'gap'
      ? { ...step, low: 'thin' }
      : step.key === 'wait'
        ? { ...step, seconds: '' }
        : step.key === 'clean'
          ? { ...step, title: {} }
          : step,
  )
  const read = contentOf({ ...typed, steps, changeReason: '' })
  expect(read).toEqual({
    problems: [
      { part: at('gap'), message: 'Lower limit: "thin" is no number' },
      { part: at('clean'), message: 'title › en: the English text is missing' },
      { part: at('wait'), message: 'seconds: give a number' },
      { part: null, message: 'reason of the change: it is missing' },
    ],
  })
})

test('a refusal of the server is named at its step too', () => {
  const fields = [{ path: 'steps.2.when.step', message: 'step gap: it depends on x, which is no step before it' }]
  expect(refusedProblems(fields, 12, stepWords)).toEqual([
    { part: 2, message: 'when › step: it depends on x, which is no step before it' },
  ])
})

test('a language that was taken away says nothing any more', () => {
  const typed = typedOf(instruction)
  expect(typed.languages).toEqual(['en', 'de'])
  expect(contentOf({ ...typed, languages: ['en'] })).toMatchObject({ content: { title: { en: 'Lay up' } } })
  expect(textIn({ en: 'Lay up', de: 'Laminieren' }, ['de-AT'])).toBe('Laminieren')
  expect(textIn({ en: 'Lay up' }, ['fr'])).toBe('Lay up')
})

test('a step is moved within the list, and a new one has a key of its own', () => {
  expect(movedTo(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(movedTo(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  expect(freeKey([newStep('step-2')])).toBe('step-3')
})

test('two versions differ step by step: added, removed, changed and moved', () => {
  const step = (key: string, low = 0) => ({ key, low })
  const told = memberDifferences(
    [step('a'), step('b'), step('c'), step('d')],
    [step('c'), step('a'), step('b', 5), step('e')],
    ({ key }) => key,
  )
  expect(told.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['c moved', 'b changed', 'e added', 'd removed'])
  expect(told[1]?.fields).toEqual([{ path: ['low'], kind: 'changed', before: 0, after: 5 }])
})

test('limits, rules and versions in words', () => {
  expect(limitsText(null, 20, 'mbar')).toBe('at most 20 mbar')
  expect(limitsText(12, 12, '1')).toBe('exactly 12')
  expect(stepNotes(parsed.steps[2] as WorkInstruction['steps'][number])).toEqual([
    ...['for each piece', 'only when clean is done', 'needs GAUGE'],
    'outside the limits it needs a reason and opens a deviation',
  ])
  expect(
    versionsAnswer([
      { id: '2', version: 2, state: 'in-review' },
      { id: '1', version: 1, state: 'effective' },
    ]),
  ).toBe('Version 1 is effective; version 2 is in review')
})

test.each([
  ['mould.GLB', 1000, { type: 'model/gltf-binary' }],
  ['sheet.pdf', 17_000_000, { problem: '"sheet.pdf" is larger than 16 MB: make it smaller.' }],
])('a file %s of %d bytes', (name, size, answer) => {
  expect(mediaTypeOf({ name, size })).toEqual(answer)
})
