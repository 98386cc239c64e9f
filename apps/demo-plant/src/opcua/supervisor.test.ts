import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { opcuaDriver } from '@throughline/driver-opcua'
import { ListenerRecorder } from '@throughline/edge/contract'
import { systemClock } from '@throughline/kernel'
import type { ClientSession } from 'node-opcua'
import { AttributeIds, DataType, OPCUACertificateManager, OPCUAClient, StatusCodes } from 'node-opcua'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { toSampleValue } from '../backfill/history.ts'
import { opcUaAlarmSource, opcUaName, opcUaNamespace } from '../plant/addresses.ts'
import { plantTags, tagsOf } from '../plant/assets.ts'
import { Simulator } from '../simulator.ts'
import { OpcUaServerSupervisor } from './supervisor.ts'

const epochMs = Date.parse('2026-03-01T12:00:00Z')
const wait = { timeout: 25_000, interval: 50 }

const homeDir = mkdtempSync(join(tmpdir(), 'demo-opcua-'))

describe('the OPC UA server in its own process', () => {
  const simulator = new Simulator({ seed: 1, epochMs, truth: { write: () => {} } })
  for (let i = 1; i <= 60; i++) simulator.advance(epochMs + i * 1000)
  const log: string[] = []
  const present = () =>
    simulator.values().map((value, tag) => [tag, toSampleValue(tag, value), simulator.atMs] as const)
  const server = new OpcUaServerSupervisor({
    ...{ port: 0, homeDir, restartAfterMs: 100, present, log: (line) => log.push(line) },
    onWrite: (tag, value) => {
      const target = plantTags[tag]
      return target !== undefined && typeof value === 'number' && simulator.write(target, value)
    },
  })

  beforeAll(async () => await server.start())
  afterAll(async () => {
    await server.stop()
    rmSync(homeDir, { recursive: true, force: true })
  })

  test('shows every OPC UA tag of the plant with value, type, good status and the source time of the plant', async () => {
    await withSession(server.endpoint, async (session, namespace) => {
      const tags = tagsOf('opcua')
      const read = await session.read(tags.map((tag) => ({ nodeId: `ns=${namespace};s=${opcUaName(tag)}` })))
      const values = present()
      for (const [i, tag] of tags.entries()) {
        const got = read[i]
        expect(got?.statusCode, tag.path).toBe(StatusCodes.Good)
        expect(got?.sourceTimestamp?.getTime(), tag.path).toBe(simulator.atMs)
        const expected = values[tag.index]?.[1]
        if (typeof expected === 'bigint') expect(got?.value.value, tag.path).toEqual([0, Number(expected)])
        else expect(got?.value.value, tag.path).toBe(expected)
      }
      expect(tags.length).toBeGreaterThan(70)
    })
  })

  test('takes a set-point that the plant accepts, and refuses one outside its range and a read-only tag', async () => {
    await withSession(server.endpoint, async (session, namespace) => {
      const write = async (name: string, value: number) =>
        await session.write({
          ...{ nodeId: `ns=${namespace};s=${name}`, attributeId: AttributeIds.Value },
          value: { value: { dataType: DataType.Double, value } },
        })
      expect(await write('FIL-01.MachineSpeedSetPoint', 100)).toBe(StatusCodes.Good)
      expect(simulator.values()[indexOf('FIL-01', 'MachineSpeedSetPoint')]).toBe(100)
      expect(await write('FIL-01.MachineSpeedSetPoint', 100_000)).toBe(StatusCodes.BadOutOfRange)
      expect((await write('FIL-01.MachineSpeed', 5)).name).toMatch(/^Bad/)
      const back = await session.read({ nodeId: `ns=${namespace};s=FIL-01.MachineSpeedSetPoint` })
      expect(back.value.value).toBe(100)
    })
  })

  test('raises alarms of its own while the line stands for what an operator clears, and lists them until acknowledged', async () => {
    const options = { alarms: true }
    const driver = opcuaDriver.create({ name: 'line', endpoint: server.endpoint, options, clock: systemClock, homeDir })
    const heard = new ListenerRecorder()
    const until = async (active: boolean, acknowledged: boolean) => {
      await vi.waitFor(() => expect(heard.alarmReports.at(-1)).toMatchObject({ active, acknowledged }), wait)
      return heard.alarmReports.at(-1)
    }
    const stand = (reason: string) => server.put([[indexOf('FIL-01', 'StopReason'), reason, simulator.atMs]])
    try {
      await driver.connect(heard)
      stand('Jam')
      const raised = await until(true, false)
      expect(opcUaAlarmSource('Jam')).toBe(`opcua-plant/${raised?.condition}`)
      expect(raised?.message).toBe('Vials jam at the infeed')
      stand('')
      const ended = await until(false, false)
      await driver.acknowledge?.(ended?.condition ?? '', ended?.handle ?? '', 'cleared')
      await until(false, true)
    } finally {
      await driver.close()
    }
  })

  test('killed three times, it comes back at the same port with the same address space, and values flow again', async () => {
    const { endpoint } = server
    for (let round = 0; round < 3; round++) {
      const { pid } = server
      expect(pid).toBe(Number(readFileSync(join(homeDir, 'opcua-server.pid'), 'utf8')))
      if (pid === undefined) throw new Error('the server has no process')
      process.kill(pid, 'SIGKILL')
      await vi.waitUntil(() => server.pid !== undefined && server.pid !== pid, wait)
      expect(server.endpoint).toBe(endpoint)
      await withSession(endpoint, async (session, namespace) => {
        const life = { nodeId: `ns=${namespace};s=CUT-01.LifeCount` }
        const missing = await session.read({ nodeId: `ns=${namespace};s=CUT-01.Nothing` })
        expect(missing.statusCode).toBe(StatusCodes.BadNodeIdUnknown)
        server.put([[indexOf('CUT-01', 'LifeCount'), 900n + BigInt(round), simulator.atMs + round]])
        await vi.waitUntil(async () => (await session.read(life)).value.value[1] === 900 + round, wait)
        const shown = await session.read(
          tagsOf('opcua').map((tag) => ({ nodeId: `ns=${namespace};s=${opcUaName(tag)}` })),
        )
        expect(shown.every((value) => value.statusCode === StatusCodes.Good)).toBe(true)
      })
    }
    expect(log.filter((line) => line.includes('SIGKILL'))).toHaveLength(3)
  }, 90_000)
})

function indexOf(asset: string, name: string): number {
  return plantTags.findIndex((tag) => tag.asset.id === asset && tag.definition.name === name)
}

async function withSession(endpoint: string, work: (session: ClientSession, namespace: number) => Promise<void>) {
  const client = OPCUAClient.create({
    ...{ endpointMustExist: false, connectionStrategy: { maxRetry: 20, initialDelay: 100 } },
    clientCertificateManager: new OPCUACertificateManager({ rootFolder: join(homeDir, 'client-pki') }),
  })
  await client.connect(endpoint)
  try {
    const session = await client.createSession()
    const namespaces = await session.readNamespaceArray()
    await work(session, namespaces.indexOf(opcUaNamespace))
    await session.close()
  } finally {
    await client.disconnect()
  }
}
