import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Address } from './address.ts'
import { parseAddress } from './address.ts'
import { addressOf, findNodeId, getNodeId } from './node-id.ts'

const guid = '72962B91-FA75-4AE6-8D28-B404DC7DAF63'

test.each<[string, Address]>([
  ['ns=2;s=BR-01.Temperature', { namespace: 2, identifier: { kind: 'text', value: 'BR-01.Temperature' } }],
  ['ns=2;s=a;b="c";i=3', { namespace: 2, identifier: { kind: 'text', value: 'a;b="c";i=3' } }],
  ['i=2258', { namespace: 0, identifier: { kind: 'number', value: 2258 } }],
  ['ns=65535;i=4294967295', { namespace: 65_535, identifier: { kind: 'number', value: 4_294_967_295 } }],
  [`ns=1;g=${guid}`, { namespace: 1, identifier: { kind: 'guid', value: guid } }],
  ['ns=1;b=AQID', { namespace: 1, identifier: { kind: 'bytes', value: 'AQID' } }],
  ['nsu=urn:vendor:a%3Bb%25;s=T', { namespace: 'urn:vendor:a;b%', identifier: { kind: 'text', value: 'T' } }],
])('%s names one node', (text, expected) => {
  expect(parseAddress(text)).toEqual(expected)
})

test.each([
  ['', 'write ns='],
  ['ns=2', 'none of s=, i=, g= and b='],
  ['ns=-1;s=A', '"-1" is not a namespace index'],
  ['ns=;s=A', '"" is not a namespace index'],
  ['nsu=;s=A', 'URI after nsu= is empty'],
  ['ns=2;i=4294967296', 'not a number from 0'],
  ['ns=2;i=1.5', 'not a number from 0'],
  ['ns=2;g=1234', 'not a GUID'],
  ['ns=2;b=A', 'not base64'],
  ['ns=2;x=A', 'none of s=, i=, g= and b='],
])('"%s" is refused with what is wrong: %s', (text, reason) => {
  expect(() => parseAddress(text)).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      code: 'opcua.address-invalid',
      message: expect.stringContaining(reason),
    }),
  )
})

test('a node id that the browse tells is the address that finds it again', () => {
  for (const text of ['ns=2;s=a;b', 'i=85', 'ns=3;i=7', `ns=1;g=${guid}`, 'ns=1;b=AQID']) {
    expect(addressOf(getNodeId(text, []))).toBe(text)
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 65_535 }), fc.string({ minLength: 1 }), (namespace, name) => {
      const text = `ns=${namespace};s=${name}`
      expect(addressOf(getNodeId(text, []))).toBe(text)
    }),
  )
})

test('a namespace URI follows the server, wherever it keeps that namespace', () => {
  const address = 'nsu=urn:vendor:machine;s=T'
  expect(findNodeId(address, ['http://opcfoundation.org/UA/', 'urn:x', 'urn:vendor:machine'])?.namespace).toBe(2)
  expect(findNodeId(address, ['http://opcfoundation.org/UA/'])).toBeUndefined()
  expect(() => getNodeId(address, [])).toThrow(expect.objectContaining({ kind: 'not-found' }))
})
