import { modbusDriver } from '@throughline/driver-modbus'
import { mtconnectDriver } from '@throughline/driver-mtconnect'
import { PlantModel } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { plantTags } from './assets.ts'
import { plantModel } from './plant-model.ts'

const endpoints = {
  opcUa: 'opc.tcp://127.0.0.1:48400',
  modbus: 'tcp://127.0.0.1:15020',
  mtconnect: 'http://127.0.0.1:15050',
  sparkplug: 'mqtt://127.0.0.1:1883',
  gauges: { drop: 'file:///drop/cmm-01', topic: 'demo/trq-01', topicOptions: {} },
  sparkplugOptions: { hostId: 'edge-1' },
}

describe('the equipment model of the plant', () => {
  const model = plantModel(endpoints)

  test('is a valid document, also after a journey through JSON', () => {
    expect(PlantModel.parse(JSON.parse(JSON.stringify(model)))).toEqual(model)
  })

  test('places parents before children, under one enterprise with two sites', () => {
    const known = new Set<string>()
    for (const node of model.nodes) {
      const parent = node.path.split('/').slice(0, -1).join('/')
      if (parent !== '') expect(known, node.path).toContain(parent)
      known.add(node.path)
    }
    expect(model.nodes.filter((node) => node.level === 'enterprise')).toHaveLength(1)
    const sites = model.nodes.filter((node) => node.level === 'site')
    expect(sites.map((site) => site.timeZone)).toEqual(['Europe/Berlin', 'Europe/Dublin'])
  })

  test('names a source on a known connection for every tag of every asset', () => {
    const connections = new Set(model.connections.map((connection) => connection.name))
    const paths: string[] = []
    for (const node of model.nodes) {
      if (node.class === undefined) continue
      const tags = model.classes.find((each) => each.name === node.class)?.tags ?? []
      expect(Object.keys(node.sources).sort()).toEqual(tags.map((tag) => tag.name).sort())
      for (const source of Object.values(node.sources)) expect(connections).toContain(source?.connection)
      paths.push(...tags.map((tag) => `${node.path}/${tag.name}`.toLowerCase()))
    }
    expect(paths.sort()).toEqual(plantTags.map((tag) => tag.path).sort())
  })

  test('gives every address once, in the form of its driver', () => {
    const sources = model.nodes.flatMap((node) => Object.values(node.sources)).filter((source) => source !== null)
    expect(new Set(sources.map((source) => `${source.connection} ${source.address}`)).size).toBe(plantTags.length)
    for (const { connection, address } of sources) {
      if (connection === 'modbus-plant') expect(() => modbusDriver.checkAddress(address)).not.toThrow()
      if (connection === 'mtconnect-plant') expect(() => mtconnectDriver.checkAddress(address)).not.toThrow()
      if (connection === 'opcua-plant')
        expect(address).toMatch(/^nsu=urn:throughline:demo-plant;s=[A-Z]{2,3}-\d+\.\w+$/)
      if (connection === 'sparkplug-plant') expect(address).toMatch(/^AERO\/GW-01\/[A-Z]+-\d+:\w+$/)
    }
  })

  test('refuses an empty endpoint', () => {
    expect(() => plantModel({ ...endpoints, modbus: '' })).toThrow(/endpoint/)
  })
})
