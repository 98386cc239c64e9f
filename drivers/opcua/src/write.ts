import type { DriverTag } from '@throughline/edge'
import { DomainError } from '@throughline/kernel'
import type { DataType, SampleValue } from '@throughline/model'
import type { DataValue } from 'node-opcua'
import { AttributeIds, NodeId, DataType as UaType, VariantArrayType } from 'node-opcua'
import type { DataTypeTree } from './data-type-tree.ts'
import { toVariant } from './encode.ts'
import type { Link } from './link.ts'
import { getNodeId } from './node-id.ts'

/** What a variable that may hold any type is written as, when it holds nothing yet to go by. */
const ownType: Readonly<Record<DataType, UaType>> = {
  double: UaType.Double,
  int64: UaType.Int64,
  boolean: UaType.Boolean,
  string: UaType.String,
}

/**
 * Writes one value as the type that the variable has on the server.
 *
 * @returns the server's status code, whole; a refusal is a bad one
 * @throws DomainError `invalid` when the value does not fit that type: then nothing was sent
 */
export async function writeValue(link: Link, types: DataTypeTree, tag: DriverTag, value: SampleValue): Promise<number> {
  const nodeId = getNodeId(tag.address, link.namespaces)
  const [held, declared] = await link.ask(
    link.session.read(
      [
        { nodeId, attributeId: AttributeIds.Value },
        { nodeId, attributeId: AttributeIds.DataType },
      ],
      0,
    ),
    `asking for the type of ${tag.address}`,
  )
  // A node that is not there, or shows nobody its type, is refused by the server itself at the write.
  const type = (await targetTypeOf(types, tag, held, declared)) ?? ownType[tag.dataType]
  const variant = toVariant(tag.address, value, type)
  const status = await link.ask(
    link.session.write({ nodeId, attributeId: AttributeIds.Value, value: { value: variant } }),
    `writing ${tag.address}`,
  )
  return status.value >>> 0
}

async function targetTypeOf(
  types: DataTypeTree,
  tag: DriverTag,
  held: DataValue | undefined,
  declared: DataValue | undefined,
): Promise<UaType | null> {
  const current = held?.value
  if (current !== undefined && current !== null && current.dataType !== UaType.Null) {
    if (current.arrayType !== VariantArrayType.Scalar) {
      throw new DomainError(
        'invalid',
        'opcua.value-invalid',
        `${tag.address} holds an array; one value cannot be written`,
        {
          address: tag.address,
        },
      )
    }
    return current.dataType
  }
  const dataType: unknown = declared?.value?.value
  const builtIn = dataType instanceof NodeId ? await types.findBuiltIn(dataType) : null
  return builtIn === UaType.Variant ? null : builtIn
}
