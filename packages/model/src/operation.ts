import type { z } from 'zod'
import type { SignatureMeaning } from './identity/signature.ts'
import type { Permission } from './permission.ts'

/**
 * Where in the ISA-95 hierarchy the actor must hold the permission:
 * `plant` = for the whole plant; `any` = at some node, and the handler narrows its answer to `uow.scopes`;
 * a function = at the node (or above it) whose id it takes from the input.
 */
export type OperationScope<Input> = 'plant' | 'any' | ((input: Input) => string)

/** `anyone` needs no session (signing in); `signed-in` needs a session and no permission (who am I). Both are rare and listed in a test. */
export type OperationPermission = Permission | 'anyone' | 'signed-in'

/**
 * One thing that a person or a system may ask the platform to do. From this one value come the route
 * `POST /api/<name>`, the OpenAPI document, the typed client, the CLI command and the audit entry.
 */
export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `<module>.<noun>.<verb>`, kebab-case words. Public and permanent. */
  readonly name: `${string}.${string}.${string}`
  /** One imperative sentence without a full stop. */
  readonly summary: string
  readonly input: Input
  readonly output: Output
  readonly permission: OperationPermission
  // biome-ignore lint/suspicious/noExplicitAny: a scope function reads its own input type, which the registry forgets
  readonly scope: OperationScope<any>
  /**
   * The meanings that this may be signed with. Its input then has a field `signature` (`SignatureInput`): the door checks
   * who signs before anything happens, and the handler signs the record with `uow.sign` in the same transaction.
   */
  readonly signature?: readonly SignatureMeaning[]
  /**
   * True when a session alone is not enough: the person behind it must have proved a credential within the last five
   * minutes. API keys and the product itself have nothing to prove anew and are exempt.
   */
  readonly stepUp?: true
  /** True when it changes state: then it needs an idempotency key, and leaves an audit entry also when it succeeds. */
  readonly mutates: boolean
  /** Input fields that must never be written to the audit trail or a log (passwords, keys). */
  readonly secrets?: readonly string[]
  /** Works also while the caller's session is locked: signing out, unlocking. */
  readonly whileLocked?: boolean
  /** The answer holds a secret that is shown once: it is not kept for a repeated request. */
  readonly answersOnce?: boolean
}

const registry = new Map<string, Operation>()

/** Defines an operation and enters it in the one registry; a name that is taken is a defect found at import. */
export function operation<Input extends z.ZodType, Output extends z.ZodType>(
  spec: Operation<Input, Output> & { readonly scope: OperationScope<z.output<Input>> },
): Operation<Input, Output> {
  if (registry.has(spec.name)) throw new Error(`Two operations are called ${spec.name}`)
  registry.set(spec.name, spec)
  return spec
}

/** Every operation of the product, by name: what server, CLI and OpenAPI document are made from. */
export function listOperations(): readonly Operation[] {
  return [...registry.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
