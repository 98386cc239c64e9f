import type { Instant } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import type { Lot } from '@throughline/model'

/** Ten square metres of prepreg, made at an instant, with nothing against them. */
export const lotMadeAt = (madeAt: Instant, changes: Partial<Lot> = {}): Lot => ({
  id: newId<'Lot'>(),
  code: 'PP-2291',
  material: 'PP',
  definitionId: newId<'MaterialDefinition'>(),
  control: 'lot',
  quantity: decimalOf('10'),
  unit: 'm2',
  status: 'available',
  statusReason: '',
  expiresAt: null,
  outLife: null,
  supplier: null,
  supplierLot: null,
  certificate: null,
  certificateNeeded: false,
  nodeId: null,
  place: '',
  containerId: null,
  openDeviations: [],
  orderId: null,
  madeAt,
  version: 1,
  ...changes,
})
