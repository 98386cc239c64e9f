import { DomainError } from '@throughline/kernel'

/** A metric's place: an edge node's own (`device` null) or a device's. */
export interface MetricAddress {
  readonly group: string
  readonly node: string
  readonly device: string | null
  readonly metric: string
}

// Metric names may hold anything, "/" and ":" too, so the first ":" ends the ids; a ":" inside an id is written %3A.
const form = /^([^/:+#]+)\/([^/:+#]+)(?:\/([^/:+#]+))?:(.+)$/s

/**
 * Reads `group/node:metric` or `group/node/device:metric`.
 * @throws DomainError `invalid` (`sparkplug.address-invalid`)
 */
export function parseAddress(text: string): MetricAddress {
  const [, group, node, device, metric] = form.exec(text) ?? []
  if (group === undefined || node === undefined || metric === undefined) {
    const message = `"${text}" is not <group>/<node>:<metric> or <group>/<node>/<device>:<metric>`
    throw new DomainError('invalid', 'sparkplug.address-invalid', message, { address: text })
  }
  return { group: idFrom(group), node: idFrom(node), device: device === undefined ? null : idFrom(device), metric }
}

/** The one text of an address: what `parseAddress` reads back as the same. */
export function formatAddress({ group, node, device, metric }: MetricAddress): string {
  return `${formatPlace(group, node, device)}:${metric}`
}

/** `group/node` or `group/node/device`: a folder when browsing. */
export function formatPlace(group: string, node: string, device: string | null): string {
  return [group, node, ...(device === null ? [] : [device])].map(idText).join('/')
}

const idText = (id: string): string => id.replaceAll('%', '%25').replaceAll(':', '%3A')

const idFrom = (text: string): string => text.replaceAll(/%3A/gi, ':').replaceAll('%25', '%')
