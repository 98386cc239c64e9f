import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowseItem, Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import type { DataType, SampleValue } from '@throughline/model'
import { qualityOf } from '@throughline/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { opcuaDriver } from './index.ts'
import type { OpcUaTestServer } from './testing/server.ts'
import { startOpcUaServer, testAddressOf } from './testing/server.ts'

let home: string
let server: OpcUaTestServer
let driver: Driver

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'throughline-opcua-'))
  server = await startOpcUaServer({
    port: 0,
    homeDir: home,
    variables: {
      Float: { dataType: 'Float', value: 0, writable: true },
      Int16: { dataType: 'Int16', value: 0, writable: true },
      UInt32: { dataType: 'UInt32', value: 0, writable: true },
      UInt64: { dataType: 'UInt64', value: 0n, writable: true },
      Label: { dataType: 'LocalizedText', value: '', writable: true },
      Due: { dataType: 'DateTime', value: '2026-01-01T00:00:00.000Z', writable: true },
    },
  })
  driver = opcuaDriver.create({
    name: 'plc',
    endpoint: server.endpoint,
    options: {},
    clock: systemClock,
    homeDir: home,
  })
  await driver.connect(new ListenerRecorder())
})
afterAll(async () => {
  await driver.close()
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

function tagOf(path: string, dataType: DataType): DriverTag {
  return { tag: path, address: testAddressOf(path), dataType, sampleMs: 100 }
}

test.each<[string, DataType, SampleValue]>([
  ['Float', 'double', 0.5],
  ['Int16', 'int64', -32_768n],
  ['Int16', 'double', 12],
  ['UInt32', 'int64', 4_294_967_295n],
  ['UInt64', 'int64', 2n ** 53n + 1n],
  ['Label', 'string', 'Füllen'],
  ['Due', 'string', '2026-11-22T11:47:03.123Z'],
])('a %s takes a %s in its own type and reads it back', async (path, dataType, value) => {
  const { status, readBack } = await driver.write(tagOf(path, dataType), value)
  expect(status).toBe(0)
  expect(readBack).toMatchObject({ tag: path, value, status: 0 })
})

test.each<[string, DataType, SampleValue]>([
  ['Int16', 'int64', 32_768n],
  ['Int16', 'double', 1.5],
  ['UInt64', 'int64', -1n],
  ['Float', 'double', 1e300],
  ['Due', 'string', 'tomorrow'],
])('a %s refuses %s %s before anything is sent', async (path, dataType, value) => {
  const tag = tagOf(path, dataType)
  const [before] = await driver.read([tag])
  await expect(driver.write(tag, value)).rejects.toMatchObject({
    kind: 'invalid',
    code: 'opcua.value-invalid',
    message: expect.stringContaining(tag.address),
  })
  expect((await driver.read([tag]))[0]).toMatchObject({ value: before?.value })
})

test('a write to a node that is not there comes back bad, and one to an unknown namespace is not found', async () => {
  const { status, readBack } = await driver.write(tagOf('Nothing', 'double'), 1)
  expect(qualityOf(status)).toBe('bad')
  expect(readBack).toMatchObject({ value: null })
  const elsewhere = { ...tagOf('x', 'double'), address: 'nsu=urn:nowhere;s=T' }
  await expect(driver.write(elsewhere, 1)).rejects.toMatchObject({ kind: 'not-found' })
})

test("the browse sees through a server's own data types to what a tag can hold", async () => {
  const found = new Map<string, BrowseItem>()
  // Server.ServerStatus is on every server: an enumeration, a subtype of DateTime, a structure.
  for await (const item of driver.browse('i=2256')) found.set(item.name, item)
  expect(found.get('State')).toMatchObject({ kind: 'variable', dataType: 'int64', address: 'i=2259' })
  expect(found.get('StartTime')).toMatchObject({ dataType: 'string' })
  expect(found.get('BuildInfo')).toMatchObject({ dataType: null })
})

test('a session that is open refuses a second connect, and a closed one can be opened again', async () => {
  await expect(driver.connect(new ListenerRecorder())).rejects.toMatchObject({ kind: 'conflict' })
  await driver.close()
  await driver.connect(new ListenerRecorder())
  expect(await driver.read([tagOf('Label', 'string')])).toHaveLength(1)
})
