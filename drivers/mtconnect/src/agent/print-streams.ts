import { toIso } from '@throughline/kernel'
import { attributesOf, element, elementName, escaped } from './markup.ts'
import type { BufferedObservation } from './observation-buffer.ts'

const containers = { SAMPLE: 'Samples', EVENT: 'Events', CONDITION: 'Condition' } as const

/** Observations as the body of a document: by device, component and category, in the order given. */
export function printStreams(observations: readonly BufferedObservation[]): string {
  const devices = [...Map.groupBy(observations, (one) => one.placed.device)].map(([{ name, uuid }, ofDevice]) => {
    const components = [...Map.groupBy(ofDevice, (one) => one.placed.component.id)].map(([, own]) =>
      printComponent(own),
    )
    return `<DeviceStream${attributesOf({ name, uuid })}>${components.join('')}</DeviceStream>`
  })
  return `<Streams>${devices.join('')}</Streams>`
}

function printComponent(observations: readonly BufferedObservation[]): string {
  const { kind, id, name } = observations[0]?.placed.component ?? { kind: '', id: '', name: undefined }
  const inside = Object.entries(containers).map(([category, container]) => {
    const own = observations.filter((one) => one.placed.item.category === category)
    return own.length === 0 ? '' : `<${container}>${own.map(printObservation).join('')}</${container}>`
  })
  return `<ComponentStream${attributesOf({ component: kind, name, componentId: id })}>${inside.join('')}</ComponentStream>`
}

function printObservation({ sequence, placed, at, value, assetType }: BufferedObservation): string {
  const { id, name, type, subType, category } = placed.item
  const attributes = { dataItemId: id, name, subType, sequence, timestamp: toIso(at), assetType }
  if (category !== 'CONDITION') {
    return element(elementName(type), attributes, typeof value === 'string' ? value : 'UNAVAILABLE')
  }
  const state = value !== null && typeof value === 'object' ? value : undefined
  const { level = 'Unavailable', nativeCode, qualifier, text = '' } = state ?? {}
  return `<${level}${attributesOf({ ...attributes, type, nativeCode, qualifier })}>${escaped(text)}</${level}>`
}
