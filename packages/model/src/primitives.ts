import type { Id, Instant } from '@throughline/kernel'
import { z } from 'zod'

/** The schema of an `Id` of one noun; any UUID passes, the noun lives in the types alone. */
export const idOf = <Noun extends string>() => z.uuid().transform((value) => value as Id<Noun>)

/** UTC microseconds since 1970, as a whole JSON number. */
export const InstantSchema = z
  .int()
  .nonnegative()
  .transform((value) => value as Instant)

/** A half-open range of time: `from <= at < to`. */
export const Window = z
  .object({ from: InstantSchema, to: InstantSchema })
  .refine((window) => window.from < window.to, { error: 'to must come after from', path: ['to'] })
export type Window = z.infer<typeof Window>

/** A name that is safe as one level of a path or topic: letters, digits, `-`, `_`, `.`; no `/`, `+`, `#` or space. */
export const PathName = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'use letters, digits, ".", "-" or "_", starting with a letter or digit')
