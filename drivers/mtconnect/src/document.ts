import type { Instant } from '@throughline/kernel'
import { agentRefused, malformed } from './failure.ts'
import { parseTimestamp } from './timestamp.ts'
import type { XmlElement } from './xml.ts'

/** What every answer says about the agent's buffer. */
export interface StreamHeader {
  readonly instanceId: string
  readonly firstSequence: number
  /** Where the next question must begin. */
  readonly nextSequence: number
  readonly lastSequence: number
  /** How many observations the agent keeps; it refuses to be asked for more. Infinity when it does not say. */
  readonly bufferSize: number
}

/** One observation of one data item, as it stands in the document. */
export interface Observation {
  readonly dataItemId: string
  /** Name of the element: `Position`, `Fault`, `VariableDataSet`. */
  readonly element: string
  readonly isCondition: boolean
  readonly sequence: number
  /** Undefined when the time cannot be read. */
  readonly at: Instant | undefined
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  /** Entries of a data set or table. */
  readonly entries: readonly XmlElement[]
}

export interface StreamsDocument {
  readonly header: StreamHeader
  /** By sequence. */
  readonly observations: readonly Observation[]
  /** Observations that could not be told apart from others: what is wrong with them. */
  readonly problems: readonly string[]
}

/** A part of a device, or the device itself. */
export interface Component {
  readonly id: string
  readonly name: string
  readonly items: readonly DataItem[]
  readonly components: readonly Component[]
}

export interface Device extends Component {
  readonly uuid: string
}

/** What a device says it measures. */
export interface DataItem {
  readonly id: string
  readonly name: string | null
  /** `SAMPLE`, `EVENT` or `CONDITION`. */
  readonly category: string
  readonly type: string
  readonly units: string | null
  readonly representation: string
}

export interface DevicesDocument {
  readonly instanceId: string
  readonly devices: readonly Device[]
}

/** @throws DomainError when it is an error document or none of streams */
export function readStreams(root: XmlElement): StreamsDocument {
  const header = headerOf(root, 'MTConnectStreams')
  const observations: Observation[] = []
  const problems: string[] = []
  for (const streams of childrenOf(root, 'Streams')) collect(streams, '', observations, problems)
  observations.sort((a, b) => a.sequence - b.sequence)
  return {
    header: {
      instanceId: required(header, 'instanceId'),
      firstSequence: wholeOf(header, 'firstSequence'),
      nextSequence: wholeOf(header, 'nextSequence'),
      lastSequence: wholeOf(header, 'lastSequence'),
      bufferSize: header.attributes['bufferSize'] === undefined ? Infinity : wholeOf(header, 'bufferSize'),
    },
    observations,
    problems,
  }
}

/** Whatever has a data item's id is an observation, in whatever namespace; vendors add elements of their own. */
function collect(element: XmlElement, container: string, into: Observation[], problems: string[]): void {
  for (const child of element.children) {
    const { dataItemId, sequence, timestamp } = child.attributes as Partial<Record<string, string>>
    if (dataItemId === undefined) {
      collect(child, child.name, into, problems)
      continue
    }
    const number = Number(sequence)
    if (sequence === undefined || !/^\d+$/.test(sequence) || !Number.isSafeInteger(number)) {
      problems.push(`${child.name} of ${dataItemId} has the sequence "${sequence ?? ''}"`)
      continue
    }
    into.push({
      ...{ dataItemId, element: child.name, isCondition: container === 'Condition', sequence: number },
      ...{ at: parseTimestamp(timestamp ?? ''), attributes: child.attributes, text: child.text },
      entries: childrenOf(child, 'Entry'),
    })
  }
}

/** @throws DomainError when it is an error document or none of devices */
export function readDevices(root: XmlElement): DevicesDocument {
  const header = headerOf(root, 'MTConnectDevices')
  const devices = childrenOf(root, 'Devices').flatMap((list) => list.children)
  return {
    instanceId: required(header, 'instanceId'),
    devices: devices.map((device) => ({ ...componentOf(device), uuid: device.attributes['uuid'] ?? '' })),
  }
}

function componentOf(element: XmlElement): Component {
  const { id, name } = element.attributes as Partial<Record<string, string>>
  return {
    id: id ?? name ?? element.name,
    name: name ?? element.name,
    items: childrenOf(element, 'DataItems').flatMap((list) => list.children.flatMap(dataItemOf)),
    components: childrenOf(element, 'Components').flatMap((list) => list.children.map(componentOf)),
  }
}

function dataItemOf({ attributes }: XmlElement): DataItem[] {
  const { id, name, category, type, units, representation } = attributes as Partial<Record<string, string>>
  if (id === undefined) return []
  return [
    {
      ...{ id, name: name ?? null, category: category ?? '', type: type ?? '' },
      ...{ units: units ?? null, representation: representation ?? 'VALUE' },
    },
  ]
}

/**
 * The assets of an answer as JSON text each, by id.
 * @throws DomainError when it is an error document or none of assets
 */
export function readAssets(
  root: XmlElement,
): ReadonlyMap<string, { readonly json: string; readonly at: Instant | undefined }> {
  headerOf(root, 'MTConnectAssets')
  const assets = childrenOf(root, 'Assets').flatMap((list) => list.children)
  return new Map(
    assets.map((asset) => {
      const at = parseTimestamp(asset.attributes['timestamp'] ?? '')
      return [asset.attributes['assetId'] ?? '', { json: JSON.stringify(plain(asset)), at }]
    }),
  )
}

interface PlainElement {
  readonly element: string
  readonly text?: string
  readonly children?: readonly PlainElement[]
  readonly [attribute: string]: unknown
}

function plain({ name, attributes, children, text }: XmlElement): PlainElement {
  return {
    ...attributes,
    element: name,
    ...(text === '' ? {} : { text }),
    ...(children.length === 0 ? {} : { children: children.map(plain) }),
  }
}

/** The header of a document of this kind; what the agent says against the request is thrown. */
function headerOf(root: XmlElement, kind: string): XmlElement {
  if (root.name === 'MTConnectError') throw errorOf(root)
  if (root.name !== kind) throw malformed(`it is ${root.name}, not ${kind}`)
  const [header] = childrenOf(root, 'Header')
  if (header === undefined) throw malformed('it has no Header')
  return header
}

/** Errors stand in `Errors` (one each since 1.1, by element name since 2.5) or alone. */
function errorOf(root: XmlElement): Error {
  const errors = root.children.flatMap((child) => (child.name === 'Errors' ? child.children : [child]))
  const told = errors.filter((error) => error.attributes['errorCode'] !== undefined)
  const texts = told.map((error) => error.text || (childrenOf(error, 'ErrorMessage')[0]?.text ?? ''))
  return agentRefused(
    told.length === 0 ? ['unknown'] : told.map((error) => error.attributes['errorCode'] ?? ''),
    texts.join('; ').slice(0, 300),
  )
}

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name)
}

function required(header: XmlElement, name: string): string {
  const value = header.attributes[name]
  if (value === undefined) throw malformed(`its Header has no ${name}`)
  return value
}

function wholeOf(header: XmlElement, name: string): number {
  const text = required(header, name)
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw malformed(`its Header says ${name}="${text}"`)
  return value
}
