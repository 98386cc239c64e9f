import type { BillOfMaterial, MaterialDefinition } from '@throughline/model'
import { draftBom, draftMaterialDefinition } from '@throughline/model'
import type { z } from 'zod'
import { numberOf } from '../../alarm/definition/definition-draft.ts'
import type { DraftProblem, FieldWords } from '../../execution/form/draft-problem.ts'
import { schemaProblems } from '../../execution/form/draft-problem.ts'
import { localInstant, localText } from '../../performance/window/window-choice.ts'

export const kindWords: Readonly<Record<MaterialDefinition['kind'], string>> = {
  raw: 'Raw material',
  intermediate: 'Intermediate',
  product: 'Product',
  packaging: 'Packaging',
  consumable: 'Consumable',
}

export const controlWords: Readonly<Record<MaterialDefinition['control'], string>> = {
  lot: 'By lot',
  serial: 'By serial: every piece has a number',
}

/** A material as it is being typed; out-life in hours. */
export interface TypedMaterial {
  readonly code: string
  readonly name: string
  readonly kind: MaterialDefinition['kind']
  readonly unit: string
  readonly control: MaterialDefinition['control']
  readonly shelfLife: string
  readonly outLife: string
  readonly needsCertificate: boolean
  readonly quarantineOnReceipt: boolean
  readonly gtin: string
  readonly changeReason: string
}

const secondsPerHour = 3600

export function typedMaterial(before: MaterialDefinition | undefined): TypedMaterial {
  return {
    ...{ code: before?.code ?? '', name: before?.name ?? '', kind: before?.kind ?? 'raw', unit: before?.unit ?? '1' },
    ...{ control: before?.control ?? 'lot', shelfLife: String(before?.shelfLifeDays ?? '') },
    outLife: before?.outLifeSeconds == null ? '' : String(before.outLifeSeconds / secondsPerHour),
    ...{ needsCertificate: before?.needsCertificate ?? false, gtin: before?.gtin ?? '' },
    quarantineOnReceipt: before?.quarantineOnReceipt ?? true,
    changeReason: before?.state === 'draft' ? before.changeReason : '',
  }
}

const materialWords: FieldWords = {
  parts: '',
  words: {
    ...{ changeReason: 'reason of the change', shelfLifeDays: 'shelf life', outLifeSeconds: 'out-life', gtin: 'GTIN' },
  },
}

type Read<Content> = { readonly content: Content } | { readonly problems: readonly DraftProblem[] }
type MaterialContent = z.output<typeof draftMaterialDefinition.input>
type BomContent = z.output<typeof draftBom.input>

/** What is sent of a material, or what keeps it from being sent. */
export function materialContent(typed: TypedMaterial): Read<MaterialContent> {
  const wrong: DraftProblem[] = []
  const number = (value: string, what: string): number | null => {
    if (value.trim() === '') return null
    const read = numberOf(value)
    if (read === undefined) wrong.push({ part: null, message: `${what}: "${value.trim()}" is no number` })
    return read ?? null
  }
  const hours = number(typed.outLife, 'Out-life')
  const raw = {
    ...{ code: typed.code.trim(), name: typed.name.trim(), kind: typed.kind, unit: typed.unit.trim() },
    ...{ control: typed.control, shelfLifeDays: number(typed.shelfLife, 'Shelf life') },
    outLifeSeconds: hours === null ? null : Math.round(hours * secondsPerHour),
    ...{ needsCertificate: typed.needsCertificate, quarantineOnReceipt: typed.quarantineOnReceipt },
    ...{ gtin: orNull(typed.gtin), changeReason: typed.changeReason.trim() },
  }
  const read = draftMaterialDefinition.input.safeParse(raw)
  if (read.success && wrong.length === 0) return { content: read.data }
  return { problems: [...wrong, ...(read.success ? [] : schemaProblems(read.error.issues, 0, materialWords))] }
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim())

/** A line of a bill of material as it is being typed; times on the wall clock of the plant. */
export interface TypedLine {
  /** Its row on screen. */
  readonly id: number
  readonly position: string
  readonly material: string
  readonly quantity: string
  readonly unit: string
  readonly alternates: string
  readonly from: string
  readonly to: string
  readonly firstSerial: string
  readonly lastSerial: string
}

export interface TypedBom {
  readonly product: string
  readonly lines: readonly TypedLine[]
  readonly changeReason: string
}

let rows = 0

export function newLine(position: string): TypedLine {
  rows += 1
  return {
    ...{ id: rows, position, material: '', quantity: '', unit: '1', alternates: '' },
    ...{ from: '', to: '', firstSerial: '', lastSerial: '' },
  }
}

export const nextPosition = (lines: readonly Pick<TypedLine, 'position'>[]): string =>
  String(Math.floor(Math.max(0, ...lines.map(({ position }) => numberOf(position) ?? 0)) / 10) * 10 + 10)

/** As it is typed again. */
const wallClock = (at: BillOfMaterial['lines'][number]['effectiveFrom'], timeZone: string | undefined): string =>
  at === null ? '' : localText(at, timeZone)

export function typedBom(before: BillOfMaterial | undefined, timeZone: string | undefined): TypedBom {
  if (before === undefined) return { product: '', lines: [newLine('10')], changeReason: '' }
  return {
    product: before.product,
    changeReason: before.state === 'draft' ? before.changeReason : '',
    lines: before.lines.map((line) => ({
      ...newLine(String(line.position)),
      ...{ material: line.material, quantity: line.quantity, unit: line.unit, alternates: line.alternates.join(', ') },
      ...{ from: wallClock(line.effectiveFrom, timeZone), to: wallClock(line.effectiveTo, timeZone) },
      ...{ firstSerial: line.firstSerial ?? '', lastSerial: line.lastSerial ?? '' },
    })),
  }
}

export const bomWords: FieldWords = {
  parts: 'lines',
  words: {
    ...{ changeReason: 'reason of the change', effectiveFrom: 'from', effectiveTo: 'to' },
    ...{ firstSerial: 'first serial', lastSerial: 'last serial' },
  },
}

/** What is sent of a bill of material, or everything that keeps it from being sent, each at its line. */
export function bomContent(typed: TypedBom, timeZone: string | undefined): Read<BomContent> {
  const wrong: DraftProblem[] = []
  const raw = {
    ...{ product: typed.product.trim(), changeReason: typed.changeReason.trim() },
    lines: typed.lines.map((line, part) => {
      const instant = (value: string): number | null => {
        if (value.trim() === '') return null
        const read = localInstant(value, timeZone)
        if (read === undefined) wrong.push({ part, message: `"${value.trim()}" is no time such as 2026-11-22 14:05` })
        return read ?? null
      }
      return {
        ...{ position: numberOf(line.position) ?? null, material: line.material.trim(), unit: line.unit.trim() },
        quantity: line.quantity.trim(),
        alternates: line.alternates.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()])),
        ...{ effectiveFrom: instant(line.from), effectiveTo: instant(line.to) },
        ...{ firstSerial: orNull(line.firstSerial), lastSerial: orNull(line.lastSerial) },
      }
    }),
  }
  const read = draftBom.input.safeParse(raw)
  if (read.success && wrong.length === 0) return { content: read.data }
  return {
    problems: [...wrong, ...(read.success ? [] : schemaProblems(read.error.issues, typed.lines.length, bomWords))],
  }
}
