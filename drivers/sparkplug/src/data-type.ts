import type { DataType } from '@throughline/model'

/** The data types of Sparkplug B and their codes on the wire. Source: Sparkplug 3.0, 6.4.16 "Data Types". */
export const dataTypeCode = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
} as const

/** A data type whose value is one number, truth value or text. Data sets, templates, bytes, files and arrays are not. */
export type SparkplugDataType = keyof typeof dataTypeCode

const nameByCode = new Map<number, SparkplugDataType>(
  Object.entries(dataTypeCode).map(([name, code]) => [code, name as SparkplugDataType]),
)

/** Codes that the specification knows and Throughline has no value for: DataSet, Bytes, File, Template, the arrays. */
const uncarriedCodes = new Set([16, 17, 18, 19, ...Array.from({ length: 13 }, (_, index) => 22 + index)])

export function dataTypeOf(code: number): SparkplugDataType | 'uncarried' | undefined {
  return nameByCode.get(code) ?? (uncarriedCodes.has(code) ? 'uncarried' : undefined)
}

/** Smallest and largest value of each whole-number type. */
export const integerRange: Partial<Record<SparkplugDataType, readonly [bigint, bigint]>> = {
  Int8: [-128n, 127n],
  Int16: [-32_768n, 32_767n],
  Int32: [-(2n ** 31n), 2n ** 31n - 1n],
  Int64: [-(2n ** 63n), 2n ** 63n - 1n],
  UInt8: [0n, 255n],
  UInt16: [0n, 65_535n],
  UInt32: [0n, 2n ** 32n - 1n],
  UInt64: [0n, 2n ** 64n - 1n],
  DateTime: [0n, 2n ** 64n - 1n],
}

/** What a metric of this type becomes in Throughline: whole numbers and DateTime (milliseconds) int64, Float double. */
export function modelTypeOf(type: SparkplugDataType): DataType {
  if (integerRange[type]) return 'int64'
  switch (type) {
    case 'Float':
    case 'Double':
      return 'double'
    case 'Boolean':
      return 'boolean'
    default:
      return 'string'
  }
}
