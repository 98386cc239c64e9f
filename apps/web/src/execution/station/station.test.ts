import type { Decimal, Id, Instant } from '@throughline/kernel'
import type { OperationRun, QueuedEntry, StepEntry } from '@throughline/model'
import { InstructionStep } from '@throughline/model'
import { expect, test } from 'vitest'
import { commandIn, digitsAfter } from '../../identity/kiosk/command.ts'
import { goneText, pickedAfter, piecesOf, startable } from './pieces.ts'
import { printedCommands, scanMeaning } from './scan-meaning.ts'
import { clockText, limitText, textIn, typedNumber, withinOf } from './step-limits.ts'
import { fillingText, outsideText } from './step-material.ts'
import type { Sheet } from './step-sheet.ts'
import { answersOf, cellKey, cellsOf, currentCell, runAfter, standingOf, timerStart } from './step-sheet.ts'

const step = (key: string, ask: object = { type: 'check' }, more: object = {}): InstructionStep =>
  InstructionStep.parse({ key, title: { en: key }, ask, ...more })
const at = (seconds: number): Instant => (seconds * 1_000_000) as Instant
const run = { id: 'r' as Id<'OperationRun'> }
const pieces = [
  { id: 'p1', code: 'BRK-1' },
  { id: 'p2', code: 'BRK-2' },
]

const entry = (key: string, value: object, more: object = {}): StepEntry =>
  ({
    ...{ id: `entry of ${key}`, runId: 'r', step: key, subject: null, value, within: null, reason: '', at: at(5) },
    ...{ recordedAt: at(5), by: { id: 'o', name: 'O' }, verified: null, corrects: null, replacedAt: null, ...more },
  }) as unknown as StepEntry

const waiting = (operation: QueuedEntry['operation'], input: object, seconds = 9): QueuedEntry =>
  ({
    ...{ id: `waiting ${operation} ${seconds}`, operation, input, personId: 'o', deviceAt: at(seconds) },
    sequence: seconds,
  }) as unknown as QueuedEntry
const recordOf = (key: string, value: object, more: object = {}) =>
  waiting('execution.step.record', { runId: runUuid, step: key, value, ...more })
const runUuid = '01890000-0000-7000-8000-000000000001'

function sheetOf(
  steps: readonly InstructionStep[],
  entries: readonly StepEntry[],
  queue: readonly QueuedEntry[] = [],
): Sheet {
  const own = { id: queue.length === 0 ? run.id : (runUuid as Id<'OperationRun'>) }
  return { steps, subjects: pieces, answers: answersOf(own, steps, entries, queue, () => 'O'), asked }
}
const asked = [
  { step: 'roll', subject: null, quantity: '1.5', unit: 'm', low: '1.5', high: '1.6' },
] as unknown as Sheet['asked']
const current = (sheet: Sheet, leftOut: readonly string[] = []) => {
  const cell = currentCell(sheet, new Set(leftOut))
  return cell === undefined ? undefined : cellKey(cell).trim()
}

test('steps of pieces come once for each piece, and the first open one is current', () => {
  const steps = [step('a'), step('b', { type: 'check' }, { per: 'piece' }), step('c')]
  const done = { type: 'check', done: true }
  expect(cellsOf(sheetOf(steps, [])).map(({ step: { key }, code }) => [key, code])).toEqual([
    ['a', null],
    ['b', 'BRK-1'],
    ['b', 'BRK-2'],
    ['c', null],
  ])
  expect(current(sheetOf(steps, [entry('a', done), entry('b', done, { subject: 'p1' })]))).toBe('b p2')
  const all = ['p1', 'p2'].map((subject) => entry('b', done, { subject }))
  expect(current(sheetOf(steps, [entry('a', done), ...all, entry('c', done)]))).toBeUndefined()
})

test.each([
  [{ step: 'a', is: 'equal', value: 4 }, false],
  [{ step: 'a', is: 'above', value: 4 }, true],
  [{ step: 'a', is: 'below', value: 4 }, false],
  [{ step: 'a', is: 'not-equal', value: 4 }, true],
  [{ step: 'a', is: 'outside-limits', value: null }, true],
])('a step whose condition is %j is asked for: %s', (when, isAsked) => {
  const steps = [step('a', { type: 'number', unit: 'mm', low: 0, high: 4 }), step('b', { type: 'check' }, { when })]
  const sheet = sheetOf(steps, [entry('a', { type: 'number', value: 5, gauge: null }, { within: false })])
  expect(current(sheet)).toBe(isAsked ? 'b' : undefined)
  expect(current(sheetOf(steps, []))).toBe('a')
})

