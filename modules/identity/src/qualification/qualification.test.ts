import type { Id } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { Qualification } from '@throughline/model'
import { expect, test } from 'vitest'
import { standingOf } from './rules.ts'

const at = fromMs(1_800_000_000_000)
const day = 86_400_000_000
const earned = (change: Partial<Qualification> = {}): Qualification => ({
  id: '0190c0de-0000-7000-8000-000000000001' as Id<'Qualification'>,
  personId: '0190c0de-0000-7000-8000-000000000002' as Id<'Person'>,
  skill: 'NDT-UT-2',
  evidence: 'certificate 4711',
  validFrom: (at - 10 * day) as typeof at,
  validTo: (at + 10 * day) as typeof at,
  onlyFor: null,
  recordedBy: 'supervisor',
  recordedAt: at,
  revoked: null,
  ...change,
})

test.each<[string, Partial<Qualification>, string]>([
  ['within its time', {}, 'held'],
  ['without an end', { validTo: null }, 'held'],
  ['that begins now', { validFrom: at }, 'held'],
  ['that ends now', { validTo: at }, 'expired'],
  ['that begins later', { validFrom: (at + 1) as typeof at }, 'not-yet'],
  ['for another version', { onlyFor: 'WI-CURE@3' }, 'elsewhere'],
  ['revoked before', { revoked: { at, by: 'q', reason: 'lapsed' } }, 'revoked'],
  ['revoked later', { revoked: { at: (at + 1) as typeof at, by: 'q', reason: 'lapsed' } }, 'held'],
  ['for another skill', { skill: 'NDT-PT-2' }, 'missing'],
])('[AS-8.5.1.1!] a qualification %s leaves somebody there: %s', (_words, change, state) => {
  expect(standingOf([earned(change)], 'NDT-UT-2', at).state).toBe(state)
})

test('[AS-8.5.1.1] one that holds is enough, whatever else ran out', () => {
  const several = [earned({ validTo: at }), earned(), earned({ revoked: { at, by: 'q', reason: 'lapsed' } })]
  expect(standingOf(several, 'NDT-UT-2', at).state).toBe('held')
})

test('trained on one version only, it holds for that version only', () => {
  const only = [earned({ onlyFor: 'WI-CURE@3' })]
  expect(standingOf(only, 'NDT-UT-2', at, 'WI-CURE@3').state).toBe('held')
  expect(standingOf(only, 'NDT-UT-2', at, 'WI-CURE@4').state).toBe('elsewhere')
})
