import type { BillOfMaterial, Order, WorkDefinition } from '@throughline/model'

type OrderOfProduct = Pick<Order, 'bomId' | 'state'>
type Routing = Pick<WorkDefinition, 'operations' | 'state'>
type Bom = Pick<BillOfMaterial, 'product' | 'lines' | 'state'>

/** Who uses the bill of material of a product, out of the open orders and the newest routings of the product, and the newest bill of each product. */
export function bomUse<O extends OrderOfProduct, R extends Routing>(
  product: string,
  versions: readonly Pick<BillOfMaterial, 'id'>[],
  orders: readonly O[],
  routings: readonly R[],
  boms: readonly Bom[],
) {
  return {
    running: orders.filter(({ bomId }) => versions.some(({ id }) => id === bomId)),
    waiting: orders.filter(({ state }) => state === 'created'),
    routings: routings.filter(
      ({ state, operations }) => state !== 'retired' && operations.some(({ bomPositions }) => bomPositions.length > 0),
    ),
    within: boms
      .filter(({ state, lines }) => state !== 'retired' && lines.some((line) => names(line, product)))
      .map((bom) => bom.product as string),
  }
}

const names = ({ material, alternates }: Bom['lines'][number], product: string): boolean =>
  material === product || alternates.some((each) => each === product)

type Named = { readonly code: string }

/** What retiring it means for each of those who use it, in sentences. */
export function retirementWords(
  product: string,
  use: {
    readonly running: readonly Named[]
    readonly waiting: readonly Named[]
    readonly routings: readonly Named[]
    readonly within: readonly string[]
  },
): string[] {
  const isBuiltIn = use.routings.length > 0
  return [
    use.running.length === 0
      ? 'No open order is made by it.'
      : `${listed(codesOf(use.running))} ${use.running.length === 1 ? 'is made by it, and keeps' : 'are made by it, and keep'} it to the end.`,
    ...(isBuiltIn
      ? [
          `${listed(codesOf(use.routings))} ${use.routings.length === 1 ? 'builds' : 'build'} in positions of it: no new order for ${product} can be released without another version.`,
        ]
      : ['No routing builds in positions of it.']),
    ...(use.waiting.length === 0
      ? []
      : [
          `${listed(codesOf(use.waiting))} ${use.waiting.length === 1 ? 'waits' : 'wait'} for release, and ${isBuiltIn ? 'could not be released any more' : 'would be made without a bill of material'}.`,
        ]),
    ...(use.within.length === 0 ? [] : [`${product} is a part of ${listed(use.within)}.`]),
  ]
}

const codesOf = (all: readonly Named[]): string[] => all.map(({ code }) => code)

const mostNamed = 10

/** `A, B and C`; of many the first ones, and how many more. */
function listed(codes: readonly string[]): string {
  const named = codes.length > mostNamed ? [...codes.slice(0, mostNamed), `${codes.length - mostNamed} more`] : codes
  return named.length < 2 ? named.join('') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`
}