test('a step that waits for a second person stays current until it is confirmed', () => {
  const steps = [step('a', { type: 'check' }, { secondPerson: true }), step('b')]
  const made = entry('a', { type: 'check', done: true })
  expect(current(sheetOf(steps, [made]))).toBe('a')
  const verified = { by: { id: 'i', name: 'I' }, at: at(6) }
  expect(current(sheetOf(steps, [{ ...made, verified }] as StepEntry[]))).toBe('b')
})

test('a step that may be left out is passed when somebody leaves it out', () => {
  const steps = [step('a', { type: 'text' }, { optional: true }), step('b')]
  expect(current(sheetOf(steps, []))).toBe('a')
  expect(current(sheetOf(steps, []), ['a '])).toBe('b')
  const after = [...steps, step('c')]
  expect(current(sheetOf(after, [entry('b', { type: 'check', done: true })]))).toBe('c')
})

test('a step of material stays current until its lots make up what is asked, those that wait here too', () => {
  const steps = [step('roll', { type: 'scan', expects: 'material', bomPosition: 10 }), step('next')]
  const cut = (quantity: string | null, more: object = {}) => ({ type: 'scan', code: 'PP', quantity, ...more })
  const limits = { low: 1.5, high: 1.6, unit: 'm' }
  const line = (quantity: string, more: object = {}) =>
    entry('roll', cut(quantity), { id: `roll ${quantity}`, limits, ...more })
  const begun = sheetOf(steps, [line('0.8')])
  const [cell] = cellsOf(begun)
  if (cell === undefined) throw new Error('no step')
  expect([current(begun), standingOf(cell, begun)]).toEqual(['roll', 'unfilled'])
  expect(fillingText(begun, cell)).toBe('0.8\u202fm of 1.5\u202fm is scanned: scan the next lot')
  expect(current(sheetOf(steps, [line('0.8'), line('0.7')]))).toBe('next')
  expect(current(sheetOf(steps, [line('0.8', { value: cut('0.8', { last: true }) })]))).toBe('next')
  const two = [recordOf('roll', cut('0.7')), recordOf('roll', cut(null))]
  expect(current(sheetOf(steps, [line('0.8')], two.slice(0, 1)))).toBe('next')
  expect(current(sheetOf(steps, [line('0.8')], two.slice(1)))).toBe('next')
  const outside = (quantity: string, last = false) => outsideText(begun, cell, quantity as Decimal, last, undefined)
  expect([outside('0.7'), outside('0.2')]).toEqual([undefined, undefined])
  expect(outside('0.9')).toBe('With this lot 1.7\u202fm is scanned: at most 1.6\u202fm goes in.')
  expect(outside('0.2', true)).toBe('With this lot only 1\u202fm is scanned: at least 1.5\u202fm goes in.')
})

test('a signature made before a correction is to be made again', () => {
  const steps = [step('a'), step('s', { type: 'signature', meaning: 'performed' })]
  const signed = entry('s', { type: 'signature', signatureId: 'x' }, { recordedAt: at(6) })
  const corrected = entry('a', { type: 'check', done: true }, { corrects: 'old', recordedAt: at(7) })
  expect(current(sheetOf(steps, [corrected, signed]))).toBe('s')
  expect(current(sheetOf(steps, [{ ...corrected, recordedAt: at(5) } as StepEntry, signed]))).toBeUndefined()
})

test('an entry that waits on the device counts, judged as the plant will judge it, until the plant has it', () => {
  const steps = [step('a', { type: 'number', unit: 'mm', low: 0, high: 4 }), step('b')]
  const sheet = sheetOf(steps, [], [recordOf('a', { type: 'number', value: 5 }, { reason: 'worn' })])
  expect(sheet.answers).toMatchObject([{ step: 'a', within: false, recordedAt: null, at: at(9), reason: 'worn' }])
  expect(current(sheet)).toBe('b')
  const recorded = entry('a', { type: 'number', value: 5, gauge: null })
  expect(sheetOf(steps, [recorded], [recordOf('a', { type: 'number', value: 5 })]).answers).toEqual([recorded])
})

