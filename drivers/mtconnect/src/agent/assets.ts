import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import { attributesOf } from './markup.ts'

/** A cutting tool, a file, a fixture: what is not part of the machine and has a life of its own. */
export interface AgentAsset {
  readonly assetId: string
  /** Name of the element: `CuttingTool`. */
  readonly kind: string
  readonly deviceUuid: string
  /** Further attributes of the element. */
  readonly attributes: Readonly<Record<string, string>>
  /** What stands in the element, as XML. */
  readonly content: string
}

interface Kept extends AgentAsset {
  readonly at: Instant
  readonly removed: boolean
}

/** The assets of an agent, the longest unchanged ones thrown away first when there are too many. */
export class AssetStore {
  readonly capacity = 1024
  readonly #assets = new Map<string, Kept>()

  get count(): number {
    return [...this.#assets.values()].filter((asset) => !asset.removed).length
  }

  put(asset: AgentAsset, at: Instant): void {
    this.#keep({ ...asset, at, removed: false })
  }

  /** False when there is no such asset. */
  remove(assetId: string, at: Instant): boolean {
    const asset = this.find(assetId)
    if (asset === undefined) return false
    this.#keep({ ...asset, at, removed: true })
    return true
  }

  find(assetId: string): Kept | undefined {
    const asset = this.#assets.get(assetId)
    return asset?.removed ? undefined : asset
  }

  list(): readonly Kept[] {
    return [...this.#assets.values()].filter((asset) => !asset.removed)
  }

  #keep(asset: Kept): void {
    this.#assets.delete(asset.assetId)
    this.#assets.set(asset.assetId, asset)
    const [oldest] = this.#assets.keys()
    if (this.#assets.size > this.capacity && oldest !== undefined) this.#assets.delete(oldest)
  }
}

export function printAsset({ assetId, kind, deviceUuid, attributes, content, at }: Kept): string {
  const all = { ...attributes, assetId, timestamp: toIso(at), deviceUuid }
  return `<${kind}${attributesOf(all)}>${content}</${kind}>`
}
