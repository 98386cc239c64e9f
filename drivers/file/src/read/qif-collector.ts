import { numberIn } from '@throughline/edge'
import { unreadable } from '../failure.ts'
import type { QifActual, QifDefinition, QifItem, QifResult, QifStatistics } from './qif-model.ts'
import { QifModel } from './qif-model.ts'
import type { XmlHearer } from './xml-events.ts'

/** `DiameterCharacteristicDefinition`, `…Nominal`, `…Item`, `…Actual` (QIF 2), `…Measurement` (QIF 3), `…Stats`. */
const characteristic = /^(.+)Characteristic(Definition|Nominal|Item|Actual|Measurement|Stats)$/
const figures: ReadonlySet<string> = new Set([
  ...['TotalNumber', 'Average', 'Maximum', 'Minimum', 'StandardDeviation', 'Cp', 'Cpk', 'Pp', 'Ppk'],
])

/** Gathers what matters of a QIF document while it is read: memory grows with its results, not with its markup. */
export class QifCollector implements XmlHearer {
  readonly model = new QifModel()
  readonly #path: string[] = []
  #text = ''
  #definition: QifDefinition | undefined
  #nominal: { definitionId: string | null; target: number | null } | undefined
  #item: QifItem | undefined
  #result: QifResult | undefined
  #actual: QifActual | undefined
  #statistics: QifStatistics | undefined
  /** Id of the component or device that is being read. */
  #named: string | undefined

