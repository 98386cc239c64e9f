import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { StepValue } from '@throughline/model'
import { InstructionStep } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { amountOf, judgeFilling, portionOf } from './filling.ts'
import { assertAnswered, assertTime, judge } from './judge.ts'
import type { Answer, Sheet } from './sequence.ts'
import { applies, cellToDo, outstanding, takesEntry } from './sequence.ts'

type StepInput = z.input<typeof InstructionStep>
const now = 1_700_000_000_000_000 as Instant
const later = (seconds: number): Instant => (now + seconds * 1_000_000) as Instant
const step = (key: string, ask: StepInput['ask'], more: Partial<StepInput> = {}): InstructionStep =>
  InstructionStep.parse({ key, title: { en: key }, ask, ...more })
const gap = { type: 'number', unit: 'mm', low: 0.1, high: 0.5 } as const
const number = (value: number): StepValue => ({ type: 'number', value, gauge: null })
const timer = (seconds: number): StepValue => ({ type: 'timer', startedAt: later(-seconds), endedAt: now })

describe('an answer', () => {
  const limits = { low: 0.1, high: 0.5, unit: 'mm' }
  const columns = [
    { key: 'place', label: { en: 'Place' } },
    { key: 'force', label: { en: 'Force' }, unit: 'N', low: 10, high: 20 },
  ]
  const table = { type: 'table', rows: 2, columns } as const
  const choice: StepInput['ask'] = {
    type: 'choice',
    options: [
      { value: 'ok', label: { en: 'Good' } },
      { value: 'torn', label: { en: 'Torn' }, accepted: false },
    ],
  }
  const rows = (...forces: unknown[]) => ({ type: 'table', rows: forces.map((force) => ({ place: 'a', force })) })
  test.each<[string, StepInput['ask'], unknown, object]>([
    ['within, the limits included', gap, number(0.5), { within: true, limits, words: '0.5 mm' }],
    ['above', gap, number(0.51), { within: false, words: '0.51 mm, limits 0.1 mm to 0.5 mm' }],
    ['below', { ...gap, high: null }, number(0.09), { within: false, words: '0.09 mm, at least 0.1 mm' }],
    ['without limits', { ...gap, low: null, high: null }, number(7), { within: null, limits: null }],
    ['a check', { type: 'check' }, { type: 'check', done: true }, { within: true }],
    ['a check not done', { type: 'check' }, { type: 'check', done: false }, { within: false }],
    ['a good choice', choice, { type: 'choice', value: 'ok' }, { within: true, words: 'Good' }],
    [
      'a bad choice',
      choice,
      { type: 'choice', value: 'torn' },
      { within: false, words: 'Torn, which is not accepted' },
    ],
    ['a table', table, rows(10, 20), { within: true }],
    ['a table outside', table, rows(10, 21), { within: false, words: 'row 2, Force: 21 N, limits 10 N to 20 N' }],
    ['a timer', { type: 'timer', seconds: 60, atMostSeconds: 90 }, timer(90), { within: true }],
    ['a timer too long', { type: 'timer', seconds: 60, atMostSeconds: 90 }, timer(91), { within: false }],
  ])('%s', (_what, ask, value, judged) => {
    expect(judge(step('s', ask), value as StepValue, now)).toMatchObject(judged)
  })

  test.each<[string, StepInput['ask'], unknown, string]>([
    ['another type', gap, { type: 'check', done: true }, 'step-type'],
    ['too many decimals', gap, number(0.123), 'step-decimals'],
    ['nothing but spaces', { type: 'text' }, { type: 'text', text: '  ' }, 'step-empty'],
    ['a long text', { type: 'text', maxLength: 3 }, { type: 'text', text: 'abcd' }, 'step-too-long'],
    ['no option', choice, { type: 'choice', value: 'new' }, 'step-option'],
    ['too few rows', table, rows(10), 'step-rows'],
    ['an empty cell', table, rows(10, null), 'step-cell'],
    ['a text for a number', table, rows(10, 'much'), 'step-cell'],
    ['a column that is none', table, { type: 'table', rows: [{ x: 1 }, {}] }, 'step-column'],
    ['a timer too short', { type: 'timer', seconds: 60 }, timer(59.5), 'step-too-short'],
  ])('of %s is refused', (_what, ask, value, code) => {
    expect(() => judge(step('s', ask), value as StepValue, now)).toThrow(
      expect.objectContaining({ code: `execution.${code}` }),
    )
  })

  test('outside takes a reason, or is not taken at all', () => {
    const outside = { within: false, limits: null, words: '9 mm' }
    expect(() => assertAnswered(step('s', gap), outside, ' ')).toThrow(/s: 9 mm. Say why/)
    expect(() => assertAnswered(step('s', gap), outside, 'worn tool')).not.toThrow()
    expect(() => assertAnswered(step('s', gap, { onBreach: 'refuse' }), outside, 'worn')).toThrow(/not taken/)
    expect(() => assertAnswered(step('s', gap), { ...outside, within: true }, '')).not.toThrow()
  })

  test('[AS-8.5.1-2!] lies neither in the future, beyond the clock tolerance, nor before the operation', () => {
    const at = (seconds: number) => () => assertTime(step('s', gap), later(seconds), now, later(-60))
    expect(at(120)).not.toThrow()
    expect(at(121)).toThrow(/lies in the future/)
    expect(at(-61)).toThrow(/before the operation began/)
  })
})

