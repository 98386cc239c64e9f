import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { findLot } from '@throughline/material'
import type { ThreadNode } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { lotNodes } from '../graph/words.ts'
import type { FoundNode } from './found.ts'
import { findNode, findNodeByLabel } from './store.ts'

type From = ThreadNode | { readonly code: string }

/** Of a lot or equipment that has no edges yet, and so is not in the graph. */
const notInGraph = 0
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Where a question begins, by id or by what stands on the label.
 *
 * @throws DomainError `not-found`, or `forbidden` when it was at a place that whoever asks may not see
 */
export async function getStart(uow: UnitOfWork, directory: TagDirectory, from: From): Promise<FoundNode> {
  const found = 'code' in from ? await byCode(uow, from.code) : await byId(uow, directory, from)
  if (found === undefined) throw unknown(from)
  if (found.place !== null) await uow.assertWithin(found.place)
  else if (found.kind === 'lot' && uow.scopes !== null) {
    throw new DomainError('forbidden', 'traceability.place-unknown', `Nobody knows at which site ${found.label} was`)
  }
  return found
}

async function byCode(uow: UnitOfWork, code: string): Promise<FoundNode | undefined> {
  const lot = await findLot(uow, { code })
  return lot === undefined ? findNodeByLabel(uow.trx, code) : lotById(uow, lot.id)
}

async function byId(uow: UnitOfWork, directory: TagDirectory, node: ThreadNode): Promise<FoundNode | undefined> {
  const found = await findNode(uow.trx, node)
  if (found !== undefined) return found
  if (node.kind === 'lot' && uuid.test(node.id)) return lotById(uow, node.id as Id<'Lot'>)
  const equipment = node.kind === 'equipment' ? directory.node(node.id as Id<'EquipmentNode'>) : undefined
  if (equipment === undefined) return undefined
  const { id, name, path } = equipment
  return { key: notInGraph, kind: 'equipment', id, label: name, detail: path, at: null, place: id }
}

async function lotById(uow: UnitOfWork, lotId: Id<'Lot'>): Promise<FoundNode | undefined> {
  const known = await findNode(uow.trx, { kind: 'lot', id: lotId })
  if (known !== undefined) return known
  if ((await findLot(uow, { lotId })) === undefined) return undefined
  const [node] = await lotNodes(uow, [lotId])
  if (node === undefined) return undefined
  const { lot: _, ...found } = node
  return { ...found, key: notInGraph }
}

const unknown = (from: From): DomainError => {
  const named = 'code' in from ? from.code : `${from.kind} ${from.id}`
  return new DomainError(
    'not-found',
    'traceability.node-unknown',
    `Nothing is known of ${named}: check how it is written`,
    {
      from,
    },
  )
}
