import { DomainError } from '@throughline/kernel'
import { getLabel } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { drawSymbolPage } from '@throughline/platform'
import type { AssetFinder } from '../assets.ts'
import { getAsset } from '../assets.ts'
import { listContainersById } from '../container/store.ts'
import { getDefinition } from '../definition/face.ts'
import { lotAt } from '../lot/stored-lot.ts'
import { getStoredLot } from '../lot/take.ts'
import type { LabelContent } from './content.ts'
import { assetLabel, bracketed, containerLabel, lotLabel } from './content.ts'
import { modulesOf } from './symbol.ts'
import { zplWithDataMatrix, zplWithPicture } from './zpl.ts'

export function registerLabel(platform: Platform, assets: AssetFinder): void {
  platform.handle(getLabel, async (uow, { subject, symbol }) => {
    const content = await contentOf(uow, subject, assets)
    const text = bracketed(content.elements)
    const modules = modulesOf(symbol, text)
    const zpl = symbol === 'qr' ? zplWithPicture(content, modules) : zplWithDataMatrix(content)
    const { lines } = content
    const title = `Label ${lines[0] ?? ''}`
    const pdf = await drawSymbolPage({
      title,
      at: uow.at,
      widthMm: 100,
      heightMm: 50,
      modules,
      lines: [...lines, text],
    })
    return { zpl, pdf: pdf.toString('base64'), text }
  })
}

type Subject = ReturnType<typeof getLabel.input.parse>['subject']

async function contentOf(uow: UnitOfWork, subject: Subject, assets: AssetFinder): Promise<LabelContent> {
  if ('assetCode' in subject) {
    const asset = await getAsset(uow, assets, subject.assetCode)
    if (asset.nodeId !== null) await uow.assertWithin(asset.nodeId)
    return assetLabel(asset)
  }
  if ('containerId' in subject) {
    const [container] = await listContainersById(uow.trx, [subject.containerId])
    if (container === undefined) throw containerUnknown(subject.containerId)
    await uow.assertWithin(container.lastNodeId)
    return containerLabel(container)
  }
  const lot = await getStoredLot(uow, subject)
  await uow.assertWithin(lot.lastNodeId)
  return lotLabel(lotAt(lot, uow.at), await getDefinition(uow, lot.definitionId))
}

const containerUnknown = (id: string): DomainError =>
  new DomainError('not-found', 'material.container-unknown', `There is no container ${id}`, { id })
