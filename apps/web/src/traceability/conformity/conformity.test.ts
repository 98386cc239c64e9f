import { DomainError } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { openPointsOf, standingOf } from './conformity-words.ts'

const lot = { id: 'l-1', code: 'S-1' }
const certificate = (number: string, state: string, ...lots: string[]) =>
  ({ number, state, pieces: lots.map((lotId) => ({ lotId })) }) as never

test('[AS-8.6] what blocks a certificate is told thing by thing, and another failure is not taken for it', () => {
  const points = ['S-1 is in quarantine', 'Deviation DEV-1 is open: Scratch']
  const refused = new DomainError('conflict', 'traceability.conformity-open', 'Conformity cannot be stated', { points })
  expect(openPointsOf(refused)).toEqual(points)
  expect(openPointsOf(new DomainError('conflict', 'platform.busy', 'Busy', { points }))).toBeUndefined()
  expect(openPointsOf(new TypeError('no'))).toBeUndefined()
})

test('of each piece it is said on which certificate it stands', () => {
  const draft = certificate('COC-2', 'draft', 'l-1')
  expect(standingOf([], lot)).toBe('S-1 stands on no certificate yet.')
  expect(standingOf([certificate('COC-1', 'released', 'l-9')], lot)).toBe('S-1 stands on no certificate yet.')
  expect(standingOf([draft], lot)).toBe('S-1 stands on COC-2, which nobody has signed yet.')
  expect(standingOf([draft, certificate('COC-1', 'released', 'l-1')], lot)).toBe('S-1 stands on COC-1.')
})
