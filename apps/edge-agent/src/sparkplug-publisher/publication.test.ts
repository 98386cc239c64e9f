import { newId } from '@throughline/kernel'
import type { AgentConfiguration, DataType } from '@throughline/model'
import { expect, test } from 'vitest'
import { isOwnAddress, isSameBroker, publicationOf } from './publication.ts'

const own = { url: 'mqtt://127.0.0.1:1883', group: 'Throughline', node: 'edge-1' }

const connection = (name: string, driver: 'opcua' | 'sparkplug', endpoint: string) => ({
  id: newId<'Connection'>(),
  name,
  agent: 'edge-1',
  driver,
  endpoint,
  options: {},
})

const tag = (path: string, source: { connection?: string; address?: string } = {}, dataType: DataType = 'double') => ({
  id: newId<'Tag'>(),
  path,
  dataType,
  rangeLow: null,
  rangeHigh: null,
  deadband: 0,
  writable: false,
  source: { connection: 'cut', address: 'x', scale: 1, offset: 0, sampleMs: 100, staleAfterMs: 5000, ...source },
})

function published(tags: AgentConfiguration['tags']) {
  const connections = [
    connection('cut', 'opcua', 'opc.tcp://127.0.0.1:4840'),
    connection('plant-broker', 'sparkplug', 'mqtt://localhost:1883'),
    connection('other-broker', 'sparkplug', 'mqtts://other:8883'),
  ]
  const { metrics, unpublishable } = publicationOf({ version: '1', connections, tags }, own)
  return { names: metrics.map(({ device, name }) => `${device}:${name}`), unpublishable, metrics }
}

test('each equipment node is a device named by the last level of its path, each tag a metric named by its own', () => {
  const tags = [tag('aurora/bio/br-01/temperature'), tag('aurora/bio/br-01/ph'), tag('aurora/bio/state')]
  expect(published(tags).names).toEqual(['br-01:temperature', 'br-01:ph', 'bio:state'])
  expect(published(tags).metrics[0]).toEqual({
    tag: tags[0]?.id,
    device: 'br-01',
    name: 'temperature',
    dataType: 'double',
  })
})

test.each([
  ['two nodes of one name get their whole paths', ['a/m1/t', 'b/m1/t', 'b/m2/t'], ['a-m1:t', 'b-m1:t', 'm2:t']],
  [
    'a whole path that is another node’s name gets a third form',
    ['a/b/t', 'c/b/t', 'x/a-b/t'],
    ['a:b:t', 'c-b:t', 'x:a-b:t'],
  ],
  ['two whole paths that read alike are told apart', ['a/b-c/d/t', 'a-b/c/d/t'], ['a:b-c:d:t', 'a-b:c:d:t']],
])('%s', (_promise, paths, names) => {
  expect(published(paths.map((path) => tag(path))).names).toEqual(names)
})

test('what is heard from the broker that is published to is not published back, what another broker tells is', () => {
  const tags = [
    tag('a/lay/t', { connection: 'plant-broker', address: 'AERO/LAY/room:t' }),
    tag('a/far/t', { connection: 'other-broker', address: 'AERO/LAY/room:t' }),
  ]
  expect(published(tags).names).toEqual(['far:t'])
})

test('a metric of our own is not published back, whatever its broker is called', () => {
  const tags = [
    tag('a/x/t', { connection: 'other-broker', address: 'Throughline/edge-1/br-01:t' }),
    tag('a/y/t', { connection: 'other-broker', address: 'Throughline/edge-1:t' }),
    tag('a/z/t', { connection: 'other-broker', address: 'Throughline/edge-10/br-01:t' }),
  ]
  expect(published(tags).names).toEqual(['z:t'])
})

test('a path that can name no metric, and one that is there twice, spare the rest and are told', () => {
  const tags = ['alone', 'a/+/t', 'a//t', 'a/b:c/t', 'a/good/t', 'a/good/t', ''].map((path) => tag(path))
  const { names, unpublishable } = published(tags)
  expect(names).toEqual(['good:t'])
  expect(unpublishable).toEqual(['alone', 'a/+/t', 'a//t', 'a/b:c/t', 'a/good/t', ''])
})

test.each([
  ['mqtt://127.0.0.1:1883', 'mqtt://localhost', true],
  ['mqtt://[::1]:1883', 'mqtt://127.0.0.1', true],
  ['mqtts://Broker', 'mqtts://broker:8883', true],
  ['mqtt://broker', 'mqtts://broker', false],
  ['mqtt://broker:1883', 'mqtt://broker:1884', false],
  ['nonsense', 'nonsense', false],
])('%s and %s name one broker: %s', (one, other, isSame) => {
  expect(isSameBroker(one, other)).toBe(isSame)
})

test('an address is our own only with the whole of both ids', () => {
  expect(isOwnAddress('Throughline/edge-1/a:t', own)).toBe(true)
  expect(isOwnAddress('Throughline/edge-1:t', own)).toBe(true)
  expect(isOwnAddress('Throughline/edge-12:t', own)).toBe(false)
  expect(isOwnAddress('Throughline/edge-1', own)).toBe(false)
})
