import type { BrowseItem, DecimalMark, DriverTag } from '@throughline/edge'
import { scalarOf, typeOf } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { addressOf, familyOf, parseAddress } from './address.ts'
import type { ReadFile } from './newest-files.ts'
import type { ReadingOptions } from './options.ts'
import type { FileRecord } from './read/content.ts'

/** What one file says to the tags: a sample of each record that has the tag's field, in the file's order. */
export function samplesOf(
  tags: readonly DriverTag[],
  { name, modifiedMs, content }: ReadFile,
  decimal: DecimalMark,
  serverAt: Instant,
  fault: (cause: string, example: string) => void,
): Sample[] {
  const written = fromMs(modifiedMs)
  return tags.flatMap((tag) => {
    const { matches, field } = parseAddress(tag.address)
    if (!matches(name)) return []
    return content.records.flatMap((record): Sample[] => {
      const raw = record.get(field)
      if (raw === undefined) return []
      const { value, status, fault: cause } = scalarOf(raw, tag.dataType, decimal)
      if (cause !== undefined) fault(cause, `${name}#${field} is no ${tag.dataType}`)
      return [{ tag: tag.tag, at: record.at ?? written, serverAt, value, status }]
    })
  })
}

/** The kinds of files that came lately, and what is in them. */
export function* browseFiles(
  files: readonly ReadFile[],
  address: string | null,
  { decimal }: ReadingOptions,
): Iterable<BrowseItem> {
  const families = Map.groupBy(files, (file) => familyOf(file.name))
  if (address === null) {
    for (const family of families.keys()) {
      yield { address: family, name: family, kind: 'folder', dataType: null, writable: false }
    }
    return
  }
  const fields = new Map<string, FileRecord>()
  for (const { content } of families.get(address) ?? []) {
    for (const record of content.records)
      for (const field of record.fields) if (!fields.has(field)) fields.set(field, record)
  }
  const name = families.get(address)?.[0]?.name
  if (name === undefined) return
  for (const [field, record] of fields) {
    const dataType = typeOf(record.get(field) ?? '', decimal)
    yield { address: addressOf(name, field), name: field, kind: 'variable', dataType, writable: false }
  }
}
