import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { DomainError, messageOf } from '@throughline/kernel'
import type { Delivery } from './delivery.ts'
import { assertWebhookAddress, lookupAllowed } from './webhook-address.ts'

const defaultTimeoutMs = 10_000

export interface WebhookOptions {
  /** Whether it may go to this server itself and to its own link. */
  readonly allowLocal: boolean
  readonly timeoutMs?: number
}

/**
 * Posts JSON, once. `Idempotency-Key` is the same for each attempt, so that a receiver can tell a repetition. Redirects are
 * not followed: they could lead anywhere.
 */
export async function postWebhook(url: string, key: string, body: unknown, options: WebhookOptions): Promise<Delivery> {
  const { allowLocal, timeoutMs = defaultTimeoutMs } = options
  try {
    assertWebhookAddress(url, allowLocal)
    return deliveryOf(await statusOf(url, key, JSON.stringify(body), allowLocal, timeoutMs))
  } catch (error) {
    if (error instanceof DomainError) return { isDone: false, fault: error.message, mayRepeat: false }
    const fault = isTimeout(error) ? `no answer within ${timeoutMs / 1000} s` : messageOf(error)
    return { isDone: false, fault, mayRepeat: true }
  }
}

function statusOf(url: string, key: string, body: string, allowLocal: boolean, timeoutMs: number): Promise<number> {
  const request = new URL(url).protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': key,
    'user-agent': 'Throughline',
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method: 'POST',
        headers,
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        ...(allowLocal ? {} : { lookup: lookupAllowed }),
      },
      (answer) => {
        // Only the status counts: what else it says may be endless.
        resolve(answer.statusCode ?? 0)
        answer.destroy()
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return { isDone: true }
  if (status >= 300 && status < 400) {
    return { isDone: false, fault: `answered ${status}: redirects are not followed`, mayRepeat: false }
  }
  return { isDone: false, fault: `answered ${status}`, mayRepeat: status >= 500 || status === 408 || status === 429 }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
