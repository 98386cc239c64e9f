import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { SparkplugDataType } from '../data-type.ts'
import { dataTypeCode } from '../data-type.ts'
import type { MetricInit } from '../payload.ts'
import { wireTime } from '../payload.ts'
import { encodeValue } from '../value.ts'

/** Sparkplug's own quality codes (property `Quality`): good 192, bad 0, stale 500. */
export type MetricQuality = 'good' | 'bad' | 'stale'

/** One metric as its birth announces it. */
export interface MetricDefinition {
  readonly name: string
  readonly dataType: SparkplugDataType
  /** The value at the first birth; null for unknown. */
  readonly value: SampleValue | null
  /** When that value was measured; default: now. */
  readonly at?: Instant
  /** Default `good`. */
  readonly quality?: MetricQuality
  /** UCUM code, told as the property `engUnit`. */
  readonly unit?: string
}

/** One new reading of a metric. */
export interface MetricChange {
  readonly name: string
  readonly value: SampleValue | null
  /** When it was measured; default: now. */
  readonly at?: Instant
  /** Default `good`. */
  readonly quality?: MetricQuality
  /** Late data: told to hosts, but the metric's current value stays. */
  readonly historical?: boolean
}

interface Entry {
  readonly definition: MetricDefinition
  readonly alias: bigint
  value: SampleValue | null
  at: Instant
  quality: MetricQuality
}

const qualityCode: Record<MetricQuality, number> = { good: 192, bad: 0, stale: 500 }

/** The metrics of an edge node or of one device, with their current values. */
export class MetricTable {
  readonly #entries = new Map<string, Entry>()
  readonly #byAlias = new Map<bigint, string>()

  constructor(definitions: readonly MetricDefinition[], firstAlias: number, at: Instant) {
    for (const [index, definition] of definitions.entries()) {
      const { name, dataType, value, quality = 'good' } = definition
      if (name === '' || this.#entries.has(name)) {
        throw new DomainError('invalid', 'sparkplug.metric-name-invalid', `Metric "${name}" is empty or defined twice`)
      }
      if (value !== null) encodeValue(dataType, value)
      const alias = BigInt(firstAlias + index)
      this.#entries.set(name, { definition, alias, value, at: definition.at ?? at, quality })
      this.#byAlias.set(alias, name)
    }
  }

  get size(): number {
    return this.#entries.size
  }

  /** Name and data type of the metric that a command names, by name or alias. */
  find(name: string, alias: bigint | undefined): MetricDefinition | undefined {
    const known = alias === undefined ? name : this.#byAlias.get(alias)
    return known === undefined ? undefined : this.#entries.get(known)?.definition
  }

  currentValue(name: string): SampleValue | null {
    return this.#get(name).value
  }

  /** Every metric with name, alias, data type, current value and its time. */
  birth(): MetricInit[] {
    return [...this.#entries.values()].map((entry) => ({
      name: entry.definition.name,
      alias: entry.alias,
      datatype: dataTypeCode[entry.definition.dataType],
      timestamp: wireTime(entry.at),
      ...valueFields(entry.definition, entry.value),
      ...propertyFields(entry.quality, entry.definition.unit),
    }))
  }

  /** Takes the changes, all or none, and gives them as a data message carries them: by alias, without name and type. */
  apply(changes: readonly MetricChange[], now: Instant): MetricInit[] {
    const checked = changes.map((change) => {
      const entry = this.#get(change.name)
      return { entry, change, fields: valueFields(entry.definition, change.value) }
    })
    return checked.map(({ entry, change, fields }) => {
      const { value, at = now, quality = 'good', historical = false } = change
      // Once after it turned bad too, so that hosts hear it turn good again.
      const tellsQuality = quality !== 'good' || entry.quality !== 'good'
      if (!historical) Object.assign(entry, { value, at, quality })
      return {
        alias: entry.alias,
        timestamp: wireTime(at),
        ...fields,
        ...(historical ? { isHistorical: true } : {}),
        ...(tellsQuality ? propertyFields(quality, undefined) : {}),
      }
    })
  }

  #get(name: string): Entry {
    const entry = this.#entries.get(name)
    if (entry) return entry
    // A host may only hear of what the birth announced.
    const text = `Metric "${name}" was not announced in the birth`
    throw new DomainError('invalid', 'sparkplug.metric-unknown', text, { name })
  }
}

function valueFields(definition: MetricDefinition, value: SampleValue | null): Pick<MetricInit, 'value' | 'isNull'> {
  return value === null ? { isNull: true } : { value: encodeValue(definition.dataType, value) }
}

function propertyFields(quality: MetricQuality, unit: string | undefined): Pick<MetricInit, 'properties'> {
  const quantity = { type: dataTypeCode.Int32, value: { case: 'intValue' as const, value: qualityCode[quality] } }
  if (unit === undefined) return { properties: { keys: ['Quality'], values: [quantity] } }
  const unitValue = { type: dataTypeCode.String, value: { case: 'stringValue' as const, value: unit } }
  return { properties: { keys: ['Quality', 'engUnit'], values: [quantity, unitValue] } }
}
