import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { BillOfMaterial, BomLine, MaterialDefinition } from '@throughline/model'

/** When and for which piece a bill of material is asked. */
export interface Effectivity {
  readonly at: Instant
  /** Serial number of the product; null = it has none, and lines bound to serials do not hold. */
  readonly serial: string | null
}

/**
 * The lines that hold for a piece that is built at an instant, by position: from the first instant (inclusive) up to the
 * last (exclusive), and from the first serial to the last (both inclusive).
 */
export function effectiveLines({ lines }: Pick<BillOfMaterial, 'lines'>, { at, serial }: Effectivity): BomLine[] {
  return lines
    .filter((line) => (line.effectiveFrom ?? 0) <= at && (line.effectiveTo === null || at < line.effectiveTo))
    .filter(({ firstSerial, lastSerial }) => {
      if (firstSerial === null && lastSerial === null) return true
      if (serial === null) return false
      return (
        (firstSerial === null || compareSerials(firstSerial, serial) <= 0) &&
        (lastSerial === null || compareSerials(serial, lastSerial) <= 0)
      )
    })
    .sort((a, b) => a.position - b.position)
}

/** Serial numbers of one product count upwards: a shorter one comes before a longer one. */
export function compareSerials(a: string, b: string): number {
  const [x, y] = [a.toUpperCase(), b.toUpperCase()]
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0)
}

type Based = Pick<BillOfMaterial, 'id' | 'product' | 'version' | 'drawnFrom'>

/**
 * The version that a draft is drawn from: of the one that is `present`, and written on, what was said before.
 * @throws DomainError `invalid` for a version that there is not
 */
export function baseOf(versions: readonly Based[], present: Based | undefined, told: number | null): number | null {
  if (told === null) return null
  if (present?.version === told) return present.drawnFrom
  if (versions.some(({ version }) => version === told)) return told
  throw new DomainError(
    'invalid',
    'material.draft-base-unknown',
    `There is no version ${told} of this bill of material: name the one that the draft was drawn from`,
    { fields: [{ path: 'drawnFrom', message: 'no such version' }] },
  )
}

/**
 * Whether a bill of material can be what it says.
 *
 * @param known versions of the materials that it names
 * @param inForce the bills of material that hold now
 * @throws DomainError `invalid` (`material.bom-invalid`) naming every line that cannot be
 */
export function assertBom(
  bom: Pick<BillOfMaterial, 'product' | 'lines'>,
  known: readonly Pick<MaterialDefinition, 'code' | 'unit'>[],
  inForce: readonly Pick<BillOfMaterial, 'product' | 'lines'>[],
): void {
  const units = new Map(known.map(({ code, unit }) => [code.toLowerCase(), unit]))
  const problems = bom.lines.flatMap((line, index) => {
    const beside = bom.lines.slice(0, index).find((other) => other.position === line.position && overlap(other, line))
    const texts = [
      ...lineProblems(line, bom.product, units),
      ...(beside === undefined ? [] : [`position ${line.position} holds twice for some piece`]),
    ]
    return texts.map((message) => ({ path: `lines.${index}`, message }))
  })
  if (!units.has(bom.product.toLowerCase())) {
    problems.push({ path: 'product', message: `there is no material ${bom.product}: draft it first` })
  }
  const circle = findCircle(bom, inForce)
  if (circle !== undefined) problems.push({ path: 'lines', message: `a circle: ${circle.join(' needs ')}` })
  if (problems.length === 0) return
  throw new DomainError(
    'invalid',
    'material.bom-invalid',
    `Bill of material of ${bom.product}: ${problems.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    { fields: problems },
  )
}

function lineProblems(line: BomLine, product: string, units: ReadonlyMap<string, string>): string[] {
  const { material, alternates, unit, effectiveFrom, effectiveTo, firstSerial, lastSerial } = line
  const named = [material, ...alternates]
  const unknown = named.filter((code) => !units.has(code.toLowerCase()))
  const others = named.filter((code) => units.has(code.toLowerCase()) && units.get(code.toLowerCase()) !== unit)
  const isBack = effectiveFrom !== null && effectiveTo !== null && effectiveFrom >= effectiveTo
  const isSerialBack = firstSerial !== null && lastSerial !== null && compareSerials(firstSerial, lastSerial) > 0
  return [
    ...unknown.map((code) => `there is no material ${code}: draft it first`),
    ...others.map((code) => `${code} is counted in ${units.get(code.toLowerCase())}, not in ${unit}`),
    ...(named.some((code) => code.toLowerCase() === product.toLowerCase()) ? [`${product} would need itself`] : []),
    ...(new Set(named.map((code) => code.toLowerCase())).size < named.length ? ['a material is named twice'] : []),
    ...(isBack ? ['it ends before it begins'] : []),
    ...(isSerialBack ? [`serial ${lastSerial} comes before ${firstSerial}`] : []),
  ]
}

/** Whether there is an instant and a serial for which both lines hold. */
function overlap(a: BomLine, b: BomLine): boolean {
  const until = (line: BomLine): number => line.effectiveTo ?? Number.POSITIVE_INFINITY
  if (Math.max(a.effectiveFrom ?? 0, b.effectiveFrom ?? 0) >= Math.min(until(a), until(b))) return false
  const before = (x: BomLine, y: BomLine): boolean =>
    x.lastSerial !== null && y.firstSerial !== null && compareSerials(x.lastSerial, y.firstSerial) < 0
  return !before(a, b) && !before(b, a)
}

/** The way from the product down to itself, if there is one. */
function findCircle(
  bom: Pick<BillOfMaterial, 'product' | 'lines'>,
  inForce: readonly Pick<BillOfMaterial, 'product' | 'lines'>[],
): string[] | undefined {
  const top = bom.product.toLowerCase()
  const needs = new Map(inForce.map(({ product, lines }) => [product.toLowerCase(), lines]))
  needs.set(top, bom.lines)
  const seen = new Set<string>()
  const look = (code: string, way: readonly string[]): string[] | undefined => {
    for (const line of needs.get(code) ?? []) {
      for (const named of [line.material, ...line.alternates]) {
        const next = named.toLowerCase()
        if (next === top && way.length > 1) return [...way, bom.product]
        if (next === top || seen.has(next)) continue
        seen.add(next)
        const found = look(next, [...way, named])
        if (found !== undefined) return found
      }
    }
    return undefined
  }
  return look(top, [bom.product])
}
