import type { BrokerRights } from './rights.ts'

/** What the broker refuses to carry; every limit protects the others from one client. */
export interface BrokerLimits {
  /** Largest MQTT packet, in bytes. */
  readonly maxPacketBytes: number
  readonly maxConnections: number
  readonly maxTopicLength: number
  readonly maxTopicLevels: number
  /** A subscriber with more than this waiting in its socket is cut. */
  readonly maxQueuedBytes: number
  /** Messages kept for one absent persistent session; more are refused and counted. */
  readonly maxOfflineMessages: number
}

/** What the worker is started with (`workerData`). */
export interface WorkerSettings {
  readonly host: string
  readonly port: number
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly file: string | null
  readonly limits: BrokerLimits
}

/** Main thread → worker. */
export type Order =
  | {
      readonly type: 'rights'
      readonly request: number
      readonly rights: BrokerRights | null
      readonly failed: boolean
    }
  | { readonly type: 'kick'; readonly request: number; readonly username: string }
  | { readonly type: 'close' }

/** Worker → main thread. */
export type Report =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | {
      readonly type: 'authenticate'
      readonly request: number
      readonly username: string
      readonly password: string
      readonly clientId: string
    }
  | { readonly type: 'kicked'; readonly request: number; readonly count: number }
  | { readonly type: 'fault'; readonly cause: string; readonly example: string }
  | { readonly type: 'closed' }

/** The code of a `failed` report that is about the file, not the port. */
export const storeFailed = 'BROKER_STORE_FAILED'
