import { useQuery } from '@tanstack/react-query'
import type { Asset } from '@throughline/model'
import { listAssets } from '@throughline/model'
import { ask } from '../../door/queries.ts'
import { unusable } from '../../equipment/asset/asset-words.ts'
import { useNow } from '../../performance/machine/performance-hooks.ts'

/** The scales of the plant, and the one in use. */
export interface Scales {
  /** Undefined = not read yet. */
  readonly all: readonly { readonly scale: Asset; readonly problem: string | undefined }[] | undefined
  readonly chosen: Asset | undefined
  readonly error: Error | null
}

/** Where only one scale may be used, it is the one. */
export function useScales(code: string | undefined): Scales {
  const now = useNow(30_000)
  const { data, error } = useQuery({ ...ask(listAssets, { kind: 'scale' }), staleTime: 30_000 })
  const all = data
    ?.filter(({ state }) => state !== 'retired')
    .map((scale) => ({ scale, problem: unusable(scale, now) }))
  const usable = all?.filter(({ problem }) => problem === undefined) ?? []
  const named = all?.find(({ scale }) => scale.code.toLowerCase() === code?.toLowerCase())
  const only = usable.length === 1 ? usable[0] : undefined
  return { all, chosen: (code === undefined ? only : named)?.scale, error }
}
