import type { TagSource } from '@throughline/model'
import { PlantModel } from '@throughline/model'
import type { Asset } from '../model/asset.ts'
import type { TagDefinition } from '../model/tag-definition.ts'
import { measuredFields } from '../people/gauges.ts'
import { opcUaName, opcUaNamespace, registers, sparkplugGroup, sparkplugNode } from './addresses.ts'
import type { PlantTag } from './assets.ts'
import { assets, plantTags, protocolOf } from './assets.ts'
import { dataItemId, dataItemOf } from './data-items.ts'

/** Where the product's edge agent finds the plant's protocol servers. */
export interface PlantEndpoints {
  /** Name of the edge agent that dials the plant. */
  readonly agent?: string
  /** `opc.tcp://127.0.0.1:48400` */
  readonly opcUa: string
  /** `tcp://127.0.0.1:15020` */
  readonly modbus: string
  /** `mqtt://127.0.0.1:1883` */
  readonly sparkplug: string
  /** `http://127.0.0.1:15050` */
  readonly mtconnect: string
  /** Devices that tell what they measured; absent = there are none. */
  readonly gauges?: {
    /** The folder of the measuring machine, `file:///drop/cmm-01`. */
    readonly drop: string
    /** The topic of the torque wrench, on the broker of `sparkplug`. */
    readonly topic: string
    /** What the agent needs to hear that topic: user name and password file. */
    readonly topicOptions: Readonly<Record<string, string>>
  }
  /** What the agent's Sparkplug host application needs besides: user name, password file and so on. */
  readonly sparkplugOptions?: Readonly<Record<string, string | number | boolean>>
}

const connectionOf = {
  opcua: 'opcua-plant',
  modbus: 'modbus-plant',
  sparkplug: 'sparkplug-plant',
  mtconnect: 'mtconnect-plant',
} as const

/** OPC UA and Modbus are asked, so they always have something to say. */
const askedMs = 5000
/** A Sparkplug node tells changes only: of a steady value it says nothing, and its death tells the rest. */
const quietMs = 86_400_000

const places = [
  { path: 'Aurora', level: 'enterprise', description: 'Aurora, a maker of composite parts and biologics' },
  { path: 'Aurora/AERO', level: 'site', description: 'Composite structures', timeZone: 'Europe/Berlin' },
  { path: 'Aurora/AERO/Composites', level: 'area', description: 'Lay-up and cure' },
  { path: 'Aurora/AERO/Composites/Material-Store', level: 'work-center', description: 'Frozen prepreg' },
  { path: 'Aurora/AERO/Composites/Cutting', level: 'work-center', description: 'Ply cutting' },
  { path: 'Aurora/AERO/Composites/Lay-Up', level: 'work-center', description: 'Manual lay-up' },
  { path: 'Aurora/AERO/Composites/Curing', level: 'work-center', description: 'Autoclave cure' },
  { path: 'Aurora/AERO/Machining', level: 'area', description: 'Trim and drill' },
  { path: 'Aurora/AERO/Machining/Trim-Drill', level: 'work-center', description: 'Five-axis machining' },
  {
    path: 'Aurora/AERO/Machining/Inspection',
    level: 'work-center',
    description: 'Measuring and ultrasonic inspection',
  },
  { path: 'Aurora/AERO/Machining/Assembly', level: 'work-center', description: 'Fitting of inserts' },
  { path: 'Aurora/AERO/Logistics', level: 'area', description: 'Transport within the site' },
  { path: 'Aurora/AERO/Logistics/Transport', level: 'work-center', description: 'Automated vehicles' },
  { path: 'Aurora/BIO', level: 'site', description: 'Biologics', timeZone: 'Europe/Dublin' },
  { path: 'Aurora/BIO/Upstream', level: 'area', description: 'Cell culture' },
  { path: 'Aurora/BIO/Upstream/Cell-Culture', level: 'work-center', description: 'Fed-batch fermentation' },
  { path: 'Aurora/BIO/Fill-Finish', level: 'area', description: 'Filling and packing' },
  { path: 'Aurora/BIO/Fill-Finish/Filling', level: 'work-center', description: 'Vial filling' },
  { path: 'Aurora/BIO/Utilities', level: 'area', description: 'Clean utilities' },
  { path: 'Aurora/BIO/Utilities/Water', level: 'work-center', description: 'Water for injection' },
  { path: 'Aurora/BIO/Utilities/Air', level: 'work-center', description: 'Air of the clean rooms' },
] as const

