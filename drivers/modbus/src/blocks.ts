import type { DriverTag } from '@throughline/edge'
import type { ModbusAddress, ModbusTable } from './address.ts'
import { parseAddress } from './address.ts'
import { readLimit } from './frame.ts'

export interface AddressedTag {
  readonly tag: DriverTag
  readonly address: ModbusAddress
}

/** Neighbouring registers that one request reads. */
export interface Block {
  readonly table: ModbusTable
  readonly start: number
  readonly count: number
  /** By start. */
  readonly members: readonly AddressedTag[]
}

export function addressed(tags: readonly DriverTag[]): AddressedTag[] {
  return tags.map((tag) => ({ tag, address: parseAddress(tag.address) }))
}

/** Groups tags into as few requests as the protocol's limits and `maxGap` allow; every tag is in exactly one block. */
export function planBlocks(tags: readonly AddressedTag[], maxGap: number): Block[] {
  const sorted = tags.toSorted(
    (a, b) => a.address.table.localeCompare(b.address.table) || a.address.start - b.address.start,
  )
  const groups: AddressedTag[][] = []
  let end = 0
  let first: ModbusAddress | undefined
  for (const tag of sorted) {
    const { table, start, count } = tag.address
    const reach = Math.max(end, start + count)
    const joins =
      first !== undefined && first.table === table && start <= end + maxGap && reach - first.start <= readLimit(table)
    if (joins) {
      groups.at(-1)?.push(tag)
      end = reach
    } else {
      groups.push([tag])
      first = tag.address
      end = start + count
    }
  }
  return groups.map(blockOf)
}

/** Two halves of a block that the device refused: by halving, the bad register ends alone. */
export function splitBlock(block: Block): [Block, Block] {
  const middle = block.members.length >> 1
  return [blockOf(block.members.slice(0, middle)), blockOf(block.members.slice(middle))]
}

function blockOf(members: readonly AddressedTag[]): Block {
  const start = Math.min(...members.map(({ address }) => address.start))
  const end = Math.max(...members.map(({ address }) => address.start + address.count))
  return { table: members[0]?.address.table ?? 'holding', start, count: end - start, members }
}
