import type { ErrorKind } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import type { Operation } from './operation.ts'

/** A page that asks by itself, with nobody at it, says so in this header: its requests keep no session alive. */
export const unattendedHeader = 'x-throughline-unattended'

/** An RFC 9457 problem document: what the server answers when it refuses. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** The stable code of the error. */
  code: z.string(),
  kind: z.string(),
  /** What a person quotes when asking for help. */
  instance: z.string(),
  /** For `platform.input-invalid`: every field that is wrong. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof Problem>

/** Asks the server to perform an operation; a refusal comes as the same `DomainError` that the server threw. */
export type Client = <Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  input: z.input<Input>,
  options?: { signal?: AbortSignal; idempotencyKey?: string },
) => Promise<z.output<Output>>

export interface ClientConfig {
  /** Without a slash at the end; empty for a page served by the plant itself. */
  readonly baseUrl: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof fetch
}

/** The typed client of web, CLI and edge agent, made from the operations themselves. */
export function createClient(config: ClientConfig): Client {
  const send = config.fetch ?? fetch
  return async (operation, input, options = {}) => {
    const response = await send(`${config.baseUrl}/api/${operation.name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...config.headers,
        ...(operation.mutates ? { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() } : {}),
      },
      body: JSON.stringify(input),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }).catch((error: unknown) => {
      throw new DomainError('unavailable', 'client.server-unreachable', 'The server cannot be reached', {}, error)
    })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return operation.output.parse(body)
    throw errorFrom(response.status, body)
  }
}

function errorFrom(status: number, body: unknown): DomainError {
  const problem = Problem.safeParse(body)
  if (!problem.success) {
    return new DomainError('unavailable', 'client.answer-unreadable', `The server answered ${status} without a reason`)
  }
  const { kind, code, detail, details, instance, fields } = problem.data
  return new DomainError(kind as ErrorKind, code, detail, { ...details, instance, ...(fields ? { fields } : {}) })
}
