import { DomainError, parseInstant, toMs } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import { DataType as UaType, Variant, VariantArrayType } from 'node-opcua'

const wholeRanges: Readonly<Partial<Record<UaType, readonly [bigint, bigint]>>> = {
  [UaType.SByte]: [-128n, 127n],
  [UaType.Byte]: [0n, 255n],
  [UaType.Int16]: [-32_768n, 32_767n],
  [UaType.UInt16]: [0n, 65_535n],
  [UaType.Int32]: [-(2n ** 31n), 2n ** 31n - 1n],
  [UaType.UInt32]: [0n, 2n ** 32n - 1n],
  [UaType.Int64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [UaType.UInt64]: [0n, 2n ** 64n - 1n],
}

/**
 * The value as the variable's own type.
 *
 * @throws DomainError `invalid` when the value does not fit that type: nothing is rounded or cut
 */
export function toVariant(address: string, value: SampleValue, type: UaType): Variant {
  const encoded = encodedOf(value, type)
  if (encoded === undefined) {
    const shown = typeof value === 'string' ? `"${value}"` : String(value)
    throw new DomainError(
      'invalid',
      'opcua.value-invalid',
      `${shown} does not fit ${address}, which holds ${UaType[type]}`,
      {
        address,
        holds: UaType[type],
      },
    )
  }
  return new Variant({ dataType: type, arrayType: VariantArrayType.Scalar, value: encoded })
}

function encodedOf(value: SampleValue, type: UaType): unknown {
  const range = wholeRanges[type]
  if (range !== undefined) return wholeOf(value, type, range)
  switch (type) {
    case UaType.Double:
    case UaType.Float:
      return floatOf(value, type)
    case UaType.Boolean:
      return typeof value === 'boolean' ? value : undefined
    case UaType.String:
      return typeof value === 'string' ? value : undefined
    case UaType.LocalizedText:
      return typeof value === 'string' ? { text: value } : undefined
    case UaType.DateTime: {
      const at = typeof value === 'string' ? parseInstant(value) : undefined
      return at === undefined ? undefined : new Date(toMs(at))
    }
    default:
      return undefined
  }
}

function wholeOf(value: SampleValue, type: UaType, [low, high]: readonly [bigint, bigint]): unknown {
  const whole = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
  if (typeof whole !== 'bigint' || whole < low || whole > high) return undefined
  if (type !== UaType.Int64 && type !== UaType.UInt64) return Number(whole)
  const bits = BigInt.asUintN(64, whole)
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)]
}

function floatOf(value: SampleValue, type: UaType): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  const number = Number(value)
  const carried = type === UaType.Float ? Math.fround(number) : number
  if (!Number.isFinite(carried)) return undefined
  return typeof value === 'bigint' && BigInt(carried) !== value ? undefined : carried
}
