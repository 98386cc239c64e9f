import type { ProgramCheck } from '@throughline/model'
import { expect, test } from 'vitest'
import { programsOf, programText } from '../graph/rules.ts'
import { labourOf, materialsOf, weighingsOf } from './inputs.ts'
import { verdictOf } from './program.ts'

const lot = (id: string) => ({ id, code: `C-${id}`, material: 'FILM', unit: 'kg' })
const edge = (from: string, kind: string, at: number, runId: string | null, quantity: string | null = '2') => ({
  ...{ movementId: 'm', from, to: 'piece', kind, at, runId, quantity },
})
const going = (...edges: readonly object[]) =>
  ({ lots: [lot('a'), lot('b'), lot('piece')], genealogy: { edges, depths: new Map(), truncated: false } }) as never

test('[AS-8.5.2] each lot that went in during an operation is told one by one, oldest first, and no other', () => {
  const facts = going(
    ...[
      edge('b', 'built-into', 20, 'run'),
      edge('a', 'built-into', 10, 'run', null),
      edge('a', 'split-into', 5, 'run'),
    ],
    ...[edge('a', 'built-into', 7, 'other'), edge('hidden', 'built-into', 8, 'run')],
  )
  expect(materialsOf(facts, 'run' as never)).toEqual([
    { code: 'C-a', material: 'FILM', unit: 'kg', quantity: null, at: 10 },
    { code: 'C-b', material: 'FILM', unit: 'kg', quantity: '2', at: 20 },
  ])
})

test('labour is what people put in, and nobody knows it while somebody is at it', () => {
  const span = (from: number, to: number | null) => ({ personId: 'p', name: 'ada', from, to })
  const labour = (...spans: readonly object[]) => labourOf({ labour: spans } as never)
  expect(labour()).toBe(0)
  expect(labour(span(0, 60e6), span(30e6, 60e6))).toBe(90_000)
  expect(labour(span(0, 60e6), span(60e6, null))).toBeNull()
})

test('[AS-8.5.2] a weighing stands with the lots, the operation that it went into and its scale; of what one may not see, nothing', () => {
  const weighing = (dispensedLotId: string) => ({ lotId: 'a', dispensedLotId, scale: 'SC-1', weighedAt: 5, net: '2' })
  const facts = { ...(going(edge('b', 'built-into', 20, 'run')) as object), tools: new Map() }
  const found = weighingsOf({ ...facts, weighings: [weighing('b'), weighing('hidden')] } as never)
  expect(found).toMatchObject([
    { lotCode: 'C-a', dispensedCode: 'C-b', runId: 'run', tool: { code: 'SC-1', asset: null, inCalibration: null } },
  ])
  expect(found).toHaveLength(1)
})

test.each([
  [null, '0007', null, null],
  ['7.NC', '7.NC', 'aa', 'same'],
  ['7.NC', 'O7', 'aa', 'same'],
  ['7.NC', '7.NC', 'bb', 'other'],
  ['7.NC', '7.NC', null, 'same-name'],
  ['7.NC', '8.NC', null, 'other'],
] as const)('[AS-8.5.1c!] released %s, loaded %s with hash %s: %s', (released, name, sha256, verdict) => {
  expect(verdictOf(released === null ? null : { name: released, sha256: 'aa' }, { name, sha256 })).toBe(verdict)
})

const checkOf = (verdict: ProgramCheck['verdict'], name: string | null, sha256: string | null = null) =>
  ({
    ...{ occasion: 'start', at: 1, expected: { name: '7.NC', sha256: 'aa' }, verdict },
    loaded: name === null ? null : { name, sha256 },
  }) as ProgramCheck

test.each([
  ['same', [checkOf('same', '7.NC', 'aa')], 'program 7.NC as released', ['aa']],
  ['same-name', [checkOf('same-name', '7.NC')], 'program 7.NC by its name, its text was not told', ['aa']],
  ['unknown', [checkOf('unknown', null)], 'program 7.NC released, which one was loaded is not known', ['aa']],
  ['another', [checkOf('other', '8.NC', 'bb')], 'program 8.NC instead of 7.NC', ['bb']],
  ['another of which nobody knows the text', [checkOf('other', '8.NC')], 'program 8.NC instead of 7.NC', []],
  ['another text', [checkOf('other', '7.NC', 'bb')], 'NOT the released text of program 7.NC', ['bb']],
  [
    'the worst of several',
    [checkOf('same', '7.NC', 'aa'), checkOf('other', '8.NC', 'bb'), checkOf('unknown', null)],
    ...['program 8.NC instead of 7.NC', ['aa', 'bb', 'aa']],
  ],
] as const)('[AS-8.5.2] the genealogy says what the gate found of the program: %s', (_, checks, text, hashes) => {
  expect(programText(checks)).toEqual([text])
  expect(programsOf(checks).map(({ id }) => id)).toEqual(hashes)
  expect(programText([])).toEqual([])
})
