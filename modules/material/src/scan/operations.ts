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
  readonly containerId?: string
  readonly assetCode?: string
  readonly unknown?: string
}

export function registerScan(platform: Platform, nodes: NodeFinder, assets: AssetFinder): void {
  platform.handle(resolveScan, async (uow, { scanned }) => {
    const scan = readScan(scanned)
    const resolved =
      scan.kind === 'broken'
        ? { unknown: scan.problem }
        : scan.kind === 'gs1'
          ? await resolveElements(uow, scan.elements, assets)
          : await resolveText(uow, scan.text, assets)
    const { lot, containerId = null, assetCode = null, unknown = null } = resolved
    // Of what lies where somebody may not look, they hear what they hear of a code that nobody knows.
    const isHidden = lot !== undefined && !isWithin(nodes, lot.lastNodeId, uow.scopes)
    return {
      gs1: scan.kind === 'gs1' ? scan.elements : null,
      lot: lot === undefined || isHidden ? null : lotAt(lot, uow.at),
      containerId: containerId as never,
      assetCode,
      unknown: isHidden ? `There is no lot, serial, container or gauge ${lot.code}` : unknown,
    }
  })

  async function resolveContainer(uow: UnitOfWork, sscc: string): Promise<Resolved | undefined> {
    const found = await findContainerBySscc(uow.trx, sscc)
    if (found === undefined || !isWithin(nodes, found.lastNodeId, uow.scopes)) return undefined
    return { containerId: found.id }
  }

  async function resolveText(uow: UnitOfWork, text: string, all: AssetFinder): Promise<Resolved> {
    const lot = await findLotByCode(uow.trx, text)
    if (lot !== undefined) return { lot }
    const container = /^\d{18}$/.test(text) ? await resolveContainer(uow, text) : undefined
    if (container !== undefined) return container
    const asset = await all.find(uow.trx, text)
    if (asset !== undefined) return { assetCode: asset.code }
    return { unknown: `There is no lot, serial, container or gauge ${text}` }
  }

  async function resolveElements(
    uow: UnitOfWork,
    elements: Readonly<Record<string, string>>,
    all: AssetFinder,
  ): Promise<Resolved> {
    const { '00': sscc, '01': gtin, '10': batch, '21': serial, '91': own } = elements
    if (sscc !== undefined) {
      return (await resolveContainer(uow, sscc)) ?? { unknown: `There is no container ${sscc}` }
    }
    const code = serial ?? batch
    if (code !== undefined) return await resolveLot(uow, code, gtin)
    if (own !== undefined) return await resolveText(uow, own, all)
    const known = gtin === undefined ? [] : await listCodesByGtin(uow.trx, gtin)
    if (known.length > 0) {
      return {
        unknown: `The code names the material ${known.join(', ')} and no lot or serial: scan the lot's own label`,
      }
    }
    return { unknown: 'The code names neither a lot nor a serial nor a container' }
  }
}

/** By our own number, else by the supplier's; the GTIN beside it must be the material's. */
async function resolveLot(uow: UnitOfWork, code: string, gtin: string | undefined): Promise<Resolved> {
  const own = await findLotByCode(uow.trx, code)
  const found = own === undefined ? await listLotsBySupplierLot(uow.trx, code) : [own]
  const fitting: StoredLot[] = []
  for (const lot of found) {
    const definition = await findDefinition(uow.trx, lot.definitionId)
    if (gtin === undefined || definition?.gtin == null || definition.gtin === gtin) fitting.push(lot)
  }
  const [lot, other] = fitting
  if (lot !== undefined && other === undefined) return { lot }
  if (other !== undefined) {
    const codes = fitting.map((each) => each.code).join(', ')
    return { unknown: `The supplier's lot ${code} is here as ${codes}: scan the plant's own label` }
  }
  if (found[0] !== undefined) {
    return { unknown: `${found[0].code} is ${found[0].material}, and the GTIN ${gtin} on the label is not its own` }
  }
  return { unknown: `There is no lot or serial ${code}` }
}
