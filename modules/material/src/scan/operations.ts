import type { Id } from '@throughline/kernel'
import { resolveScan } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { AssetFinder } from '../assets.ts'
import { findContainerBySscc } from '../container/store.ts'
import { findDefinition, listCodesByGtin } from '../definition/store.ts'
import { findLotByCode, listLotsBySupplierLot } from '../lot/store.ts'
import type { StoredLot } from '../lot/stored-lot.ts'
import { lotAt } from '../lot/stored-lot.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { readScan } from './gs1.ts'

/** What a code turned out to be. */
interface Resolved {
  readonly lot?: StoredLot
  readonly containerId?: Id<'Container'>
  readonly assetCode?: string
  readonly unknown?: string
}

export function registerScan(platform: Platform, nodes: NodeFinder, assets: AssetFinder): void {
  platform.handle(resolveScan, async (uow, { scanned }) => {
    const scan = readScan(scanned)
    // What lies where somebody may not look is to them like what nobody knows.
    const look = new Look(uow, assets, (nodeId) => isWithin(nodes, nodeId, uow.scopes))
    const resolved =
      scan.kind === 'broken'
        ? { unknown: scan.problem }
        : scan.kind === 'gs1'
          ? await look.forElements(scan.elements)
          : await look.forText(scan.text)
    const { lot, containerId = null, assetCode = null, unknown = null } = resolved
    return {
      gs1: scan.kind === 'gs1' ? scan.elements : null,
      lot: lot === undefined ? null : lotAt(lot, uow.at),
      containerId,
      assetCode,
      unknown,
    }
  })
}

/** One person's search for what a code names. */
class Look {
  readonly #uow: UnitOfWork
  readonly #assets: AssetFinder
  readonly #sees: (nodeId: Id<'EquipmentNode'>) => boolean

  constructor(uow: UnitOfWork, assets: AssetFinder, sees: (nodeId: Id<'EquipmentNode'>) => boolean) {
    this.#uow = uow
    this.#assets = assets
    this.#sees = sees
  }

  async forText(text: string): Promise<Resolved> {
    const lot = await this.#lot(text)
    if (lot !== undefined) return { lot }
    const container = /^\d{18}$/.test(text) ? await this.#container(text) : undefined
    if (container !== undefined) return container
    const asset = await this.#assets.find(this.#uow.trx, text)
    if (asset !== undefined && (asset.nodeId === null || this.#sees(asset.nodeId))) return { assetCode: asset.code }
    return { unknown: `There is no lot, serial, container or gauge ${text}` }
  }

  async forElements(elements: Readonly<Record<string, string>>): Promise<Resolved> {
    const { '00': sscc, '01': gtin, '10': batch, '21': serial, '91': own } = elements
    if (sscc !== undefined) return (await this.#container(sscc)) ?? { unknown: `There is no container ${sscc}` }
    const code = serial ?? batch
    if (code !== undefined) return await this.#labelled(code, gtin)
    if (own !== undefined) return await this.forText(own)
    const known = gtin === undefined ? [] : await listCodesByGtin(this.#uow.trx, gtin)
    if (known.length === 0) return { unknown: 'The code names neither a lot nor a serial nor a container' }
    return { unknown: `The code names the material ${known.join(', ')} and no lot or serial: scan the lot's own label` }
  }

  /** By our own number, else by the supplier's; the GTIN beside it must be the material's. */
  async #labelled(code: string, gtin: string | undefined): Promise<Resolved> {
    const own = await this.#lot(code)
    const suppliers = own === undefined ? await listLotsBySupplierLot(this.#uow.trx, code) : []
    const found = own === undefined ? suppliers.filter(({ lastNodeId }) => this.#sees(lastNodeId)) : [own]
    const fitting: StoredLot[] = []
    for (const lot of found) {
      const definition = await findDefinition(this.#uow.trx, lot.definitionId)
      if (gtin === undefined || definition?.gtin == null || definition.gtin === gtin) fitting.push(lot)
    }
    const [lot, other] = fitting
    if (other !== undefined) {
      const codes = fitting.map((each) => each.code).join(', ')
      return { unknown: `The supplier's lot ${code} is here as ${codes}: scan the plant's own label` }
    }
    if (lot !== undefined) return { lot }
    const [wrong] = found
    if (wrong === undefined) return { unknown: `There is no lot or serial ${code}` }
    return { unknown: `${wrong.code} is ${wrong.material}, and the GTIN ${gtin} on the label is not its own` }
  }

  async #lot(code: string): Promise<StoredLot | undefined> {
    const lot = await findLotByCode(this.#uow.trx, code)
    return lot !== undefined && this.#sees(lot.lastNodeId) ? lot : undefined
  }

  async #container(sscc: string): Promise<Resolved | undefined> {
    const found = await findContainerBySscc(this.#uow.trx, sscc)
    return found !== undefined && this.#sees(found.lastNodeId) ? { containerId: found.id } : undefined
  }
}
