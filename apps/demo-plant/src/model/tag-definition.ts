import type { DataType } from '@throughline/model'

/** A value as a model gives it; 64-bit integers are whole numbers here and become `bigint` where they leave the plant. */
export type ModelValue = number | boolean | string

export type Protocol = 'opcua' | 'modbus' | 'sparkplug' | 'mtconnect'

/**
 * One tag of an asset class: from it come the equipment model, the address space of the servers and the checks of the
 * tests. `modbus` says where it stands in the register map, for assets that speak Modbus.
 */
export interface TagDefinition {
  readonly name: string
  readonly description: string
  readonly dataType: DataType
  readonly unit: string
  readonly rangeLow: number | null
  readonly rangeHigh: number | null
  readonly normalLow: number | null
  readonly normalHigh: number | null
  readonly deadband: number
  readonly decimals: number
  readonly writable: boolean
  /** True when the instrument's noise moves the last digit nearly every second: then silence means trouble. */
  readonly lively: boolean
  /** Spacing in back-filled history for tags that change every second by design and say nothing more in the past. */
  readonly historyEveryMs: number
  /** Spoken for this tag alone; null = the asset's own. */
  readonly protocol: Protocol | null
}

type Extras = Partial<
  Pick<TagDefinition, 'writable' | 'lively' | 'historyEveryMs' | 'rangeLow' | 'rangeHigh' | 'protocol'>
>

/** Instrument range, normal band, deadband and decimals of an analog tag, all in its unit. */
export interface AnalogScale {
  readonly range: readonly [number, number]
  readonly normal?: readonly [number, number]
  readonly deadband: number
  readonly decimals: number
}

export function analog(
  name: string,
  unit: string,
  description: string,
  scale: AnalogScale,
  extras: Extras = {},
): TagDefinition {
  return {
    ...{
      name,
      description,
      unit,
      dataType: 'double',
      writable: false,
      lively: false,
      historyEveryMs: 0,
      protocol: null,
    },
    ...{ rangeLow: scale.range[0], rangeHigh: scale.range[1] },
    ...{ normalLow: scale.normal?.[0] ?? null, normalHigh: scale.normal?.[1] ?? null },
    ...{ deadband: scale.deadband, decimals: scale.decimals },
    ...extras,
  }
}

export function counter(name: string, description: string, extras: Extras = {}): TagDefinition {
  return discrete(name, description, 'int64', { rangeLow: 0, ...extras })
}

export function flag(name: string, description: string): TagDefinition {
  return discrete(name, description, 'boolean', {})
}

export function text(name: string, description: string): TagDefinition {
  return discrete(name, description, 'string', {})
}

/**
 * Counts the seconds since the controller started, one by one: the watchdog word of a real controller. A second that
 * is missing downstream was lost on the way.
 */
export const lifeCount: TagDefinition = counter('LifeCount', 'Seconds since the controller started, one by one', {
  lively: true,
  historyEveryMs: 600_000,
})

function discrete(name: string, description: string, dataType: DataType, extras: Partial<TagDefinition>) {
  return {
    ...{ name, description, dataType, unit: '1', writable: false, lively: false, historyEveryMs: 0, protocol: null },
    ...{ rangeLow: null, rangeHigh: null, normalLow: null, normalHigh: null, deadband: 0, decimals: 0 },
    ...extras,
  }
}
