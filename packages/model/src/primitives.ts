import type { Decimal, Id, Instant } from '@throughline/kernel'
import { compare, parseDecimal, zero } from '@throughline/kernel'
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

/** An exact decimal number as text, `12.5`: quantities of material are never floating point. */
export const DecimalSchema = z.string().transform((text, context): Decimal => {
  const value = parseDecimal(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: `"${text}" is no decimal number: write it like 12.5` })
  return z.NEVER
})

/** A quantity of material above nothing. */
export const PositiveDecimal = DecimalSchema.refine((value) => compare(value, zero) > 0, 'must be above 0')

/** What people and scanners call a thing: `PPG-8552`, `PP-2291`, `BRK-100-00042`. No space, no sign that a label would lose. */
export const Code = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/+-]*$/, 'use letters, digits and . _ / + -, starting with a letter or digit')

/** Life of a definition under version control: only an effective version is used for new work; a running order keeps its own. */
export const VersionState = z.enum(['draft', 'in-review', 'effective', 'retired'])
export type VersionState = z.infer<typeof VersionState>

/** One text in several languages: `{ en: 'Bag leak test', de: 'Dichtprüfung' }`; `en` is always there. */
export const Texts = z
  .record(z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/), z.string().max(4000))
  .refine((texts) => (texts['en'] ?? '').trim() !== '', { error: 'the English text is missing', path: ['en'] })
export type Texts = z.infer<typeof Texts>

/** SHA-256 of a picture, video, page or model in the blob store. */
export const BlobHash = z.string().regex(/^[0-9a-f]{64}$/)

/** The version that the writer of a draft began from; null = not said. */
export const DrawnFrom = z.int().positive().nullable().default(null)
/**
 * Of a draft or a version in review: a version that became effective after the one that it was drawn from, so that what it
 * changed may be missing here; null = none is known.
 */
export const OvertakenBy = z.int().positive().nullable().default(null)
