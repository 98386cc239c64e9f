import type { ErrorKind } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'
import type { SampleValue } from '@throughline/model'
import type { DatabaseConfig } from './database.ts'
import type { Correction, ReductionRequest, ResolvedBatch } from './sample-store.ts'

/** What the main thread asks the worker to do; an `append` is answered when it is committed. */
export type Request = { readonly method: 'append'; readonly resolved: ResolvedBatch } | Question

/** Everything but `append`: answered one by one. */
export type Question =
  | {
      readonly method: 'listRaw'
      readonly tagId: string
      readonly from: number
      readonly to: number
      readonly limit: number
    }
  | { readonly method: 'reduce'; readonly request: ReductionRequest }
  | {
      readonly method: 'timeInState'
      readonly tagId: string
      readonly from: number
      readonly to: number
      readonly now: number
    }
  | { readonly method: 'listParked' }
  | { readonly method: 'unpark'; readonly source: string; readonly tagId: string; readonly expectedKind: number }
  | { readonly method: 'correct'; readonly corrections: readonly Correction[] }
  | { readonly method: 'dropBefore'; readonly raw: number | null; readonly minute: number | null }
  | {
      readonly method: 'exportParquet'
      readonly tagIds: readonly string[]
      readonly from: number
      readonly to: number
      readonly name: string
    }
  | { readonly method: 'rollUp'; readonly now: number }
  | { readonly method: 'stats' }
  | { readonly method: 'close' }

export interface Envelope {
  readonly id: number
  readonly request: Request
}

export interface WorkerSettings extends DatabaseConfig {
  /** A commit waits so long for company, ms. */
  readonly commitEveryMs: number
}

/** The newest samples that a commit brought, one row a tag. */
export interface LastRow {
  readonly tag: string
  readonly at: number
  readonly serverAt: number
  readonly value: SampleValue | null
  readonly status: number
}

export interface WireError {
  readonly kind: ErrorKind
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown>
}

export type Reply =
  | { readonly type: 'ready'; readonly cursors: ReadonlyMap<string, number>; readonly last: readonly LastRow[] }
  | { readonly type: 'last'; readonly last: readonly LastRow[] }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number | null; readonly error: WireError }

/** Errors cross threads as data: the class of a cloned error is lost. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof DomainError) {
    return { kind: thrown.kind, code: thrown.code, message: thrown.message, details: { ...thrown.details } }
  }
  return { kind: 'defect', code: 'historian.store-failed', message: messageOf(thrown), details: {} }
}

export function fromWireError(error: WireError): DomainError {
  return new DomainError(error.kind, error.code, error.message, error.details)
}
