import type { DocumentKind } from '@throughline/model'
import { unreadable } from '../failure.ts'
import type { ReadingOptions } from '../options.ts'
import type { FileContent } from './content.ts'
import { readJson } from './json.ts'
import { readQif } from './qif.ts'
import { readCsv } from './table.ts'
import { decodeText } from './text.ts'

/** What this driver can read. */
export type ReadKind = Extract<DocumentKind, 'csv' | 'json' | 'qif'>

const kinds: Readonly<Record<string, ReadKind>> = { csv: 'csv', json: 'json', qif: 'qif', xml: 'qif' }

/** What a file is, by the option or the end of its name; undefined = nothing that is read here. */
export function kindOf(name: string, option: ReadingOptions['kind']): ReadKind | undefined {
  if (option !== 'auto') return option
  return kinds[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '']
}

/**
 * Makes of a file's bytes what is in them.
 * @throws DomainError `invalid` (`file.unreadable`) saying what is wrong with it
 */
export async function readFileContent(
  bytes: Uint8Array,
  kind: ReadKind,
  options: ReadingOptions,
): Promise<FileContent> {
  if (bytes.length === 0) throw unreadable('It is empty')
  const text = decodeText(bytes, options.encoding)
  if (text.includes('\0'))
    throw unreadable('It holds zero bytes, which no text does: it is binary or was not written to its end')
  switch (kind) {
    case 'csv':
      return readCsv(text, options)
    case 'json':
      return readJson(text, options)
    case 'qif':
      return await readQif(text, options)
  }
}
