import type { Id } from '@throughline/kernel'
import type { EquipmentNode, LineSetting, StateSignal, WorkCalendar } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import {
  breaksOfLines,
  byNode,
  daysText,
  exceptionsOfLines,
  linesOfBreaks,
  linesOfExceptions,
  shiftText,
} from './calendar/calendar-words.ts'
import { countProblem } from './count/count-rules.ts'
import { lineOf, movedMachine, typedLine, withoutMachine } from './line/line-draft.ts'
import { linesOfTexts, textsOfLines } from './reason/reason-texts.ts'
import { countersText, signalText, statesOfLines } from './state-rule/rule-words.ts'
import { counterLine, counterOf, draftOf, signalOf } from './state-rule/signal-draft.ts'
import { pressed } from './station/number-pad.ts'

describe('a calendar in words', () => {
  test.each([
    [[1, 2, 3, 4, 5], 'Mon–Fri'],
    [[6, 7], 'Sat, Sun'],
    [[7, 1, 3, 2, 5], 'Mon–Wed, Fri, Sun'],
    [[4, 4], 'Thu'],
  ])('%j reads %s', (days, text) => {
    expect(daysText(days)).toBe(text)
  })
  test('a night shift says that it ends on the next day', () => {
    const night = { name: 'Night', days: [1], start: '22:00', end: '06:00', breaks: [] }
    expect(shiftText(night)).toBe('Night Mon 22:00–06:00 (into the next day)')
  })
  test('breaks and days that differ come back as they were typed', () => {
    const breaks = [{ name: 'Coffee', start: '10:00', end: '10:15' }]
    expect(breaksOfLines(linesOfBreaks(breaks))).toEqual({ breaks, problem: undefined })
    const exceptions = [
      { date: '2026-12-25', name: 'Christmas', asWeekday: null },
      { date: '2026-12-19', name: 'Extra day', asWeekday: 1 },
    ]
    expect(exceptionsOfLines(linesOfExceptions(exceptions))).toEqual({ exceptions, problem: undefined })
  })
  test('a line that makes no sense is named, not dropped', () => {
    expect(breaksOfLines('10:00-10:15 Coffee\n25:00-26:00 Tea').problem).toContain('25:00-26:00 Tea')
    expect(breaksOfLines('10:00').problem).toContain('10:00')
    expect(exceptionsOfLines('Christmas').problem).toContain('Christmas')
  })
  test('the newest version of each node stands in front of the older ones', () => {
    const version = (nodeId: string, number: number) =>
      ({ nodeId: nodeId as Id<'EquipmentNode'>, version: number }) as WorkCalendar
    const nodes = byNode([version('a', 1), version('b', 1), version('a', 2)])
    expect(nodes.map(({ newest, older }) => [newest.nodeId, newest.version, older.length])).toEqual([
      ['a', 2, 1],
      ['b', 1, 0],
    ])
  })
})

describe('a state rule', () => {
  const signals: readonly StateSignal[] = [
    { kind: 'packml', tag: 'State' },
    { kind: 'mtconnect', execution: 'Execution', mode: 'Mode', functionalMode: null },
    { kind: 'values', tag: 'Status', states: { 3: 'running', '4': 'down' }, otherwise: 'idle' },
    {
      kind: 'bits',
      bits: [
        { tag: 'Fault', state: 'down' },
        { tag: 'Run', state: 'running' },
      ],
      otherwise: 'idle',
    },
    { kind: 'counts', tag: 'Good', cycles: 3 },
    { kind: 'manual' },
  ]
  test.each(signals)('of kind $kind comes out of the form as it went in', (signal) => {
    expect(signalOf(draftOf(signal))).toEqual(signal)
  })
  test('reads in words, in the order in which bits decide', () => {
    expect(signalText(signals[3] as StateSignal)).toBe('first that is true of Fault = Down, Run = Running, else Idle')
  })
  test('names the line with a state that does not exist, and asks for one line at least', () => {
    expect(statesOfLines('3 = sleeping').problem).toContain('3 = sleeping')
    expect(statesOfLines(' \n').problem).toContain('at least')
    expect(signalOf({ ...draftOf(undefined), tag: ' ' })).toEqual({ problem: 'Name the tag that tells the state.' })
  })
  test('a counter is a tag, and where it comes back to 0; anything else is named', () => {
    expect(counterOf('Good 65536')).toEqual({ tag: 'Good', modulus: 65_536 })
    expect(counterLine({ tag: 'Good', modulus: 65_536 })).toBe('Good 65536')
    expect(counterOf('  ')).toBeNull()
    expect(counterOf('Good soon')).toEqual({ problem: expect.stringContaining('Good soon') })
    expect(countersText({ total: null, good: null, scrap: null, rework: null })).toBe('nothing')
  })
})

