import { useQuery } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import { listDeviations, listLots, listMaterialDefinitions, listOrders } from '@throughline/model'
import { ask } from '../door/queries.ts'
import { orderStateWords } from '../execution/order/order-words.ts'
import { lotStatusWords } from '../material/lot/lot-words.ts'
import { deviationStateWords } from '../quality/deviation/deviation-words.ts'

export type FoundKind = 'order' | 'lot' | 'deviation' | 'material'

/** Something that a search found, by which it is opened, and what is said of it. */
export interface FoundRecord {
  readonly kind: FoundKind
  readonly code: string
  readonly about: string
}

const mostOfEach = 6
const shared = { placeholderData: <Data>(before: Data | undefined) => before, staleTime: 10_000 }

/** Orders, lots, deviations and materials whose code, or words, hold what is typed; of each kind that one may read. */
export function useFoundRecords(words: string): {
  readonly found: readonly FoundRecord[]
  readonly isFetching: boolean
} {
  const { session } = useRouteContext({ from: '/app' })
  const search = words.slice(0, 60)
  const may = (permission: (typeof session.permissions)[number]): boolean =>
    search !== '' && session.permissions.includes(permission)
  const orders = useQuery({
    ...{ ...ask(listOrders, { search, limit: mostOfEach }), ...shared, enabled: may('execution.read') },
  })
  const lots = useQuery({
    ...{ ...ask(listLots, { search, limit: mostOfEach }), ...shared, enabled: may('material.read') },
  })
  const deviations = useQuery({
    ...{ ...ask(listDeviations, { search, limit: mostOfEach }), ...shared, enabled: may('quality.read') },
  })
  const materials = useQuery({ ...ask(listMaterialDefinitions, {}), enabled: may('material.read'), staleTime: 60_000 })
  if (search === '') return { found: [], isFetching: false }
  const found: FoundRecord[] = [
    ...(orders.data?.orders ?? []).map(({ code, product, state }) => ({
      ...{ kind: 'order' as const, code, about: `${product}, ${orderStateWords[state].toLowerCase()}` },
    })),
    ...(lots.data?.lots ?? []).map(({ code, material, status }) => ({
      ...{ kind: 'lot' as const, code, about: `${material}, ${lotStatusWords[status].toLowerCase()}` },
    })),
    ...(deviations.data?.deviations ?? []).map(({ code, title, state }) => ({
      ...{ kind: 'deviation' as const, code, about: `${title}, ${deviationStateWords[state].toLowerCase()}` },
    })),
    ...(materials.data ?? [])
      .filter(({ code, name }) => search.split(/\s+/).every((word) => `${code} ${name}`.toLowerCase().includes(word)))
      .slice(0, mostOfEach)
      .map(({ code, name }) => ({ kind: 'material' as const, code, about: name })),
  ]
  return { found, isFetching: [orders, lots, deviations].some((query) => query.isFetching) }
}
