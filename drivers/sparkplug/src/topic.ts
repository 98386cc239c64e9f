import { DomainError } from '@throughline/kernel'

/** The namespace of Sparkplug B, fixed by the specification. */
export const namespace = 'spBv1.0'

const nodeMessages = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'] as const
const deviceMessages = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const

export type NodeMessage = (typeof nodeMessages)[number]
export type DeviceMessage = (typeof deviceMessages)[number]

/** Where a message comes from; `device` is null for the edge node itself. */
export interface Topic {
  readonly group: string
  readonly node: string
  readonly device: string | null
  readonly message: NodeMessage | DeviceMessage
}

export const nodeTopic = (group: string, message: NodeMessage, node: string): string =>
  `${namespace}/${group}/${message}/${node}`

export const deviceTopic = (group: string, message: DeviceMessage, node: string, device: string): string =>
  `${namespace}/${group}/${message}/${node}/${device}`

export const stateTopic = (hostId: string): string => `${namespace}/STATE/${hostId}`

/** Reads a topic; `undefined` when it is none of an edge node's or device's. */
export function parseTopic(topic: string): Topic | undefined {
  const [first, group, message, node, device, ...rest] = topic.split('/')
  if (first !== namespace || !group || !node || rest.length > 0) return undefined
  const nodeMessage = nodeMessages.find((each) => each === message)
  if (nodeMessage) return device === undefined ? { group, node, device: null, message: nodeMessage } : undefined
  const deviceMessage = deviceMessages.find((each) => each === message)
  return deviceMessage && device ? { group, node, device, message: deviceMessage } : undefined
}

/**
 * Refuses an id that cannot stand in a topic.
 * @throws DomainError `invalid` (`sparkplug.id-invalid`)
 */
export function assertId(what: string, id: string): void {
  if (id !== '' && !/[+/#]/.test(id) && !id.includes('\0')) return
  const text = `${what} "${id}" must not be empty and must not hold + / or #`
  throw new DomainError('invalid', 'sparkplug.id-invalid', text, { what, id })
}
