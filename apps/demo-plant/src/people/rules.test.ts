import { DomainError } from '@throughline/kernel'
import { expect, test } from 'vitest'
import type { Outcome } from './rules.ts'
import { outcomeOf } from './rules.ts'

const gate = (kind: string, subject: string | null = null, open = false) => ({
  ...{ kind, subject, open, message: 'words', overridable: true, override: null },
})
const closed = (...gates: ReturnType<typeof gate>[]) =>
  new DomainError('conflict', 'execution.gate-closed', 'words', { gates })
const failed = (code: string, kind: DomainError['kind'] = 'conflict') => new DomainError(kind, code, 'words')
const aged = { story: 'E06', code: 'execution.gate-closed', gate: 'out-life', subject: 'PP-1' } as const

test.each<[string, { refused?: typeof aged }, DomainError | undefined, Outcome]>([
  ['an answer is what was to be', {}, undefined, 'done'],
  ['an answer is not, where a refusal was to come', { refused: aged }, undefined, 'unexpected'],
  [
    'the refusal that was to come',
    { refused: aged },
    closed(gate('out-life', 'pp-1'), gate('tool', null, true)),
    'done',
  ],
  ['the same gate of another lot', { refused: aged }, closed(gate('out-life', 'PP-2')), 'unexpected'],
  ['one gate more', { refused: aged }, closed(gate('out-life', 'PP-1'), gate('tool')), 'unexpected'],
  ['a machine that is down', {}, closed(gate('equipment-state')), 'later'],
  ['a held order', {}, closed(gate('order-held'), gate('equipment-state')), 'held'],
  ['a held order at its completion', {}, failed('execution.order-held'), 'held'],
  ['a deviation that is open at the end', {}, failed('execution.order-not-closable'), 'held'],
  ['no server', {}, failed('client.server-unreachable', 'unavailable'), 'again'],
  ['done before a crash, when another version was seen', {}, failed('platform.idempotency-key-reused'), 'done'],
  ['anything else', {}, failed('execution.run-state'), 'unexpected'],
])('%s', (_what, deed, error, outcome) => {
  expect(outcomeOf(deed, error, false)).toBe(outcome)
})

test('right after a start what is done already is no surprise', () => {
  expect(outcomeOf({}, failed('execution.run-state'), true)).toBe('done')
  expect(outcomeOf({}, failed('material.lot-too-little'), true)).toBe('unexpected')
})
