import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { MachineState, StateInterval } from '@throughline/model'
import { expect, test } from 'vitest'
import type { MachineInterval } from '../state/interval.ts'
import { inLine } from './rules.ts'

type NodeId = Id<'EquipmentNode'>
type Told = readonly [from: number, to: number | null, state: MachineState, source?: StateInterval['source']]

const [a, b, c] = [newId<'EquipmentNode'>(), newId<'EquipmentNode'>(), newId<'EquipmentNode'>()]
const secondUs = 1e6

function intervalsOf(nodeId: NodeId, told: readonly Told[]): MachineInterval[] {
  return told.map(([from, to, state, source = 'rule']) => ({
    ...{ nodeId, state, source, label: state, stopId: null, causedBy: null },
    ...{ from: (from * secondUs) as Instant, to: to === null ? null : ((to * secondUs) as Instant) },
  }))
}

const names = new Map([
  [a, 'a'],
  [b, 'b'],
  [c, 'c'],
])

/** `from state cause` of one machine of the line a → b → c, with buffers of 5 s behind a and none behind b. */
function told(of: NodeId, states: Record<'a' | 'b' | 'c', readonly Told[]>): string[] {
  const line = {
    machines: [
      { nodeId: a, bufferSeconds: 5 },
      { nodeId: b, bufferSeconds: 0 },
      { nodeId: c, bufferSeconds: 0 },
    ],
  }
  const all = new Map([a, b, c].map((id) => [id, intervalsOf(id, states[names.get(id) as 'a'])]))
  return inLine(line, of, all).map(
    ({ from, state, causedBy }) =>
      `${from / secondUs} ${state} ${names.get(causedBy ?? a) && causedBy ? names.get(causedBy) : '-'}`,
  )
}

const running: readonly Told[] = [[0, null, 'running']]

test('a machine that waits since the one before it stands is starved by it', () => {
  const states = {
    a: [
      [0, 10, 'running'],
      [10, 40, 'down'],
      [40, null, 'running'],
    ],
    b: [
      [0, 15, 'running'],
      [15, 42, 'idle'],
      [42, null, 'running'],
    ],
    c: running,
  } as const
  expect(told(b, states)).toEqual(['0 running -', '15 starved a', '42 running -'])
})

test('a machine that waits since the one after it stands is blocked by it, also where its own word was starved', () => {
  const states = {
    a: running,
    b: [
      [0, 12, 'running'],
      [12, 20, 'starved'],
    ],
    c: [
      [0, 12, 'running'],
      [12, 20, 'down'],
    ],
  } as const
  expect(told(b, states)).toEqual(['0 running -', '12 blocked c'])
})

test('the first cause is found through machines that only wait', () => {
  const states = {
    a: [
      [0, 10, 'running'],
      [10, null, 'down'],
    ],
    b: [
      [0, 15, 'running'],
      [15, null, 'idle'],
    ],
    c: [
      [0, 16, 'running'],
      [16, null, 'idle'],
    ],
  } as const
  expect(told(c, states)).toEqual(['0 running -', '16 starved a'])
})

test('a buffer works on for its time after the neighbour runs again, and not longer', () => {
  const before = {
    a: [
      [0, 10, 'running'],
      [10, 20, 'down'],
      [20, null, 'running'],
    ],
    c: running,
  } as const
  expect(
    told(b, {
      ...before,
      b: [
        [0, 24, 'running'],
        [24, 30, 'idle'],
      ],
    }),
  ).toEqual(['0 running -', '24 starved a'])
  expect(
    told(b, {
      ...before,
      b: [
        [0, 25, 'running'],
        [25, 30, 'idle'],
      ],
    }),
  ).toEqual(['0 running -', '25 idle -'])
})

test('with both neighbours standing, the one that stood first caused it', () => {
  const states = {
    a: [
      [0, 9, 'running'],
      [9, null, 'down'],
    ],
    b: [
      [0, 12, 'running'],
      [12, null, 'idle'],
    ],
    c: [
      [0, 5, 'running'],
      [5, null, 'changeover'],
    ],
  } as const
  expect(told(b, states)).toEqual(['0 running -', '12 blocked c'])
})

test('without a cause a machine is idle, a breakdown stays its own, and what a person said stays', () => {
  expect(told(b, { a: running, b: [[0, 10, 'idle']], c: running })).toEqual(['0 idle -'])
  const down = [[0, null, 'down']] as const
  expect(told(b, { a: down, b: [[1, 10, 'down']], c: running })).toEqual(['1 down -'])
  expect(told(b, { a: down, b: [[1, 10, 'idle', 'manual']], c: running })).toEqual(['1 idle -'])
  expect(told(b, { a: [[0, null, 'no-data']], b: [[1, 10, 'idle']], c: running })).toEqual(['1 idle -'])
})
