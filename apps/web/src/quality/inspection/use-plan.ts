import { useQueries, useQuery } from '@tanstack/react-query'
import type { Inspection, Lot, OperationRun, Order } from '@throughline/model'
import {
  getInstruction,
  getLot,
  getOrder,
  listInspections,
  listLots,
  listOrderRuns,
  listWorkDefinitions,
} from '@throughline/model'
import { ask } from '../../door/queries.ts'
import type { PlannedCharacteristic } from './characteristics.ts'
import { plannedOf } from './characteristics.ts'

/** What is known of the piece that is inspected, and what it is to be inspected for. */
export interface InspectionPlan {
  /** Undefined = not read yet; null = no piece of the plant is called so. */
  readonly lot: Lot | null | undefined
  readonly order: Order | undefined
  /** Pieces of the order. */
  readonly pieces: readonly Lot[]
  /** Operations that the piece goes through. */
  readonly runs: readonly OperationRun[]
  /** Of the operation that was chosen; undefined = it is still read. */
  readonly planned: readonly PlannedCharacteristic[] | undefined
  /** Inspections of the piece or of others of its order, newest first. */
  readonly earlier: readonly Inspection[]
}

const stale = { staleTime: 60_000, retry: false } as const

/** Reads the piece, its order, and by the version that the order keeps what the operation is inspected for. */
export function usePlan(piece: string, orderCode: string | undefined, runId: string | undefined): InspectionPlan {
  const lotQuery = useQuery({ ...ask(getLot, { code: piece }), ...stale, enabled: piece !== '' })
  const lot = lotQuery.isError ? null : lotQuery.data
  const byLot = lot?.orderId ?? undefined
  const orderQuery = useQuery({
    ...ask(getOrder, orderCode === undefined ? { orderId: byLot ?? '' } : { code: orderCode }),
    ...stale,
    enabled: orderCode !== undefined || byLot !== undefined,
  })
  const order = orderQuery.data
  const known = { ...stale, enabled: order !== undefined }
  const pieces = useQuery({ ...ask(listLots, { orderId: order?.id ?? '', limit: 500 }), ...known })
  const ofOrder = useQuery({ ...ask(listOrderRuns, { orderId: order?.id ?? '' }), ...known })
  const runs = ofOrder.data?.filter(({ subjects }) => lot == null || subjects.includes(lot.id)) ?? []
  const run = runs.find(({ id }) => id === runId)
  const newest = useQuery({ ...ask(listWorkDefinitions, { product: order?.product ?? '' }), ...known })
  const versions = useQueries({
    queries: (newest.data ?? []).map(({ code }) => ({ ...ask(listWorkDefinitions, { code }), ...stale })),
  })
  const definition = versions.flatMap(({ data }) => data ?? []).find(({ id }) => id === order?.workDefinitionId)
  const instruction = useQuery({
    ...ask(getInstruction, { instructionId: run?.instructionId ?? '' }),
    ...stale,
    enabled: run?.instructionId != null,
  })
  const isRead =
    (order === undefined || !newest.isPending) &&
    versions.every(({ isPending }) => !isPending) &&
    (run?.instructionId == null || !instruction.isPending)
  const earlier = useQuery({
    ...ask(
      listInspections,
      order === undefined ? { lotId: lot?.id ?? '', limit: 20 } : { orderId: order.id, limit: 20 },
    ),
    ...stale,
    enabled: order !== undefined || lot != null,
  })
  return {
    ...{ lot, order, runs, pieces: pieces.data?.lots ?? [], earlier: earlier.data?.inspections ?? [] },
    planned:
      run === undefined
        ? []
        : isRead
          ? plannedOf(
              definition?.operations.find(({ sequence }) => sequence === run.sequence),
              instruction.data,
            )
          : undefined,
  }
}
