import type { SampleValue } from '@throughline/model'
import type { AddressSpace, DataValueOptions, Namespace, UAObject, UAVariable } from 'node-opcua'
import { DataType, DataValue, StatusCodes, Variant, VariantArrayType } from 'node-opcua'
import { opcUaName } from '../plant/addresses.ts'
import type { PlantTag } from '../plant/assets.ts'
import { tagsOf } from '../plant/assets.ts'
import type { ValueMessage } from './messages.ts'
import { NativeAlarms } from './native-alarms.ts'

const typeOf = {
  double: DataType.Double,
  int64: DataType.Int64,
  boolean: DataType.Boolean,
  string: DataType.String,
} as const

/** Asks the plant to take a set-point; false = it refused. */
export type AskWrite = (tag: number, value: SampleValue) => Promise<boolean>

/** The plant's part of the address space: an object an asset, a variable a tag, all with string node ids. */
export class PlantSpace {
  readonly #variables = new Map<number, { tag: PlantTag; variable: UAVariable }>()
  readonly #alarms: NativeAlarms | undefined

  constructor(addressSpace: AddressSpace, namespace: Namespace, askWrite: AskWrite) {
    const objects = new Map<string, UAObject>()
    for (const tag of tagsOf('opcua')) {
      const { asset } = tag
      const object =
        objects.get(asset.id) ??
        namespace.addObject({
          ...{ organizedBy: addressSpace.rootFolder.objects, browseName: asset.id },
          ...{ nodeId: `s=${asset.id}`, description: asset.description },
        })
      objects.set(asset.id, object)
      this.#variables.set(tag.index, { tag, variable: variableFor(namespace, object, tag, askWrite) })
    }
    const line = objects.get('FIL-01')
    const reason = [...this.#variables.values()].find(({ tag }) => isStopReason(tag))?.variable
    if (line !== undefined && reason !== undefined) {
      this.#alarms = new NativeAlarms(addressSpace, namespace, line, reason)
    }
  }

  /** Puts values of the plant under their source times. */
  put(values: readonly ValueMessage[]): void {
    for (const [index, value, atMs] of values) {
      const found = this.#variables.get(index)
      if (found === undefined) continue
      const { tag, variable } = found
      variable.setValueFromSource(variantOf(tag, value), StatusCodes.Good, new Date(atMs))
      if (isStopReason(tag)) this.#alarms?.follow(String(value))
    }
  }
}

const isStopReason = (tag: PlantTag): boolean => opcUaName(tag) === 'FIL-01.StopReason'

function variableFor(namespace: Namespace, object: UAObject, tag: PlantTag, askWrite: AskWrite): UAVariable {
  const { definition } = tag
  const access = definition.writable ? 'CurrentRead | CurrentWrite' : 'CurrentRead'
  const variable = namespace.addVariable({
    ...{ componentOf: object, browseName: definition.name, description: definition.description },
    ...{ nodeId: `s=${opcUaName(tag)}`, dataType: typeOf[definition.dataType], accessLevel: access },
    ...{ userAccessLevel: access, minimumSamplingInterval: 100 },
  })
  if (!definition.writable) return variable
  // A set-point is taken by the plant or by nobody: the plant answers, and its next values show it.
  let held: DataValueOptions = { statusCode: StatusCodes.BadWaitingForInitialData }
  variable.bindVariable({
    timestamped_get: () => new DataValue(held),
    timestamped_set: async (given: DataValue) => {
      const value = plainOf(given.value)
      if (value === undefined || !(await askWrite(tag.index, value))) return StatusCodes.BadOutOfRange
      held = { ...held, value: given.value, sourceTimestamp: new Date(), serverTimestamp: new Date() }
      return StatusCodes.Good
    },
  })
  variable.setValueFromSource = (value, statusCode, sourceTimestamp) => {
    const at = sourceTimestamp ?? new Date()
    held = { value, statusCode: statusCode ?? StatusCodes.Good, sourceTimestamp: at, serverTimestamp: at }
  }
  return variable
}

function variantOf(tag: PlantTag, value: SampleValue): Variant {
  const dataType = typeOf[tag.definition.dataType]
  if (typeof value !== 'bigint') return new Variant({ dataType, value })
  // The stack holds a 64-bit integer as two words, the high one first.
  const words = [Number((value >> 32n) & 0xffff_ffffn), Number(value & 0xffff_ffffn)]
  return new Variant({ dataType, arrayType: VariantArrayType.Scalar, value: words })
}

function plainOf(variant: Variant): SampleValue | undefined {
  const value: unknown = variant.value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : undefined
}
