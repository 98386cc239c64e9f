import type { DataType, SampleValue, StateSignal } from '@throughline/model'
import { expect, test } from 'vitest'
import type { ReadValue } from './reading.ts'
import { fitting, readingOf } from './reading.ts'
import { stateOf } from './rules.ts'

const tell = (signal: StateSignal, values: Record<string, ReadValue | null>) => stateOf(signal, (tag) => values[tag])

const packml: StateSignal = { kind: 'packml', tag: 'State' }

test.each<[ReadValue | null, string, string]>([
  ['Execute', 'running', 'Execute'],
  ['EXECUTE', 'running', 'Execute'],
  [6, 'running', 'Execute'],
  ['6', 'running', 'Execute'],
  ['Completing', 'running', 'Completing'],
  ['Starting', 'running', 'Starting'],
  ['Unholding', 'running', 'Unholding'],
  ['Unsuspending', 'running', 'Unsuspending'],
  [4, 'idle', 'Idle'],
  ['Complete', 'idle', 'Complete'],
  ['Completed', 'idle', 'Complete'],
  [5, 'starved', 'Suspended'],
  ['Suspending', 'starved', 'Suspending'],
  [11, 'down', 'Held'],
  ['Holding', 'down', 'Holding'],
  [9, 'down', 'Aborted'],
  ['Aborting', 'down', 'Aborting'],
  [1, 'down', 'Clearing'],
  [2, 'down', 'Stopped'],
  ['Stopping', 'down', 'Stopping'],
  [15, 'changeover', 'Resetting'],
  [0, 'no-data', 'unknown value 0'],
  ['Dancing', 'no-data', 'unknown value Dancing'],
  [true, 'no-data', 'unknown value true'],
  [null, 'no-data', 'bad quality'],
])('[PKM-1] PackML %s is %s', (value, state, label) => {
  expect(tell(packml, { State: value })).toEqual({ state, label })
})

const withMode: StateSignal = { kind: 'packml', tag: 'State', mode: 'UnitModeCurrent' }

test.each<[ReadValue, ReadValue | null, string, string]>([
  ['Execute', 1, 'running', 'Execute'],
  ['Execute', 'Production', 'running', 'Execute'],
  ['Execute', 'Producing', 'running', 'Execute'],
  ['Held', 'PRODUCTION', 'down', 'Held'],
  ['Execute', 2, 'planned-stop', 'Maintenance'],
  ['Stopped', 'Maintenance Mode', 'planned-stop', 'Maintenance'],
  ['Aborted', 'maintenance', 'planned-stop', 'Maintenance'],
  ['Execute', 3, 'changeover', 'Execute in Manual'],
  ['Starting', 'Manual', 'changeover', 'Starting in Manual'],
  ['Stopped', 'Manual', 'down', 'Stopped'],
  ['Idle', '3', 'idle', 'Idle'],
  ['Execute', 4, 'running', 'Execute'],
  ['Execute', 'Cleaning', 'running', 'Execute'],
  ['Execute', 0, 'running', 'Execute'],
  ['Execute', null, 'running', 'Execute'],
  ['Nonsense', 2, 'no-data', 'unknown value Nonsense'],
])('[PKM-1-2] PackML %s in mode %s is %s', (value, mode, state, label) => {
  expect(tell(withMode, { State: value, UnitModeCurrent: mode })).toEqual({ state, label })
})

test('[PKM-1-2!] without a known state no mode makes time known, and a mode that was never read changes nothing', () => {
  expect(tell(withMode, { State: null, UnitModeCurrent: 2 }).state).toBe('no-data')
  expect(tell(withMode, { UnitModeCurrent: 2 }).state).toBe('no-data')
  expect(tell(withMode, { State: 'Execute' }).state).toBe('running')
})

test('a tag that was never read says nothing', () => {
  expect(tell(packml, {})).toEqual({ state: 'no-data', label: 'not heard' })
})

const mtconnect: StateSignal = { kind: 'mtconnect', execution: 'Execution', mode: 'Mode', functionalMode: 'Purpose' }