  open(name: string, attributes: () => Readonly<Record<string, string>>): void {
    if (this.#path.length === 0) this.#begin(name, attributes())
    const parent = this.#path.at(-1)
    this.#path.push(name)
    this.#text = ''
    const [, kind, role] = characteristic.exec(name) ?? []
    if (kind !== undefined) this.#openCharacteristic(kind, role ?? '', idOf(attributes()))
    else if (name === 'MeasurementResults') {
      this.#result = { actuals: [], componentIds: [], status: null, at: null }
      this.model.results.push(this.#result)
    } else if (name === 'ActualComponent' || parent === 'MeasurementDevices') this.#named = idOf(attributes())
  }

  text(text: string): void {
    this.#text += text
  }

  close(name: string): void {
    this.#path.pop()
    const text = this.#text.trim()
    this.#text = ''
    if (text !== '') this.#take(name, this.#path.at(-1) ?? '', text)
    const role = characteristic.exec(name)?.[2]
    if (role === 'Definition') this.#definition = undefined
    else if (role === 'Nominal') this.#nominal = undefined
    else if (role === 'Item') this.#item = undefined
    else if (role === 'Actual' || role === 'Measurement') this.#actual = undefined
    else if (role === 'Stats') this.#statistics = undefined
    else if (name === 'MeasurementResults') this.#result = undefined
  }

  #begin(name: string, attributes: Readonly<Record<string, string>>): void {
    const version = attributes['versionQIF'] ?? null
    if (name !== 'QIFDocument') throw unreadable(`It is no QIF document: it begins with ${name}`)
    const isKnown = version === null || /^[23]\./.test(version)
    if (!isKnown) throw unreadable(`It is QIF ${version}: 2.0 to 3.0 are read`)
    this.model.version = version
  }

  #openCharacteristic(kind: string, role: string, id: string): void {
    if (role === 'Definition') {
      this.#definition = { kind, name: null, toleranceValue: null, max: null, min: null, isLimit: false }
      this.model.definitions.set(id, this.#definition)
    } else if (role === 'Nominal') {
      this.#nominal = { definitionId: null, target: null }
      this.model.nominals.set(id, this.#nominal)
    } else if (role === 'Item') {
      this.#item = { kind, name: null, nominalId: null, deviceId: null }
      this.model.items.set(id, this.#item)
    } else if (role === 'Stats') {
      this.#statistics = { actualId: null, figures: new Map() }
      this.model.statistics.push(this.#statistics)
    } else {
      this.#actual = { id, itemId: null, value: null, status: null, at: null, deviceId: null }
      this.#result?.actuals.push(this.#actual)
    }
  }

  #take(name: string, parent: string, text: string): void {
    if (this.#actual !== undefined) takeOfActual(this.#actual, name, parent, text)
    else if (this.#definition !== undefined) takeOfDefinition(this.#definition, name, parent, text)
    else if (this.#nominal !== undefined) {
      if (name === 'CharacteristicDefinitionId') this.#nominal.definitionId = text
      if (name === 'TargetValue') this.#nominal.target = numberIn(text) ?? null
    } else if (this.#item !== undefined) takeOfItem(this.#item, name, parent, text)
    else if (this.#statistics !== undefined) takeOfStatistics(this.#statistics, name, text)
    else if (this.#result !== undefined) takeOfResult(this.#result, name, parent, text)
    else this.#takeOfDocument(name, parent, text)
  }

  #takeOfDocument(name: string, parent: string, text: string): void {
    const grandparent = this.#path.at(-2)
    if (parent === 'ActualComponent' && name === 'SerialNumber') this.model.serials.set(this.#named ?? '', text)
    else if (grandparent === 'MeasurementDevices') this.#takeOfDevice(name, text)
    else if (name === 'UnitName' && parent === 'LinearUnit') this.model.linearUnit ??= text
    else if (name === 'UnitName' && parent === 'AngularUnit') this.model.angularUnit ??= text
    else if (parent === 'Part' && (name === 'ModelNumber' || name === 'Name')) this.model.part ??= text
    else if (grandparent === 'Part' && parent === 'Header' && name === 'Name') this.model.part ??= text
  }

  /** The serial number tells one gauge from another; its name may be that of a type. */
  #takeOfDevice(name: string, text: string): void {
    const id = this.#named ?? ''
    if (name === 'SerialNumber' || (name === 'Name' && !this.model.devices.has(id))) this.model.devices.set(id, text)
  }
}

const idOf = (attributes: Readonly<Record<string, string>>): string => attributes['id'] ?? ''

function takeOfActual(actual: QifActual, name: string, parent: string, text: string): void {
  if (name === 'CharacteristicItemId') actual.itemId = text
  else if (name === 'Value' && characteristic.test(parent)) actual.value = numberIn(text) ?? null
  else if (name === 'CharacteristicStatusEnum' || name === 'OtherCharacteristicStatus') actual.status = text
  else if (name === 'TimeStamp' || name === 'Time' || name === 'DateTime') actual.at = text
  else if (name === 'Id' && parent === 'MeasurementDeviceIds') actual.deviceId ??= text
}

function takeOfDefinition(definition: QifDefinition, name: string, parent: string, text: string): void {
  if (name === 'Name' && characteristic.test(parent)) definition.name = text
  else if (name === 'ToleranceValue') definition.toleranceValue = numberIn(text) ?? null
  else if (parent !== 'Tolerance') return
  else if (name === 'MaxValue') definition.max = numberIn(text) ?? null
  else if (name === 'MinValue') definition.min = numberIn(text) ?? null
  else if (name === 'DefinedAsLimit') definition.isLimit = text === 'true' || text === '1'
}

function takeOfItem(item: QifItem, name: string, parent: string, text: string): void {
  if (name === 'Name' && characteristic.test(parent)) item.name = text
  else if (name === 'CharacteristicNominalId') item.nominalId = text
  else if (name === 'Id' && parent === 'MeasurementDeviceIds') item.deviceId ??= text
}

function takeOfStatistics(statistics: QifStatistics, name: string, text: string): void {
  if (name === 'Id') statistics.actualId ??= text
  else if (figures.has(name)) statistics.figures.set(name, numberIn(text) ?? Number.NaN)
}

function takeOfResult(result: QifResult, name: string, parent: string, text: string): void {
  if (name === 'Id' && parent === 'ActualComponentIds') result.componentIds.push(text)
  else if (name === 'InspectionStatusEnum') result.status = text
  else if (name === 'InspectionEnd' || name === 'InspectionStart') result.at ??= text
}
