import type { TagDefinition } from '../model/tag-definition.ts'
import type { PlantTag } from './assets.ts'
import { tagsOf } from './assets.ts'

/** The namespace of the plant's OPC UA server; its index is 1 on a fresh server, so addresses name the URI instead. */
export const opcUaNamespace = 'urn:throughline:demo-plant'

/** Alarms that the filling line's controller raises itself, by what the line says why it stands. */
export const opcUaAlarms = [
  { reason: 'Jam', name: 'Jam', message: 'Vials jam at the infeed' },
  { reason: 'No vials', name: 'NoVials', message: 'No vials from the tunnel' },
] as const

/** What the product calls an alarm of the filling line, from its connection on. */
export const opcUaAlarmSource = (name: (typeof opcUaAlarms)[number]['name']): string =>
  `opcua-plant/nsu=${opcUaNamespace};s=FIL-01.Alarms.${name}`

/** The Sparkplug group and edge node of the shop-floor gateway; every asset behind it is a device. */
export const sparkplugGroup = 'AERO'
export const sparkplugNode = 'GW-01'

/** String node id of a variable, without its namespace: `CUT-01.State`. */
export function opcUaName(tag: PlantTag): string {
  return `${tag.asset.id}.${tag.definition.name}`
}

/** Where a tag stands in the register map. */
export interface Register {
  readonly tag: PlantTag
  readonly table: 'input' | 'holding' | 'discrete'
  readonly number: number
  readonly type: 'int16' | 'float32' | 'int64' | 'bit'
  /** Engineering value = raw × scale. */
  readonly scale: number
}

const width = { int16: 1, float32: 2, int64: 4, bit: 1 } as const
/** Each asset has a hundred addresses in each table. */
const span = 100

/** The register map of all assets on Modbus: a hundred addresses an asset and table, in the order of their tags. */
export const registers: readonly Register[] = layOut()

function layOut(): Register[] {
  const next = new Map<string, number>()
  const ids: string[] = []
  return tagsOf('modbus').map((tag) => {
    if (!ids.includes(tag.asset.id)) ids.push(tag.asset.id)
    const type = typeOf(tag.definition)
    const table = type === 'bit' ? 'discrete' : tag.definition.writable ? 'holding' : 'input'
    const key = `${tag.asset.id}/${table}`
    const number = next.get(key) ?? ids.indexOf(tag.asset.id) * span
    next.set(key, number + width[type])
    return { tag, table, number, type, scale: type === 'int16' ? 10 ** -tag.definition.decimals : 1 }
  })
}

/** One decimal or none fits a 16-bit word, as most field devices do it; finer values are floats. */
function typeOf(definition: TagDefinition): Register['type'] {
  if (definition.dataType === 'boolean') return 'bit'
  if (definition.dataType === 'int64') return 'int64'
  return definition.decimals <= 1 && (definition.rangeHigh ?? Infinity) <= 3000 ? 'int16' : 'float32'
}
