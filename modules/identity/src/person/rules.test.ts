import type { Id, Instant } from '@throughline/kernel'
import { parseInstant, toIso } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { assertAdministratorRemains, assertGrantsForPerson, assertNotDisabled, linkExpiry } from './rules.ts'

const ada = { id: 'a' as Id<'Person'>, name: 'ada' }

test('a link made now works for 72 hours', () => {
  expect(toIso(linkExpiry(parseInstant('2026-11-22T08:00:00Z') as Instant))).toBe('2026-11-25T08:00:00.000000Z')
})

test('[SR-1.3!] the only administrator of the plant stays; one of two may go, and so may anybody else', () => {
  expect(() => assertAdministratorRemains(ada, ['a'])).toThrow('ada is the only active administrator')
  assertAdministratorRemains(ada, ['a', 'b'])
  assertAdministratorRemains(ada, ['b'])
  assertAdministratorRemains(ada, [])
})

test('a disabled person is refused by name', () => {
  expect(() => assertNotDisabled({ name: 'ada', state: 'disabled' })).toThrow('ada is disabled')
  assertNotDisabled({ name: 'ada', state: 'invited' })
})

test('people hold no role of software, and no role twice at one place', () => {
  const node = '019ab000-0000-7000-8000-000000000001' as Id<'EquipmentNode'>
  expect(() => assertGrantsForPerson([{ role: 'edge-agent', nodeId: null }])).toThrow('machine account')
  const twice = { role: 'operator', nodeId: node } as const
  expect(() => assertGrantsForPerson([twice, { ...twice }])).toThrow('operator is given twice')
  assertGrantsForPerson([twice, { role: 'operator', nodeId: null }])
})
