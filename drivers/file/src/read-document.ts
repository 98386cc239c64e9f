import type { ParsedDocument } from '@throughline/model'
import { parseOptions } from './options.ts'
import type { ReadKind } from './read/read-file.ts'
import { readFileContent } from './read/read-file.ts'

/** What a file of measured results says, read as a connection without options of its own would read it. */
export async function readDocument(bytes: Uint8Array, kind: ReadKind): Promise<ParsedDocument> {
  const { reading } = parseOptions('file:///', { document: true })
  const { document } = await readFileContent(bytes, kind, reading)
  return document ?? { results: [], curves: [], statistics: [] }
}
