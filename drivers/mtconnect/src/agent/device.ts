import { attributesOf, element } from './markup.ts'

/** One data item of a device that an agent shows, in the words of the standard. */
export interface AgentDataItem {
  /** Unique in the whole agent. */
  readonly id: string
  readonly name: string
  readonly category: 'SAMPLE' | 'EVENT' | 'CONDITION'
  /** `EXECUTION`, `PART_COUNT`. */
  readonly type: string
  readonly subType?: string
  readonly units?: string
}

export interface AgentComponent {
  /** Name of the element: `Axes`, `Controller`, `Path`. */
  readonly kind: string
  readonly id: string
  readonly name?: string
  readonly items: readonly AgentDataItem[]
  readonly components?: readonly AgentComponent[]
}

export interface AgentDevice {
  readonly id: string
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly items: readonly AgentDataItem[]
  readonly components: readonly AgentComponent[]
}

/** A data item with the component that it belongs to: what an observation is shown under. */
export interface PlacedItem {
  readonly item: AgentDataItem
  readonly device: AgentDevice
  readonly component: { readonly kind: string; readonly id: string; readonly name: string | undefined }
}

/** Every data item of a device, in the order of the document. */
export function placedItems(device: AgentDevice): PlacedItem[] {
  const own = { kind: 'Device', id: device.id, name: device.name }
  const walk = (component: AgentComponent): PlacedItem[] => {
    const { kind, id, name } = component
    const placed = component.items.map((item) => ({ item, device, component: { kind, id, name } }))
    return [...placed, ...(component.components ?? []).flatMap(walk)]
  }
  return [...device.items.map((item) => ({ item, device, component: own })), ...device.components.flatMap(walk)]
}

export function printDevice(device: AgentDevice): string {
  const { id, uuid, name, description, items, components } = device
  const inside = [element('Description', {}, description), printItems(items), printComponents(components)]
  return `<Device${attributesOf({ id, uuid, name })}>${inside.join('')}</Device>`
}

function printItems(items: readonly AgentDataItem[]): string {
  if (items.length === 0) return ''
  const printed = items.map(({ id, name, category, type, subType, units }) => {
    const attributes = { id, name, category, type, subType, units, nativeUnits: units }
    return `<DataItem${attributesOf(attributes)}/>`
  })
  return `<DataItems>${printed.join('')}</DataItems>`
}

function printComponents(components: readonly AgentComponent[]): string {
  if (components.length === 0) return ''
  const printed = components.map(({ kind, id, name, items, components: inner }) => {
    const inside = printItems(items) + printComponents(inner ?? [])
    return `<${kind}${attributesOf({ id, name })}>${inside}</${kind}>`
  })
  return `<Components>${printed.join('')}</Components>`
}
