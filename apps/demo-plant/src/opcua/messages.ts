import type { SampleValue } from '@throughline/model'

/** A value on its way to the server's address space: place in `plantTags`, value, source time in ms. */
export type ValueMessage = readonly [tag: number, value: SampleValue, atMs: number]

/** Plant → server process. */
export type ToServer =
  | { readonly type: 'values'; readonly values: readonly ValueMessage[] }
  | { readonly type: 'written'; readonly id: number; readonly taken: boolean }
  | { readonly type: 'stop' }

/** Server process → plant. */
export type FromServer =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'write'; readonly id: number; readonly tag: number; readonly value: SampleValue }
