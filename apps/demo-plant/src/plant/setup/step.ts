import type { Operation } from '@throughline/model'
import type { z } from 'zod'

/** What stands in place of an id in a setup file: a node or a tag by its path, or what an earlier step answered. */
export type Reference =
  | { readonly $node: string }
  | { readonly $tag: string }
  | { readonly $step: string; readonly field: string }

type Referring<Value> = Value extends string
  ? Value | Reference
  : Value extends readonly (infer Item)[]
    ? readonly Referring<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Referring<Value[Key]> }
      : Value

/** One operation that the plant is set up with. */
export interface SetupStep {
  readonly id: string
  readonly operation: string
  readonly input: unknown
}

export const step = <Input extends z.ZodType, Output extends z.ZodType>(
  id: string,
  operation: Operation<Input, Output>,
  input: Referring<z.input<Input>>,
): SetupStep => ({ id, operation: operation.name, input })