describe('the order of steps', () => {
  const [one, two] = ['P1', 'P2'].map((code) => ({ id: code as Id<'Lot'>, code }))
  const subjects = [one, two].flatMap((each) => each ?? [])
  const steps = [
    step('clean', { type: 'check' }),
    step('gap', gap, { per: 'piece', secondPerson: true }),
    step('why', { type: 'text' }, { per: 'piece', when: { step: 'gap', is: 'outside-limits', value: null } }),
    step('note', { type: 'text' }, { optional: true }),
    step('done', { type: 'signature', meaning: 'performed' }),
  ]
  const answer = (key: string, subject: string | null, more: Partial<Answer> = {}): Answer => ({
    ...{ step: key, subject: subject as Answer['subject'], value: { type: 'read' }, within: null, verified: null },
    ...{ limits: null, corrects: null, recordedAt: now, ...more },
  })
  const verified = { by: { id: 'x', name: 'x' }, at: now }
  const sheet = (...answers: Answer[]): Sheet => ({ steps, subjects, answers })
  const clean = answer('clean', null)
  const good = ['P1', 'P2'].map((id) => answer('gap', id, { verified, within: true }))
  const signed = answer('done', null, { recordedAt: later(1) })

  test('[AS-8.5.1-1] what is outstanding is named with its piece, the optional ones and those not needed aside', () => {
    expect(outstanding(sheet())).toEqual(['clean', 'gap of P1', 'gap of P2', 'done'])
    expect(outstanding(sheet(clean, ...good))).toEqual(['done'])
    expect(outstanding(sheet(clean, ...good, signed))).toEqual([])
    const bad = answer('gap', 'P2', { within: false })
    expect(outstanding(sheet(clean, good[0] as Answer, bad, signed))).toEqual([
      'gap of P2 (a second person has to confirm it)',
      'why of P2',
    ])
    const corrected = answer('clean', null, { corrects: 'e' as never, recordedAt: later(2) })
    expect(outstanding(sheet(corrected, ...good, signed))).toEqual(['done (entries were corrected since: sign again)'])
  })

  test('[AS-8.5.1-1!, P11-10f-1!] a step waits for those before it: of its own piece, or of all', () => {
    const todo = (key: string, subject: string | null, ...answers: Answer[]) =>
      expect(() => cellToDo(sheet(...answers), key, subject as Answer['subject'], 'WO-1'))
    todo('clean', null).not.toThrow()
    todo('gap', 'P1').toThrow('WO-1: before gap comes clean')
    todo('gap', 'P1', clean).not.toThrow()
    todo('gap', 'P3', clean).toThrow(/not here any more/)
    todo('gap', null, clean).toThrow(/say which one/)
    todo('clean', 'P1').toThrow(/once for the operation/)
    todo('mill', null).toThrow(/has no step mill/)
    todo('why', 'P1', clean, ...good).toThrow(/not to be done here/)
    todo('why', 'P1', clean, answer('gap', 'P1', { within: false, verified })).not.toThrow()
    todo('done', null, clean, good[0] as Answer).toThrow('before done comes gap of P2')
    todo('done', null, clean, answer('gap', 'P1'), good[1] as Answer).toThrow(/a second person has to confirm/)
    todo('done', null, clean, ...good).not.toThrow()
  })

  describe('of material', () => {
    const roll = { type: 'scan', expects: 'material', bomPosition: 10 } as const
    const limits = { low: 1.5, high: null, unit: 'm' }
    const cut = (quantity: string, more: Partial<Answer> = {}, last?: boolean): Answer =>
      answer('roll', null, {
        ...{ value: { type: 'scan', code: 'PP', quantity: decimalOf(quantity), ...(last ? { last } : {}) }, limits },
        ...more,
      })
    const laid = (...answers: Answer[]): Sheet => ({
      ...{ steps: [step('roll', roll, { secondPerson: true }), step('next', { type: 'check' })], subjects, answers },
    })
    const seen = { verified }

    test('[AS-8.5.1-1] a step is done once its lots make up what is asked, and each is confirmed', () => {
      expect(outstanding(laid(cut('0.8', seen)))).toEqual([
        'roll (0.8 m of 1.5 m is scanned: scan the next lot)',
        'next',
      ])
      expect(outstanding(laid(cut('0.8', seen), cut('0.7')))).toEqual([
        'roll (a second person has to confirm it)',
        'next',
      ])
      expect(outstanding(laid(cut('0.8', seen), cut('0.7', seen)))).toEqual(['next'])
      expect(outstanding(laid(cut('0.8', seen), cut('0.2', seen, true)))).toEqual(['next'])
      expect(outstanding(laid(cut('0.1', { ...seen, limits: null })))).toEqual(['next'])
    })

    test('[AS-8.5.1-1!] what comes next waits for the last lot, and a step that is full takes no other', () => {
      const todo = (key: string, ...answers: Answer[]) => expect(() => cellToDo(laid(...answers), key, null, 'WO-1'))
      todo('next', cut('1.4', seen)).toThrow('before next comes roll (1.4 m of 1.5 m is scanned')
      todo('next', cut('1.4', seen), cut('0.1', seen)).not.toThrow()
      const takes = (...answers: Answer[]) =>
        takesEntry({ step: laid().steps[0] as InstructionStep, subject: null }, laid(...answers))
      expect([takes(), takes(cut('1.4')), takes(cut('1.5')), takes(cut('1.4'), cut('0.1'))]).toEqual([
        ...[true, true, false, false],
      ])
    })

    const d = decimalOf
    test.each<[string, number | null, string[], string, boolean | undefined, object]>([
      ['the first of several', null, [], '0.8', undefined, { within: null, words: '0.8 m of 1.5 m' }],
      ['the last of several', null, ['0.8'], '0.7', undefined, { within: true, words: '1.5 m of 1.5 m' }],
      ['more without a tolerance', null, ['0.8'], '9', undefined, { within: true }],
      [
        'less, and nothing more',
        null,
        ['0.8'],
        '0.1',
        true,
        { within: false, words: '0.9 m of 1.5 m, at least 1.5 m' },
      ],
      ['at the lower end', 2, ['1'], '0.47', undefined, { within: true, limits: { low: 1.47, high: 1.53, unit: 'm' } }],
      ['below the lower end', 2, ['1'], '0.469', undefined, { within: null }],
      [
        'above the upper end',
        2,
        ['1'],
        '0.531',
        undefined,
        { within: false, words: '1.531 m of 1.5 m, at most 1.53 m' },
      ],
    ])('a lot is %s', (_what, tolerancePercent, before, quantity, last, judged) => {
      const amount = amountOf(d('1.5'), 'm', { tolerancePercent })
      expect(judgeFilling(amount, before.map(d), { quantity: d(quantity), last })).toMatchObject(judged)
    })

    test('a lot gives what is missing, or all that it has left', () => {
      const portion = (said: string | null, left: string, ...before: string[]) =>
        portionOf({ quantity: said === null ? null : d(said) }, { quantity: d('1.5') }, before.map(d), d(left))
      expect(portion(null, '10')).toBe('1.5')
      expect(portion(null, '0.8')).toBe('0.8')
      expect(portion(null, '10', '0.8')).toBe('0.7')
      expect(portion('0.3', '10', '0.8')).toBe('0.3')
      expect(portion(null, '0')).toBe('1.5')
    })
  })

  test.each<[NonNullable<StepInput['when']>['is'], string | number | boolean | null, StepValue, boolean]>([
    ['equal', true, { type: 'check', done: true }, true],
    ['not-equal', true, { type: 'check', done: true }, false],
    ['equal', 'ok', { type: 'choice', value: 'ok' }, true],
    ['below', 3, number(2), true],
    ['below', 2, number(2), false],
    ['above', 1, number(2), true],
    ['above', 50, timer(60), true],
    ['above', 1, { type: 'text', text: '2' }, false],
  ])('a condition %s %s', (is, value, given, result) => {
    const asked = step('later', { type: 'read' }, { when: { step: 'clean', is, value } })
    expect(applies(asked, sheet(answer('clean', null, { value: given })), null)).toBe(result)
    expect(applies(asked, sheet(), null)).toBe(false)
  })
})
