import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { z } from 'zod'

/**
 * Checks what was asked against the operation's input schema.
 * @throws DomainError `invalid` (`platform.input-invalid`) whose `details.fields` names every field that is wrong
 */
export function parseInput(operation: Operation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.') || '(body)',
    message: issue.message,
  }))
  throw new DomainError('invalid', 'platform.input-invalid', z.prettifyError(parsed.error), {
    operation: operation.name,
    fields,
  })
}

/** The input as the audit trail may hold it: secrets are replaced, their presence stays visible. */
export function withoutSecrets(operation: Operation, input: unknown): unknown {
  const secrets = operation.secrets
  if (secrets === undefined || typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, secrets.includes(key) ? '•••' : value]))
}
