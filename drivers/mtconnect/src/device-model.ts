import type { BrowseItem } from '@throughline/edge'
import type { DataType } from '@throughline/model'
import type { Component, DataItem, Device } from './document.ts'

/** Which data items the devices of an agent have, and what they are called. */
export class DeviceModel {
  readonly #devices: readonly Device[]
  readonly #components = new Map<string, Component>()
  /** Where a browse finds each component: its id, or a made-up word where the maker gave one id to two. */
  readonly #places = new Map<Component, string>()
  /** Ids by the words that mean them: `id`, `name`, `device/id`, `device/name`. The first of its name wins. */
  readonly #ids = new Map<string, string>()

  constructor(devices: readonly Device[]) {
    this.#devices = devices
    for (const device of devices) this.#learnIds(device, device)
    for (const device of devices) this.#learnNames(device, device)
  }

  /** The data item's id. */
  idOf(device: string | null, item: string): string | undefined {
    return this.#ids.get(device === null ? item : `${device}/${item}`)
  }

  /** The children of a component, by its id; of the agent itself with null. Empty when there is none of that id. */
  browse(address: string | null): BrowseItem[] {
    if (address === null) return this.#devices.map((device) => this.#folderOf(device))
    const component = this.#components.get(address)
    if (component === undefined) return []
    return [...component.items.flatMap(variablesOf), ...component.components.map((inner) => this.#folderOf(inner))]
  }

  #folderOf(component: Component): BrowseItem {
    const address = this.#places.get(component) ?? component.id
    return { address, name: component.name, kind: 'folder', dataType: null, writable: false }
  }

  #learnIds(device: Device, component: Component): void {
    const place = this.#components.has(component.id) ? `${component.id}~${this.#components.size}` : component.id
    this.#components.set(place, component)
    this.#places.set(component, place)
    for (const { id } of component.items) this.#learn(device, id, id)
    for (const inner of component.components) this.#learnIds(device, inner)
  }

  #learnNames(device: Device, component: Component): void {
    for (const { id, name } of component.items) if (name !== null) this.#learn(device, name, id)
    for (const inner of component.components) this.#learnNames(device, inner)
  }

  #learn(device: Device, word: string, id: string): void {
    for (const key of [word, `${device.name}/${word}`, `${device.uuid}/${word}`]) {
      if (!this.#ids.has(key)) this.#ids.set(key, id)
    }
  }
}

function variablesOf(item: DataItem): BrowseItem[] {
  const name = item.name ?? item.type
  const value: BrowseItem = {
    ...{ address: item.id, name, kind: 'variable', dataType: dataTypeOf(item), writable: false },
  }
  if (item.category !== 'CONDITION') return [value]
  return [value, { ...value, address: `${item.id}@active`, name: `${name} (active)` }]
}

/** Events whose values are whole numbers by their definition (MTConnect Part 2). */
const counts = new Set([
  'PART_COUNT',
  'LINE',
  'LINE_NUMBER',
  'TOOL_CUTTING_ITEM',
  'HARDNESS',
  'BLOCK_COUNT',
  'LOAD_COUNT',
])

/** An agent tells texts only: what they stand for follows from the definition of the data item. */
function dataTypeOf({ category, type, units, representation }: DataItem): DataType {
  if (representation !== 'VALUE' && representation !== 'DISCRETE') return 'string'
  if (category === 'SAMPLE') return units?.endsWith('_3D') ? 'string' : 'double'
  if (category === 'EVENT' && counts.has(type)) return 'int64'
  return category === 'EVENT' && units !== null && !units.endsWith('_3D') ? 'double' : 'string'
}
