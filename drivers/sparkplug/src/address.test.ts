import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from './address.ts'

test.each([
  ['AERO/LAY:temp', { group: 'AERO', node: 'LAY', device: null, metric: 'temp' }],
  ['AERO/LAY/room:air/temp: 1', { group: 'AERO', node: 'LAY', device: 'room', metric: 'air/temp: 1' }],
  ['a%3Ab/c:m', { group: 'a:b', node: 'c', device: null, metric: 'm' }],
])('%s names its parts', (text, address) => {
  expect(parseAddress(text)).toEqual(address)
  expect(formatAddress(address)).toBe(text)
})

test('every address is read back as it was written, whatever its names hold', () => {
  const id = fc.string({ minLength: 1 }).filter((text) => !/[+/#]/.test(text))
  const address = fc.record({ group: id, node: id, device: fc.option(id), metric: fc.string({ minLength: 1 }) })
  fc.assert(
    fc.property(address, (each) => {
      expect(parseAddress(formatAddress(each))).toEqual(each)
    }),
  )
})
