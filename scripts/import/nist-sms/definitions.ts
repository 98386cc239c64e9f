import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  applyModel,
  listBoms,
  listMaterialDefinitions,
  listNodes,
  listTags,
  listWorkDefinitions,
  planModel,
} from '@throughline/model'
import type { DataSet } from './data-set.ts'
import {
  assemblyPath,
  definitionsOf,
  equipmentModel,
  machinePath,
  materials,
  sitePath,
  storePath,
} from './plant-model.ts'

type NodeId = Id<'EquipmentNode'>

/** What orders and samples name of the plant. */
export interface Places {
  readonly site: NodeId
  readonly machine: NodeId
  readonly assembly: NodeId
  readonly store: NodeId
  /** Ids of the machine's tags, by the name of the item. */
  readonly tags: ReadonlyMap<string, Id<'Tag'>>
}

/** Makes equipment, materials and definitions, where they are not there yet; what is there stays as it is. */
export async function prepare(client: Client, data: DataSet): Promise<Places> {
  const model = { format: 'yaml', text: JSON.stringify(equipmentModel) } as const
  if ((await client(planModel, model)).changes.length > 0) await client(applyModel, model)
  await adoptWhatIsMissing(client, data)
  const nodes = new Map((await client(listNodes, {})).map(({ path, id }) => [path, id]))
  const node = (path: string): NodeId => nodes.get(path) ?? missing(path)
  const machine = node(machinePath)
  const { tags } = await client(listTags, { nodeId: machine })
  return {
    ...{ site: node(sitePath), machine, assembly: node(assemblyPath), store: node(storePath) },
    tags: new Map(tags.map(({ name, id }) => [name, id])),
  }
}

async function adoptWhatIsMissing(client: Client, data: DataSet): Promise<void> {
  const materialCodes = new Set((await client(listMaterialDefinitions, {})).map(({ code }) => code))
  const products = new Set((await client(listBoms, {})).map(({ product }) => product))
  const isWhole =
    materials.materials.every(({ code }) => materialCodes.has(code)) &&
    materials.boms.every(({ product }) => products.has(product))
  if (!isWhole) await client(adoptMaterialDefinitions, materials)
  const wanted = definitionsOf(data)
  const known = new Set((await client(listWorkDefinitions, {})).map(({ code }) => code))
  if (!wanted.workDefinitions.every(({ code }) => known.has(code))) await client(adoptDefinitions, wanted)
}

function missing(path: string): never {
  throw new DomainError('not-found', 'import.node-missing', `The plant has no ${path}: its role holds at another place`)
}