/**
 * The whole equipment model of the demo plant: two sites, the classes of its assets, a connection a protocol and the source
 * of every tag, made from the same definitions as the protocol servers.
 * @throws ZodError when an endpoint is not what the schema asks for
 */
export function plantModel(endpoints: PlantEndpoints): PlantModel {
  const agent = endpoints.agent ?? 'edge-1'
  return PlantModel.parse({
    classes: classes(),
    connections: [
      { name: connectionOf.opcua, agent, driver: 'opcua', endpoint: endpoints.opcUa, options: { alarms: true } },
      { name: connectionOf.modbus, agent, driver: 'modbus', endpoint: endpoints.modbus, options: {} },
      { name: connectionOf.mtconnect, agent, driver: 'mtconnect', endpoint: endpoints.mtconnect, options: {} },
      {
        ...{ name: connectionOf.sparkplug, agent, driver: 'sparkplug', endpoint: endpoints.sparkplug },
        options: { group: sparkplugGroup, ...endpoints.sparkplugOptions },
      },
      ...gaugeConnections(agent, endpoints),
    ],
    nodes: [
      ...places,
      ...assets.map((asset) => ({
        ...{ path: `${asset.parent}/${asset.id}`, level: 'work-unit', description: asset.description },
        ...{ class: asset.className, sources: sourcesOf(asset) },
      })),
    ],
  })
}

/** The measuring machine's files and the torque wrench's messages: documents, and no readings of tags. */
function gaugeConnections(agent: string, { sparkplug: endpoint, gauges }: PlantEndpoints) {
  if (gauges === undefined) return []
  const { drop, topic: documents, topicOptions } = gauges
  // Each field is called in the files and messages what it is called here.
  const fields = Object.fromEntries(measuredFields.map((field) => [field, field]))
  const points = { curve: 'points', pointTime: 'points[*].ms', pointUnit: 'ms' }
  return [
    { name: 'cmm-01', agent, driver: 'file', endpoint: drop, options: fields },
    {
      name: 'trq-01',
      agent,
      driver: 'mqtt-json',
      endpoint,
      options: { documents, id: 'id', ...points, ...fields, ...topicOptions },
    },
  ]
}

function classes() {
  const byName = new Map(assets.map((asset) => [asset.className, asset]))
  return [...byName.values()].map((asset) => ({
    ...{ name: asset.className, description: asset.classDescription },
    tags: asset.tags.map(
      ({ lively: _lively, historyEveryMs: _historyEveryMs, protocol: _protocol, ...template }) => template,
    ),
  }))
}

function sourcesOf(asset: Asset): Record<string, TagSource> {
  const own = plantTags.filter((tag) => tag.asset === asset)
  return Object.fromEntries(own.map((tag) => [tag.definition.name, sourceOf(tag)]))
}

function sourceOf(tag: PlantTag): TagSource {
  const protocol = protocolOf(tag)
  const connection = connectionOf[protocol]
  const plain = { connection, scale: 1, offset: 0, staleAfterMs: askedMs }
  switch (protocol) {
    case 'opcua':
      return { ...plain, address: `nsu=${opcUaNamespace};s=${opcUaName(tag)}`, sampleMs: 500 }
    case 'modbus': {
      const found = registers.find((register) => register.tag === tag)
      const kind = found?.type === 'bit' ? '' : `/${found?.type}`
      const address = `${found?.table}/${found?.number}${kind}`
      return { ...plain, address, scale: found?.scale ?? 1, sampleMs: 500 }
    }
    case 'mtconnect':
      return { ...plain, address: dataItemId(tag), scale: dataItemOf(tag.definition).scale, sampleMs: 500 }
    case 'sparkplug': {
      const address = `${sparkplugGroup}/${sparkplugNode}/${tag.asset.id}:${tag.definition.name}`
      return { ...plain, address, sampleMs: 1000, staleAfterMs: staleAfter(tag.definition) }
    }
  }
}

function staleAfter(definition: TagDefinition): number {
  if (!definition.lively) return quietMs
  return definition.dataType === 'int64' ? 5000 : 15_000
}
