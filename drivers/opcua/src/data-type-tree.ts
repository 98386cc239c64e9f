import type { DataType } from '@throughline/model'
import type { NodeId } from 'node-opcua'
import { BrowseDirection, DataType as UaType } from 'node-opcua'
import type { Link } from './link.ts'
import { addressOf } from './node-id.ts'

/** HasSubtype, i=45. */
const hasSubtype = 'i=45'
/** A loop in a server's type tree must not become ours. */
const deepest = 20

/** What the types of namespace 0 come down to. Source: OPC 10000-6, 5.1.2, and OPC 10000-3, 8. */
const builtIn: Readonly<Record<number, UaType>> = {
  ...Object.fromEntries(Array.from({ length: 25 }, (_, index) => [index + 1, index + 1])),
  26: UaType.Double, // Number
  27: UaType.Int64, // Integer
  28: UaType.UInt64, // UInteger
  29: UaType.Int32, // Enumeration
}

/** Finds the built-in type under a server's own data types, asking for each of them once. */
export class DataTypeTree {
  readonly #link: Link
  readonly #found = new Map<string, UaType | null>()

  constructor(link: Link) {
    this.#link = link
  }

  /** The built-in type that a value of this data type is encoded as; null when it can be any. */
  async findBuiltIn(dataType: NodeId): Promise<UaType | null> {
    const way: string[] = []
    let answer: UaType | null = null
    for (let node: NodeId | undefined = dataType; node !== undefined && way.length < deepest; ) {
      const key = addressOf(node)
      const cached = this.#found.get(key)
      const known = cached === undefined && node.namespace === 0 ? builtIn[Number(node.value)] : cached
      if (known !== undefined) {
        answer = known
        break
      }
      way.push(key)
      node = await this.#findParent(node)
    }
    for (const key of way) this.#found.set(key, answer)
    return answer
  }

  async #findParent(dataType: NodeId): Promise<NodeId | undefined> {
    const result = await this.#link.ask(
      this.#link.session.browse({
        nodeId: dataType,
        browseDirection: BrowseDirection.Inverse,
        referenceTypeId: hasSubtype,
        includeSubtypes: true,
        nodeClassMask: 0,
        resultMask: 0,
      }),
      'looking up a data type',
    )
    return result.references?.[0]?.nodeId
  }
}

/** What a tag would hold such values as; null when none of our data types fits. */
export function tagTypeOf(type: UaType | null): DataType | null {
  switch (type) {
    case UaType.Float:
    case UaType.Double:
      return 'double'
    case UaType.SByte:
    case UaType.Byte:
    case UaType.Int16:
    case UaType.UInt16:
    case UaType.Int32:
    case UaType.UInt32:
    case UaType.Int64:
    case UaType.UInt64:
      return 'int64'
    case UaType.Boolean:
      return 'boolean'
    case UaType.String:
    case UaType.LocalizedText:
    case UaType.DateTime:
      return 'string'
    default:
      return null
  }
}
