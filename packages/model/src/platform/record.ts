import { z } from 'zod'

/** A record as the ledger names it: the table of its main row, and that row's key. */
export const RecordRef = z.object({ kind: z.string().min(3).max(120), id: z.string().min(1).max(200) })
export type RecordRef = z.infer<typeof RecordRef>

/** SHA-256, 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** One version of a record: the hash binds its content and every version before it. */
export const RecordVersion = z.object({ version: z.int().positive(), hash: Sha256 })
export type RecordVersion = z.infer<typeof RecordVersion>