test('a run is shown as it will be once what waits is recorded', () => {
  const ready = {
    ...run,
    state: 'ready',
    version: 3,
    good: '0',
    scrap: '1',
    rework: '0',
    startedAt: null,
    heldBy: null,
  }
  const after = runAfter(
    ready as unknown as OperationRun,
    [
      waiting('execution.run.start', { runId: 'r' }, 9),
      waiting('execution.run.report', {
        runId: 'r',
        good: '2',
        scrap: [{ quantity: '1.5' }],
        rework: [{ quantity: '1' }],
      }),
      waiting('execution.run.pause', { runId: 'r', reason: 'Break' }),
      waiting('execution.run.complete', { runId: 'another' }),
    ],
    () => 'O',
  )
  expect(after).toMatchObject({ state: 'paused', version: 6, good: '2', scrap: '2.5', rework: '1', startedAt: at(9) })
  expect(after).toMatchObject({ pauseReason: 'Break', heldBy: { id: 'o', name: 'O' } })
})

test('a timer counts from the last step before it, or from the start of the operation', () => {
  const steps = [step('a'), step('t', { type: 'timer', seconds: 60 }), step('b')]
  const sheet = sheetOf(steps, [
    entry('a', { type: 'check', done: true }, { at: at(20) }),
    entry('b', {}, { at: at(50) }),
  ])
  const [, timer] = cellsOf(sheet)
  if (timer === undefined) throw new Error('there is no timer')
  expect(timerStart(timer, sheet, at(10))).toBe(at(20))
  expect(timerStart(timer, { ...sheet, answers: [] }, at(10))).toBe(at(10))
  expect(standingOf(timer, sheet)).toBe('missing')
})

test.each([
  [{ type: 'number', unit: 'mbar', low: null, high: 20 }, { type: 'number', value: 20, gauge: null }, true],
  [{ type: 'number', unit: 'mbar', low: null, high: 20 }, { type: 'number', value: 20.1, gauge: null }, false],
  [{ type: 'number', unit: 'mbar', low: null, high: null }, { type: 'number', value: 99, gauge: null }, null],
  [{ type: 'check' }, { type: 'check', done: false }, false],
  [
    {
      type: 'choice',
      options: [
        { value: 'a', label: { en: 'A' } },
        { value: 'b', label: { en: 'B' }, accepted: false },
      ],
    },
    { type: 'choice', value: 'b' },
    false,
  ],
  [
    { type: 'table', rows: 2, columns: [{ key: 'x', label: { en: 'X' }, high: 4 }] },
    { type: 'table', rows: [{ x: 3 }, { x: 5 }] },
    false,
  ],
  [{ type: 'timer', seconds: 10, atMostSeconds: 20 }, { type: 'timer', startedAt: at(0), endedAt: at(21) }, false],
  [{ type: 'text' }, { type: 'text', text: 'x' }, null],
])('%j answered by %j is within: %s', (ask, value, is) => {
  expect(withinOf(step('a', ask).ask, value as never)).toBe(is)
})

test.each([
  [{ low: 12, high: 12 }, '1', 'exactly 12'],
  [{ low: null, high: 20 }, 'mbar', 'at most 20\u202fmbar'],
  [{ low: 0.5, high: null }, 'mm', 'at least 0.5\u202fmm'],
  [{ low: 10, high: 12.5 }, 'mm', '10 to 12.5\u202fmm'],
  [{ low: null, high: null }, 'mm', undefined],
])('limits %j of %s are told as %s', (limits, unit, words) => {
  expect(limitText(limits, unit)).toBe(words)
})

test.each([
  [['1', '2', '.', '5', '5'], 1, '12.5'],
  [['0', '7'], 0, '7'],
  [['.', '4'], 2, '0.4'],
  [['1', '.', '2'], 0, '12'],
  [['5', '-'], 0, '-5'],
  [['5', '-', '-'], 0, '5'],
  [['5', '6', 'DEL'], 0, '5'],
  [['5', 'C', '6'], 0, '6'],
])('the keys %j with %i decimals give %s', (keys, decimals, typed) => {
  expect(keys.reduce((text, key) => typedNumber(text, key, decimals), '')).toBe(typed)
})

test('texts are in the reader language, else in English', () => {
  const texts = { en: 'Cut', de: 'Schneiden' }
  expect([textIn(texts, ['de-AT']), textIn(texts, ['fr', 'de']), textIn(texts, ['fr'])]).toEqual([
    ...['Schneiden', 'Schneiden', 'Cut'],
  ])
  expect(clockText(3909)).toBe('1:05:09')
  expect(clockText(247)).toBe('4:07')
})

