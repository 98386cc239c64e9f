import type { Id, Instant } from '@throughline/kernel'
import type { CurrentState, MachineState, StateInterval } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { futureOf, reasonText, stateText, stretchesOf, worstMachinesFirst } from './machine-words.ts'

const nodeId = 'n' as Id<'EquipmentNode'>
const at = (minute: number): Instant => (minute * 60_000_000) as Instant

function machine(name: string, state: MachineState, since: number) {
  const current: CurrentState = {
    ...{ nodeId, state, label: '', since: at(since), heardAt: null, order: null, product: null },
    ...{ good: null, scrap: null, openStopId: null },
  }
  return { name, current }
}
function interval(from: number, to: number | null, state: MachineState): StateInterval {
  return { nodeId, from: at(from), to: to === null ? null : at(to), state, label: '', source: 'rule', stopId: null }
}

describe('machines, worst first', () => {
  test('down stands before no data, waiting and running; of equals who stands longest; running ones by name', () => {
    const machines = [
      machine('z', 'running', 1),
      machine('a', 'running', 9),
      machine('b', 'starved', 3),
      machine('c', 'no-data', 3),
      machine('d', 'down', 8),
      machine('e', 'down', 2),
    ]
    expect(worstMachinesFirst(machines).map(({ name }) => name)).toEqual(['e', 'd', 'c', 'b', 'a', 'z'])
  })
})

describe('states on a strip', () => {
  test('[KPI-1] no data keeps its own state and word, and is never drawn as idle', () => {
    const [stretch] = stretchesOf([interval(0, 5, 'no-data')], at(10))
    expect([stretch?.state, stretch?.label]).toEqual(['no-data', 'No data'])
  })
  test('one that lasts ends now; one that only begins now has no length and is left out', () => {
    expect(stretchesOf([interval(0, null, 'down')], at(10)).map(({ to }) => to)).toEqual([at(10)])
    expect(stretchesOf([interval(10, null, 'down')], at(10))).toEqual([])
  })
  test('what lies ahead is "not yet", not "no data"; a past window has nothing ahead', () => {
    const window = { from: at(0), to: at(60) }
    expect(futureOf(window, at(20))).toEqual([{ from: at(20), to: at(60), state: 'future', label: 'Not yet' }])
    expect(futureOf(window, at(60))).toEqual([])
  })
  test('the machine’s word stands beside the state’s own, unless they are the same', () => {
    expect(stateText('down', 'Held')).toBe('Down: Held')
    expect(stateText('running', 'RUNNING')).toBe('Running')
    expect(stateText('starved', '')).toBe('Starved')
  })
})

test.each([
  [['de-CH', 'en'], 'Stau'],
  [['fr'], 'Jam'],
  [[], 'Jam'],
])('a reader of %j reads a reason as %s', (languages, text) => {
  expect(reasonText({ code: 'JAM', texts: { en: 'Jam', de: 'Stau' } }, languages)).toBe(text)
})
test('a reason without any text shows its code', () => {
  expect(reasonText({ code: 'JAM', texts: {} }, ['de'])).toBe('JAM')
})
