import type { AgentConfiguration, DataType } from '@throughline/model'

/** As whom and where the agent publishes. */
export interface PublisherIdentity {
  readonly url: string
  readonly group: string
  readonly node: string
}

/** Where one tag is told: as this metric of this device. */
export interface PublishedMetric {
  readonly tag: string
  readonly device: string
  readonly name: string
  readonly dataType: DataType
}

export interface Publication {
  readonly metrics: readonly PublishedMetric[]
  /** Paths of tags that no metric can be named after. */
  readonly unpublishable: readonly string[]
}

type AgentTag = AgentConfiguration['tags'][number]

// A ":" never stands in a level, so ids that are joined by it are unique.
const publishablePath = /^[^+#/:\p{Cc}]+(\/[^+#/:\p{Cc}]+)+$/u

/** What is published of a configuration: every tag but those that are heard from the broker it would be told to. */
export function publicationOf(configuration: AgentConfiguration, own: PublisherIdentity): Publication {
  const byPath = new Map<string, AgentTag>()
  const unpublishable: string[] = []
  for (const tag of configuration.tags) {
    if (isHeardThere(tag, configuration, own)) continue
    if (publishablePath.test(tag.path) && !byPath.has(tag.path)) byPath.set(tag.path, tag)
    else unpublishable.push(tag.path)
  }
  const devices = deviceIds(new Set([...byPath.keys()].map(nodePathOf)))
  const metrics = [...byPath.values()].map(({ id, path, dataType }) => {
    const nodePath = nodePathOf(path)
    const device = devices.get(nodePath) ?? nodePath
    return { tag: id, device, name: path.slice(nodePath.length + 1), dataType }
  })
  return { metrics, unpublishable }
}

/** To publish what the same broker told us would send it round for ever. */
function isHeardThere({ source }: AgentTag, { connections }: AgentConfiguration, own: PublisherIdentity): boolean {
  const connection = connections.find(({ name }) => name === source.connection)
  if (connection?.driver !== 'sparkplug') return false
  // One broker has many names: what is ours by its address came from us whatever the broker is called.
  return isSameBroker(connection.endpoint, own.url) || isOwnAddress(source.address, own)
}

/** Whether a Sparkplug address (`group/node:metric`, `group/node/device:metric`) is one of the publisher's own metrics. */
export function isOwnAddress(address: string, { group, node }: PublisherIdentity): boolean {
  return address.startsWith(`${group}/${node}/`) || address.startsWith(`${group}/${node}:`)
}

export function isSameBroker(one: string, other: string): boolean {
  const place = placeOf(one)
  return place !== undefined && place === placeOf(other)
}

function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname)
  return `${isLoopback ? 'localhost' : hostname.toLowerCase()}:${port || (protocol === 'mqtts:' ? '8883' : '1883')}`
}

const nodePathOf = (tagPath: string): string => tagPath.slice(0, tagPath.lastIndexOf('/'))

/** The last level of each node's path; where two would be equal the whole path, by `-` and if need be by `:`. */
function deviceIds(nodePaths: ReadonlySet<string>): Map<string, string> {
  const forms = [
    (path: string) => path.slice(path.lastIndexOf('/') + 1),
    (path: string) => path.replaceAll('/', '-'),
    (path: string) => path.replaceAll('/', ':'),
  ] as const
  const ids = new Map(Array.from(nodePaths, (path) => [path, forms[0](path)]))
  for (const form of forms.slice(1)) {
    const sharers = [...Map.groupBy(ids, ([, id]) => id).values()].filter((each) => each.length > 1).flat()
    for (const [path] of sharers) ids.set(path, form(path))
  }
  return ids
}