const runs = [
  { id: 'r1', orderCode: 'WO-1', subjectCodes: ['BRK-1'] },
  { id: 'r2', orderCode: 'WO-2', subjectCodes: ['BRK-2'] },
]
test.each([
  ['CMD:start', true, { kind: 'command', name: 'START', argument: '' }],
  ['CMD:PAUSE=End of shift', false, { kind: 'command', name: 'PAUSE', argument: 'End of shift' }],
  ['CMD:JUMP', false, { kind: 'unknown-command', text: 'CMD:JUMP' }],
  ['wo-2', true, { kind: 'open', runId: 'r2' }],
  ['PP-2291', true, { kind: 'entry', text: 'PP-2291' }],
  ['BRK-2', true, { kind: 'entry', text: 'BRK-2' }],
  ['BRK-2', false, { kind: 'open', runId: 'r2', piece: 'BRK-2' }],
  ['010950600013436221BRK-2', false, { kind: 'open', runId: 'r2', piece: 'BRK-2' }],
  ['PP-2291', false, { kind: 'nothing', text: 'PP-2291' }],
])('the scan %s, where the page takes a code: %s, means %j', (scan, takes, meaning) => {
  expect(scanMeaning(scan, { runs, chosenId: 'r1', takes })).toEqual(meaning)
})

test('where work is started, a piece of another operation opens that one, and is no tool', () => {
  const start = (scan: string) => scanMeaning(scan, { runs, chosenId: 'r1', takes: true, starts: true })
  expect(start('BRK-2')).toEqual({ kind: 'open', runId: 'r2', piece: 'BRK-2' })
  expect([start('BRK-1'), start('TRQ-1')].map(({ kind }) => kind)).toEqual(['entry', 'entry'])
})

test('all pieces are begun with, until some are scanned or touched', () => {
  expect(pickedAfter(undefined, 'p1')).toEqual(['p1'])
  expect(pickedAfter(['p1'], 'p2')).toEqual(['p1', 'p2'])
  expect(pickedAfter(['p1', 'p2'], 'p1')).toEqual(['p2'])
  expect(pickedAfter(['p1'], 'p1')).toBeUndefined()
  const of = { subjects: ['p1', 'p2', 'p3', 'p4'], subjectCodes: ['A', 'B', 'C', 'D'], quantity: '4' } as never
  const known = [
    { id: 'p2', code: 'B', quantity: '1', state: 'scrapped', waitsFor: [] },
    { id: 'p3', code: 'C', quantity: '1', state: 'rework', waitsFor: [{ sequence: 10, name: 'Lay up' }] },
    { id: 'p4', code: 'D', quantity: '1', state: 'to-do', waitsFor: [{ sequence: 10, name: 'Lay up' }] },
  ] as never
  const shown = piecesOf(of, known)
  expect(shown.map(({ code, state }) => `${code} ${state}`)).toEqual(['A to-do', 'B scrapped', 'C rework', 'D to-do'])
  expect(startable(shown).map(({ code }) => code)).toEqual(['A'])
  expect(goneText(shown)).toBe('Scrap: B; back for rework: C')
  expect(goneText(piecesOf(of, []))).toBeUndefined()
})

test('a start of some pieces that waits here shows those alone', () => {
  const ready = { ...run, state: 'ready', version: 1, subjects: ['p1', 'p2'], subjectCodes: ['A', 'B'] }
  const start = waiting('execution.run.start', { runId: 'r', subjects: ['p2'] })
  expect(runAfter(ready as unknown as OperationRun, [start], () => 'O')).toMatchObject({ subjectCodes: ['B'] })
})

test('the PIN is scanned from keys, and begun again', () => {
  const typed = ['CMD:KEY=7', 'CMD:key=C', 'CMD:KEY=4', 'CMD:KEY=.', 'CMD:KEY=2'].reduce(
    (before, scan) => digitsAfter(before, commandIn(scan)?.argument ?? ''),
    '',
  )
  expect(typed).toBe('42')
  expect(commandIn('04B2OPERATOR55')).toBeUndefined()
})

test('every code of the printed sheet is a command', () => {
  const kinds = printedCommands.map(({ code }) => scanMeaning(code, { runs, chosenId: undefined, takes: true }).kind)
  expect(new Set(kinds)).toEqual(new Set(['command']))
})
