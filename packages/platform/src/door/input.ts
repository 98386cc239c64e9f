import { DomainError } from '@throughline/kernel'
import type { Operation } from '@throughline/model'
import { SignatureInput } from '@throughline/model'
import { z } from 'zod'
import { holdsUnstorableText, unstorableTextProblem } from './storable-text.ts'

/**
 * Checks what was asked against the operation's input schema.
 * @throws DomainError `invalid`: `platform.input-invalid`, whose `details.fields` names every field that is wrong, or
 * `platform.text-unstorable`
 */
export function parseInput(operation: Operation, input: unknown): unknown {
  const parsed = operation.input.safeParse(input)
  if (parsed.success) {
    if (!holdsUnstorableText(parsed.data)) return parsed.data
    throw new DomainError('invalid', 'platform.text-unstorable', `Refused: ${unstorableTextProblem}`, {
      operation: operation.name,
    })
  }
  const fields = parsed.error.issues.map((issue) => ({
    path: issue.path.join('.') || '(body)',
    message: issue.message,
  }))
  throw new DomainError('invalid', 'platform.input-invalid', z.prettifyError(parsed.error), {
    operation: operation.name,
    fields,
  })
}

const hidden = '•••'

/**
 * The input as the audit trail may hold it: secrets are replaced, their presence stays visible. Where an operation has
 * secrets, so is everything that is not a field of its input: a misspelt password is a password.
 */
export function withoutSecrets(operation: Operation, input: unknown): unknown {
  const { secrets = [], signature } = operation
  if (secrets.length === 0 && signature === undefined) return input
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return hidden
  const fields = operation.input instanceof z.ZodObject ? Object.keys(operation.input.shape) : []
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => {
      if (signature !== undefined && key === 'signature') return [key, withoutProof(value)]
      return fields.includes(key) && !secrets.includes(key)
        ? [key, value]
        : [fields.includes(key) ? key : hidden, hidden]
    }),
  )
}

/** Of a signature the trail holds what was signed for, never what proved the signer. */
function withoutProof(signature: unknown): unknown {
  const told = SignatureInput.omit({ proof: true }).partial().safeParse(signature)
  return told.success ? { ...told.data, proof: hidden } : hidden
}
