import { QueryClient, queryOptions } from '@tanstack/react-query'
import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { getCurrentSession, listNodes, listTags } from '@throughline/model'
import type { z } from 'zod'
import { client } from './client.ts'

/** A question to the server as a cached query, keyed by the operation and its input. */
export function ask<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  input: z.input<Input>,
) {
  return queryOptions({
    queryKey: [operation.name, input],
    queryFn: ({ signal }): Promise<z.output<Output>> => client(operation, input, { signal }),
  })
}

export const sessionQuery = { ...ask(getCurrentSession, {}), staleTime: 60_000 }

const modelStaleMs = 60_000

export const nodesQuery = { ...ask(listNodes, {}), staleTime: modelStaleMs }

/** As many tags as one answer may hold: the overview ranks all of them. */
export const tagsQuery = { ...ask(listTags, { limit: 20_000 }), staleTime: modelStaleMs }

/** Tries again only where trying again can help. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 3 && error instanceof DomainError && error.kind === 'unavailable',
        retryDelay: (failures) => Math.min(4000, 500 * 2 ** failures),
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
    },
  })
}
