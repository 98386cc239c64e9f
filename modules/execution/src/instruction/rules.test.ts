import { draftInstruction } from '@throughline/model'
import { expect, test } from 'vitest'
import { assertInstruction } from './rules.ts'

const step = (key: string, ask: object, more: object = {}) => ({ key, title: { en: key }, ask, ...more })
const read = { type: 'read' }
const number = { type: 'number', unit: 'mm', low: 1, high: 2 }

/** As the door takes it, without the reason of the change. */
function judged(...steps: object[]): unknown {
  const { changeReason: _, ...content } = draftInstruction.input.parse({
    code: 'WI-1',
    title: { en: 'One' },
    steps,
    changeReason: 'first',
  })
  try {
    assertInstruction(content)
  } catch (error) {
    return error
  }
  return undefined
}

test('an instruction of every kind of step can be followed', () => {
  const options = [
    { value: 'good', label: { en: 'Good' } },
    { value: 'bad', label: { en: 'Bad' }, accepted: false },
  ]
  const columns = [{ key: 'gap', label: { en: 'Gap' }, unit: 'mm', low: 0, high: 1 }]
  expect(
    judged(
      step('look', read),
      step('done', { type: 'check' }),
      step('gap', number),
      step('note', { type: 'text' }, { when: { step: 'gap', is: 'outside-limits', value: null } }),
      step('visual', { type: 'choice', options }),
      step('again', read, { when: { step: 'visual', is: 'equal', value: 'bad' } }),
      step('picture', { type: 'photo' }),
      step('roll', { type: 'scan', expects: 'material', bomPosition: 10 }),
      step('wrench', { type: 'scan', expects: 'tool', assetType: 'torque-wrench' }),
      step('gaps', { type: 'table', columns, rows: 3 }, { secondPerson: true, verifierSkill: 'NDT-2' }),
      step('wait', { type: 'timer', seconds: 60, atMostSeconds: 90 }),
      step(
        'hot',
        { type: 'tag', tag: 'Temperature', low: 1, high: null },
        { when: { step: 'gap', is: 'above', value: 1.5 } },
      ),
      step('sign', { type: 'signature', meaning: 'performed' }),
    ),
  ).toBeUndefined()
})

const option = (value: string, accepted = true) => ({ value, label: { en: value }, accepted })
const column = (key: string, more: object = {}) => ({ key, label: { en: key }, ...more })

test.each<[string, object[], string, string]>([
  ['two steps of one key', [step('a', read), step('a', read)], 'steps.1.key', 'give each its own'],
  ['limits that cross', [step('a', { ...number, low: 3 })], 'steps.0.ask.low', 'exchange them'],
  [
    'limits of a tag that cross',
    [step('a', { type: 'tag', tag: 'T', low: 3, high: 1 })],
    'steps.0.ask.low',
    'exchange them',
  ],
  [
    'limits of a column that cross',
    [step('a', { type: 'table', rows: 1, columns: [column('x', { low: 3, high: 1 })] })],
    'steps.0.ask.columns.0.low',
    'exchange them',
  ],
  [
    'two columns of one key',
    [step('a', { type: 'table', rows: 1, columns: [column('x'), column('x')] })],
    'steps.0.ask.columns',
    'rename one',
  ],
  [
    'two options of one value',
    [step('a', { type: 'choice', options: [option('x'), option('x')] })],
    'steps.0.ask.options',
    'rename one',
  ],
  [
    'a choice that nothing passes',
    [step('a', { type: 'choice', options: [option('x', false), option('y', false)] })],
    'steps.0.ask.options',
    'never be passed',
  ],
  [
    'a scan of no position',
    [step('a', { type: 'scan', expects: 'material' })],
    'steps.0.ask.bomPosition',
    'say which position',
  ],
  [
    'a scan of no type of tool',
    [step('a', { type: 'scan', expects: 'tool' })],
    'steps.0.ask.assetType',
    'say which type',
  ],
  [
    'a timer that ends before it may',
    [step('a', { type: 'timer', seconds: 60, atMostSeconds: 30 })],
    'steps.0.ask.atMostSeconds',
    'less than',
  ],
  [
    'a condition on a later step',
    [step('a', read, { when: { step: 'b', is: 'equal', value: 1 } }), step('b', read)],
    'steps.0.when.step',
    'name an earlier one',
  ],
  [
    'a condition on itself',
    [step('a', read, { when: { step: 'a', is: 'equal', value: 1 } })],
    'steps.0.when.step',
    'name an earlier one',
  ],
  [
    'limits where there are none',
    [step('a', read), step('b', read, { when: { step: 'a', is: 'outside-limits', value: null } })],
    'steps.1.when.is',
    'no limits',
  ],
  [
    'a comparison of a text with a number',
    [step('a', { type: 'text' }), step('b', read, { when: { step: 'a', is: 'above', value: 1 } })],
    'steps.1.when.is',
    'only a number',
  ],
  [
    'a comparison of a number with a text',
    [step('a', number), step('b', read, { when: { step: 'a', is: 'below', value: 'x' } })],
    'steps.1.when.is',
    'only a number',
  ],
  [
    'a comparison with nothing',
    [step('a', number), step('b', read, { when: { step: 'a', is: 'equal', value: null } })],
    'steps.1.when.value',
    'compared with',
  ],
  ['a skill of nobody', [step('a', read, { verifierSkill: 'NDT-2' })], 'steps.0.verifierSkill', 'second person'],
  [
    'a page that is not said',
    [step('a', read, { media: [{ kind: 'pdf-page', blob: 'a'.repeat(64), alt: { en: 'Drawing' } }] })],
    'steps.0.media.0.page',
    'which page',
  ],
])('%s is refused by name', (_words, steps, path, message) => {
  expect(judged(...steps)).toMatchObject({
    kind: 'invalid',
    code: 'execution.instruction-invalid',
    message: expect.stringContaining(message),
    details: { fields: [{ path, message: expect.stringContaining(message) }] },
  })
})
