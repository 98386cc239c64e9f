import type { Id } from '@throughline/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grantsFor } from './mapping.ts'
import { candidatesFor, signInNameFrom } from './rules.ts'

const north = '019ab000-0000-7000-8000-000000000001' as Id<'EquipmentNode'>
const nodeAt = (path: string) => (path === 'acme/north' ? north : undefined)
const mappings = [
  { value: 'crew', role: 'operator' as const, node: 'acme/north' },
  { value: 'crew-a', role: 'operator' as const, node: 'acme/north' },
  { value: 'boss', role: 'manager' as const },
  { value: 'gone', role: 'engineer' as const, node: 'acme/gone' },
]

test('each word gives its role at its place, once', () => {
  expect(grantsFor(new Set(['crew', 'crew-a', 'boss']), mappings, nodeAt)).toEqual([
    { role: 'operator', nodeId: north },
    { role: 'manager', nodeId: null },
  ])
})

test('[SR-2.1!] a node that the plant does not have gives nothing, above all not the whole plant', () => {
  expect(grantsFor(new Set(['gone']), mappings, nodeAt)).toEqual([])
})

test('words that nobody mapped give nothing', () => {
  expect(grantsFor(new Set(['CREW', 'crew ', '']), mappings, nodeAt)).toEqual([])
})

test('a sign-in name is made of what somebody is called', () => {
  expect(signInNameFrom('Vega.Lyrae@example.com')).toBe('vega.lyrae')
  expect(signInNameFrom('Zoë Müller')).toBe('zoe-muller')
  expect(signInNameFrom('织女星')).toBeUndefined()
  expect([...candidatesFor('vega')].slice(0, 3)).toEqual(['vega', 'vega-2', 'vega-3'])
})

test('whatever somebody is called, the name made of it is a sign-in name or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = signInNameFrom(text)
      expect(name === undefined || /^[a-z0-9][a-z0-9._-]{1,59}$/.test(name)).toBe(true)
    }),
  )
})