describe('texts of a reason', () => {
  test('come back as they were typed, without English, which has its own field', () => {
    const lines = linesOfTexts({ en: 'Jam', de: 'Stau', 'pt-BR': 'Bloqueio' })
    expect(textsOfLines(lines)).toEqual({ texts: { de: 'Stau', 'pt-BR': 'Bloqueio' }, problem: undefined })
  })
  test('a line without a language is named', () => {
    expect(textsOfLines('Stau').problem).toContain('Stau')
  })
})

test('the number pad takes no zero in front, and no more digits than a count of parts has', () => {
  expect(pressed('', '0')).toBe('')
  expect(pressed('1', '0')).toBe('10')
  expect(pressed('12345', '6')).toBe('12345')
})

describe('the order of a line while it is typed', () => {
  const [lineId, a, b, c] = ['line', 'a', 'b', 'c'] as unknown as [
    EquipmentNode['id'],
    ...[EquipmentNode['id'], EquipmentNode['id'], EquipmentNode['id']],
  ]
  const before = {
    ...{ id: 'setting', lineId, keyNodeId: b, version: 2, reason: 'first', recordedBy: 'eve', recordedAt: 0 },
    machines: [
      { nodeId: a, bufferSeconds: 30 },
      { nodeId: b, bufferSeconds: 0 },
      { nodeId: c, bufferSeconds: 0 },
    ],
  } as unknown as LineSetting
  const typed = { ...typedLine(before), reason: 'rebuilt' }
  const orderOf = (machines: typeof typed.machines) => machines.map(({ nodeId }) => nodeId).join('')

  test('comes back as it is in force', () => {
    const { machines, keyNodeId } = before
    expect(lineOf(typed)).toEqual({ line: { lineId, machines, keyNodeId, reason: 'rebuilt' } })
  })
  test('a machine moves by one place and never past the ends; one that leaves is the key machine no more', () => {
    expect(orderOf(movedMachine(typed.machines, b, -1))).toBe('bac')
    expect(orderOf(movedMachine(typed.machines, b, 1))).toBe('acb')
    expect(orderOf(movedMachine(typed.machines, a, -1))).toBe('abc')
    expect(orderOf(movedMachine(typed.machines, c, 1))).toBe('abc')
    expect(withoutMachine(typed, b)).toMatchObject({ machines: [{ nodeId: a }, { nodeId: c }], keyNodeId: null })
    expect(withoutMachine(typed, a).keyNodeId).toBe(b)
  })
  test.each([
    [{ lineId: null }, 'Choose the line.'],
    [{ machines: [{ nodeId: a, buffer: '0' }] }, 'A line has two machines at least'],
    [{ machines: typed.machines.map((each) => ({ ...each, buffer: 'long' })) }, 'A buffer lasts from 0'],
    [{ machines: typed.machines.map((each) => ({ ...each, buffer: '-1' })) }, 'A buffer lasts from 0'],
    [{ reason: ' ' }, 'Say why'],
  ])('%j is not sent', (changes, problem) => {
    expect(lineOf({ ...typed, ...changes })).toEqual({ problem: expect.stringContaining(problem) })
  })
})

test.each([
  [{ quantity: '0', reasonId: null, why: 'counted twice' }, undefined],
  [{ quantity: '3', reasonId: 'other' as Id<'Reason'>, why: 'wrong reason' }, undefined],
  [{ quantity: '3', reasonId: null, why: 'no change' }, 'Nothing is changed'],
  [{ quantity: '-1', reasonId: null, why: 'less than none' }, 'Give the number of parts'],
  [{ quantity: '', reasonId: null, why: 'empty' }, 'Give the number of parts'],
  [{ quantity: '2', reasonId: null, why: 'x' }, 'Say why'],
])('a correction %j of three parts: %s', (correction, problem) => {
  const told = countProblem({ quantity: 3, reasonId: null }, correction)
  expect(told).toEqual(problem === undefined ? undefined : expect.stringContaining(problem))
})
