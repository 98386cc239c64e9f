import type { JsonNode } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import type { DocumentKind, ParsedDocument } from '@throughline/model'

/** One row of a table, one object of a list, or the result of one part. */
export interface FileRecord {
  /** Null = it says none, or none that can be read: then it counts from when the file was written. */
  readonly at: Instant | null
  /** Undefined = it has no such field. */
  get(field: string): JsonNode | undefined
  /** The fields that can be told without asking for one. */
  readonly fields: readonly string[]
}

/** What was found wrong with a part of a file that is worth keeping all the same. */
export interface ContentFault {
  readonly cause: string
  readonly example: string
}

export interface FileContent {
  readonly kind: DocumentKind
  readonly records: readonly FileRecord[]
  /** Null: the file carries readings only. */
  readonly document: ParsedDocument | null
  readonly faults: readonly ContentFault[]
}
