import type { Decimal, Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { RunState } from '@throughline/model'
import { expect, test } from 'vitest'
import type { PieceFacts } from './pieces.ts'
import { piecesOf } from './pieces.ts'
import type { Piece } from './routing.ts'

type LotId = Id<'Lot'>
const codes = ['S-1', 'S-2', 'S-3', 'S-4'] as const
const ids = codes.map((code) => code as string as LotId)
const here = 'run-20' as Id<'OperationRun'>
const one = decimalOf('1')

const piece = (code: string, more: Partial<Piece> = {}): Piece => ({
  ...{ id: code as LotId, code, ordinal: 1, quantity: one, state: 'in-work', ...more },
})
const run = (state: RunState, good = '0') => ({
  ...{ id: here, sequence: 20, attempt: 1, state, subjects: ids, good: good as Decimal, name: 'Trim' },
})
const facts = (more: Partial<PieceFacts>): PieceFacts => ({
  ...{ run: run('running'), pieces: codes.map((code) => piece(code)), reports: [], scrappedBy: new Map(), runs: [] },
  ...more,
})
const statesOf = (more: Partial<PieceFacts>) => piecesOf(facts(more)).map(({ state }) => state)
const report = (kind: 'good' | 'scrap' | 'rework', code: string | null) => ({
  ...{ kind, lotId: code as LotId | null, quantity: one },
})
const gone = piece('S-1', { state: 'scrapped', quantity: '0' as Decimal })
const [, ...rest] = codes.map((code) => piece(code))

test('[EXE-2] each piece of an operation is named: good, scrapped, in rework or still to do', () => {
  const reports = [report('scrap', 'S-1'), report('rework', 'S-2'), report('good', 'S-3')]
  const scrappedBy = new Map([['S-1' as LotId, here]])
  const pieces = [gone, ...rest]
  expect(statesOf({ reports, scrappedBy, pieces })).toEqual(['scrapped', 'rework', 'good', 'to-do'])
  expect(statesOf({ reports, scrappedBy, pieces, run: run('completed') })).toEqual([
    ...['scrapped', 'rework', 'good', 'good'],
  ])
})

test('an amount that nobody divided makes all of them good, or none', () => {
  expect(statesOf({ run: run('running', '3'), reports: [report('good', null)] })).toEqual(codes.map(() => 'to-do'))
  expect(statesOf({ run: run('running', '4') })).toEqual(codes.map(() => 'good'))
  expect(statesOf({ run: run('skipped') })).toEqual(codes.map(() => 'skipped'))
})

test('what became scrap later was good here, and is nowhere while the work goes on', () => {
  const pieces = [gone, ...rest]
  const scrappedBy = new Map([['S-1' as LotId, 'run-30' as Id<'OperationRun'>]])
  expect(statesOf({ pieces, scrappedBy, run: run('completed', '4') })[0]).toBe('good')
  expect(statesOf({ pieces, scrappedBy })[0]).toBe('scrapped')
})

test('[EXE-2!] a piece says what it must go through before, and one that is through can be begun with', () => {
  const before = {
    ...run('ready'),
    id: 'run-10' as Id<'OperationRun'>,
    sequence: 10,
    name: 'Cut',
    subjects: ids.slice(1),
  }
  const waiting = { run: run('waiting'), runs: [before, run('waiting')] }
  expect(piecesOf(facts(waiting)).map(({ waitsFor }) => waitsFor)).toEqual([
    ...[[], ...rest.map(() => [{ sequence: 10, name: 'Cut' }])],
  ])
})
