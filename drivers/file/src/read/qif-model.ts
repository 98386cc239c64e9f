/** The parts of a QIF document that results are put together from, as they stand there; they point at each other by id. */
export interface QifDefinition {
  kind: string
  name: string | null
  toleranceValue: number | null
  max: number | null
  min: number | null
  /** False: the two are distances from the nominal. */
  isLimit: boolean
}

export interface QifActual {
  id: string
  itemId: string | null
  value: number | null
  status: string | null
  at: string | null
  deviceId: string | null
}

export interface QifResult {
  readonly actuals: QifActual[]
  readonly componentIds: string[]
  status: string | null
  at: string | null
}

export interface QifStatistics {
  actualId: string | null
  readonly figures: Map<string, number>
}

export interface QifItem {
  kind: string
  name: string | null
  nominalId: string | null
  deviceId: string | null
}

/** All of it, by id. */
export class QifModel {
  version: string | null = null
  part: string | null = null
  linearUnit: string | null = null
  angularUnit: string | null = null
  readonly definitions = new Map<string, QifDefinition>()
  readonly nominals = new Map<string, { definitionId: string | null; target: number | null }>()
  readonly items = new Map<string, QifItem>()
  readonly serials = new Map<string, string>()
  readonly devices = new Map<string, string>()
  readonly results: QifResult[] = []
  readonly statistics: QifStatistics[] = []
}
