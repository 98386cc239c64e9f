import { statusOf } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import type { MeasuredCharacteristic, ReportedStatistics } from '@throughline/model'
import { unreadable } from '../failure.ts'
import type { ReadingOptions } from '../options.ts'
import type { ContentFault, FileContent, FileRecord } from './content.ts'
import { QifCollector } from './qif-collector.ts'
import type { QifActual, QifItem, QifModel, QifResult, QifStatistics } from './qif-model.ts'
import { readXml } from './xml-events.ts'

/**
 * The measurement results of a QIF document (Quality Information Framework, 2.0 to 3.0): each part that was measured is
 * one record.
 * @throws DomainError `invalid` saying what is wrong with it
 */
export async function readQif(text: string, options: ReadingOptions): Promise<FileContent> {
  const collector = new QifCollector()
  await readXml(text, collector)
  const { model } = collector
  if (model.results.length === 0) throw unreadable('It is QIF without measurement results: a plan or a drawing')
  const faults: ContentFault[] = []
  const read = model.results.map((result) => ({ result, measured: measuredOf(model, result, options, faults) }))
  const document = {
    results: read.flatMap(({ measured }) => measured),
    curves: [],
    statistics: model.statistics.flatMap((one) => statisticsOf(model, one)),
  }
  const records = read.map(({ result, measured }) => recordOf(result, measured, options))
  return { kind: 'qif', records, document: options.document === false ? null : document, faults }
}

function measuredOf(
  model: QifModel,
  result: QifResult,
  options: ReadingOptions,
  faults: ContentFault[],
): MeasuredCharacteristic[] {
  const serial = result.componentIds.flatMap((id) => model.serials.get(id) ?? [])[0] ?? null
  return result.actuals.flatMap((actual) => {
    const item = model.items.get(actual.itemId ?? '')
    if (item === undefined) {
      faults.push({ cause: 'characteristic-unknown', example: `result ${actual.id} of item ${actual.itemId}` })
      return []
    }
    return characteristicIn(model, result, actual, item, serial, options)
  })
}

function characteristicIn(
  model: QifModel,
  result: QifResult,
  actual: QifActual,
  item: QifItem,
  serial: string | null,
  { times }: ReadingOptions,
): MeasuredCharacteristic {
  const nominal = model.nominals.get(item.nominalId ?? '')
  const definition = model.definitions.get(nominal?.definitionId ?? '')
  const target = nominal?.target ?? null
  const limits = limitsOf(definition, target)
  const device = model.devices.get(actual.deviceId ?? item.deviceId ?? '')
  return {
    ...{ serial: short(serial), part: short(model.part), type: short(item.kind), nominal: target, ...limits },
    characteristic: short(item.name ?? definition?.name ?? `item ${actual.itemId}`),
    unit: short(unitOf(model, item.kind)),
    ...{ value: actual.value, status: statusOf(actual.status), statusText: short(actual.status) },
    gauge: short(device ?? null),
    measuredAt: times.read(actual.at ?? result.at ?? undefined) ?? null,
    // Where a QIF file says for which work it measured, each maker has a place of their own.
    ...{ order: null, operation: null, run: null },
  }
}

/** A tolerance of form or place is an upper limit; one below nothing cannot be met and is taken for unknown. */
function limitsOf(
  definition: { toleranceValue: number | null; max: number | null; min: number | null; isLimit: boolean } | undefined,
  target: number | null,
): { lowerLimit: number | null; upperLimit: number | null } {
  if (definition === undefined) return { lowerLimit: null, upperLimit: null }
  const { toleranceValue, max, min, isLimit } = definition
  if (toleranceValue !== null) return { lowerLimit: null, upperLimit: toleranceValue >= 0 ? toleranceValue : null }
  if (isLimit) return { lowerLimit: min, upperLimit: max }
  const around = (distance: number | null): number | null =>
    distance === null || target === null ? null : Number((target + distance).toPrecision(14))
  return { lowerLimit: around(min), upperLimit: around(max) }
}

/** The units of the file, for kinds whose measure is plain: a length or an angle. */
function unitOf(model: QifModel, kind: string): string | null {
  if (/^(UserDefined|Attribute|Thread|Spline|Weld|Surface)/.test(kind)) return null
  return /Angle|Angular/.test(kind) && kind !== 'Angularity' ? model.angularUnit : model.linearUnit
}

function statisticsOf(model: QifModel, { actualId, figures }: QifStatistics): ReportedStatistics[] {
  const actual = model.results.flatMap((result) => result.actuals).find(({ id }) => id === actualId)
  const name = model.items.get(actual?.itemId ?? '')?.name
  if (name === undefined || name === null) return []
  const figure = (key: string): number | null => {
    const value = figures.get(key)
    return value === undefined || Number.isNaN(value) ? null : value
  }
  return [
    {
      ...{ characteristic: short(name), count: figure('TotalNumber'), average: figure('Average') },
      ...{ standardDeviation: figure('StandardDeviation'), minimum: figure('Minimum'), maximum: figure('Maximum') },
      ...{ cp: figure('Cp'), cpk: figure('Cpk'), pp: figure('Pp'), ppk: figure('Ppk') },
    },
  ]
}

/** A record of one part: each characteristic by its name, and `<name>@status`, `@nominal`, `@lower`, `@upper`; `@serial`. */
function recordOf(result: QifResult, measured: readonly MeasuredCharacteristic[], options: ReadingOptions): FileRecord {
  const byName = new Map(measured.map((one) => [one.characteristic, one]))
  const at: Instant | null = measured[0]?.measuredAt ?? options.times.read(result.at ?? undefined) ?? null
  return {
    at,
    fields: ['@serial', '@part', '@status', ...byName.keys()],
    get(field) {
      if (field === '@serial') return measured[0]?.serial ?? null
      if (field === '@part') return measured[0]?.part ?? null
      if (field === '@status') return result.status
      const whole = byName.get(field)
      if (whole !== undefined) return whole.value
      const [, name = '', aspect] = /^(.*)@(status|nominal|lower|upper)$/.exec(field) ?? []
      const one = byName.get(name)
      if (one === undefined || aspect === undefined) return undefined
      if (aspect === 'status') return one.statusText
      if (aspect === 'nominal') return one.nominal
      return aspect === 'lower' ? one.lowerLimit : one.upperLimit
    },
  }
}

function short(text: string): string
function short(text: string | null): string | null
function short(text: string | null): string | null {
  return text === null ? null : text.slice(0, 500)
}
