import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import type { Asset, Lot, MaterialDefinition } from '@throughline/model'
import type { StoredContainer } from '../container/stored-container.ts'

/** What a label says: the elements of its symbol in their order, and lines for people. */
export interface LabelContent {
  readonly elements: readonly (readonly [ai: string, value: string])[]
  readonly lines: readonly string[]
}

const dayUs = 86_400_000_000

/**
 * A lot as GS1 has it: GTIN, expiry, batch or serial number. Without a GTIN, and for a number longer than GS1 allows, the
 * number stands as company-internal information (91), which needs no GTIN beside it.
 */
export function lotLabel(lot: Lot, definition: Pick<MaterialDefinition, 'name' | 'gtin'>): LabelContent {
  const { code, material, control, quantity, unit, expiresAt, supplier, supplierLot } = lot
  const isGs1 = definition.gtin !== null && code.length <= 20
  const own = control === 'serial' ? '21' : '10'
  const day = expiresAt === null ? null : lastWholeDay(expiresAt)
  return {
    elements: isGs1
      ? [['01', definition.gtin ?? ''], ...(day === null ? [] : [['17', day] as const]), [own, code]]
      : [['91', code]],
    lines: [
      code,
      `${material} · ${definition.name}`,
      control === 'serial' ? 'Serial number' : `Lot · ${quantity} ${unit}`,
      ...(expiresAt === null ? [] : [`Use before ${toIso(expiresAt).slice(0, 16).replace('T', ' ')} UTC`]),
      ...(supplierLot === null ? [] : [`${supplier ?? ''} · ${supplierLot}`]),
    ],
  }
}

export const containerLabel = ({ sscc, kind }: Pick<StoredContainer, 'sscc' | 'kind'>): LabelContent => ({
  elements: [['00', sscc]],
  lines: [sscc, `${kind[0]?.toUpperCase()}${kind.slice(1)}`, 'SSCC'],
})

export const assetLabel = ({ code, kind, type, description }: Asset): LabelContent => ({
  elements: [['91', code]],
  lines: [code, `${kind} · ${type}`, ...(description === '' ? [] : [description])],
})

/** `(01)04012345678901(10)PP-2291`. */
export const bracketed = (elements: LabelContent['elements']): string =>
  elements.map(([ai, value]) => `(${ai})${value}`).join('')

/** The last day, `YYMMDD`, that is wholly before the expiry: a label may promise less than there is, never more. */
const lastWholeDay = (expiresAt: Instant): string =>
  toIso(Math.max(0, (Math.floor(expiresAt / dayUs) - 1) * dayUs) as Instant)
    .slice(2, 10)
    .replaceAll('-', '')