test.each<[string | null, string | null, string | null, string]>([
  ['ACTIVE', 'AUTOMATIC', 'PRODUCTION', 'running'],
  ['ACTIVE', 'AUTOMATIC', null, 'running'],
  ['active', null, null, 'running'],
  ['ACTIVE', 'MANUAL', 'PRODUCTION', 'changeover'],
  ['ACTIVE', 'MANUAL_DATA_INPUT', null, 'changeover'],
  ['ACTIVE', 'AUTOMATIC', 'SETUP', 'changeover'],
  ['READY', 'AUTOMATIC', 'TEARDOWN', 'changeover'],
  ['STOPPED', 'MANUAL', 'MAINTENANCE', 'planned-stop'],
  ['ACTIVE', 'AUTOMATIC', 'PROCESS_DEVELOPMENT', 'planned-stop'],
  ['READY', 'AUTOMATIC', 'PRODUCTION', 'idle'],
  ['PROGRAM_COMPLETED', 'AUTOMATIC', null, 'idle'],
  ['INTERRUPTED', 'AUTOMATIC', null, 'down'],
  ['FEED_HOLD', 'AUTOMATIC', null, 'down'],
  ['STOPPED', 'AUTOMATIC', null, 'down'],
  ['UNAVAILABLE', 'AUTOMATIC', null, 'no-data'],
  [null, 'AUTOMATIC', 'SETUP', 'no-data'],
])('MTConnect %s in mode %s for %s is %s', (execution, mode, purpose, state) => {
  expect(tell(mtconnect, { Execution: execution, Mode: mode, Purpose: purpose }).state).toBe(state)
})

test('values that are named mean their state, all others the one for the rest', () => {
  const signal: StateSignal = {
    kind: 'values',
    tag: 'S',
    states: { '1': 'running', true: 'running', jam: 'down' },
    otherwise: 'idle',
  }
  expect([1, '1', true, 'jam', 'x', null].map((value) => tell(signal, { S: value }).state)).toEqual([
    ...['running', 'running', 'running', 'down', 'idle', 'no-data'],
  ])
})

test('of several bits the first that is true decides, and one that nobody knows hides those below it', () => {
  const signal: StateSignal = {
    ...{ kind: 'bits', otherwise: 'idle' },
    bits: [
      { tag: 'Fault', state: 'down' },
      { tag: 'Run', state: 'running' },
    ],
  }
  expect(tell(signal, { Fault: true, Run: true })).toEqual({ state: 'down', label: 'Fault' })
  expect(tell(signal, { Fault: false, Run: 1 }).state).toBe('running')
  expect(tell(signal, { Fault: 0, Run: 'false' }).state).toBe('idle')
  expect(tell(signal, { Fault: null, Run: true }).state).toBe('no-data')
  expect(tell(signal, { Run: true }).state).toBe('no-data')
  expect(tell(signal, { Fault: true }).state).toBe('down')
})

test.each<[SampleValue | null, DataType, SampleValue | null]>([
  [6, 'int64', 6],
  [6.5, 'int64', null],
  [6n, 'double', 6n],
  [2n ** 53n + 1n, 'double', null],
  ['6', 'int64', null],
  ['Held', 'string', 'Held'],
  [true, 'boolean', true],
  [1, 'boolean', null],
  [null, 'string', null],
])('of %s a tag of type %s holds %s', (value, type, held) => {
  expect(fitting(value, type)).toBe(held)
})

test('whatever is not good is no value, and 64-bit integers stay exact', () => {
  expect(readingOf('T', 1, 5, 0x4090_0000).value).toBeNull()
  expect(readingOf('T', 1, 5, 0x8000_0000).value).toBeNull()
  expect(readingOf('T', 1, 5, 0x0096_0000).value).toBe(5)
  expect(readingOf('T', 1, 7n, 0).value).toBe(7)
  expect(readingOf('T', 1, 2n ** 53n + 1n, 0).value).toBe('9007199254740993')
})
