import { formatInstant } from './instant.ts'
import type { FileAnswer, FilesVerdict, Mention, NamedFiles } from './named-files.ts'
import type { Verdict } from './verdict.ts'
import { visible } from './verdict.ts'

/** What was found about files beside a bundle, as plain text. */
export function printFiles({ verdict, files, notGiven }: FilesVerdict): string {
  const lines = [
    `FILES ${verdict.toUpperCase()}`,
    '',
    ...files.map((file) => `${file.name}: ${saidOf(file)}`),
    ...notGiven.map((mention) => `not given: SHA-256 ${mention.sha256}, ${namedBy(mention)}`),
  ]
  return lines.map(visible).join('\n')
}

/** What is to be said of one file. */
export function saidOf({ sha256, mentions: [first, ...more] }: FileAnswer): string {
  if (first === undefined)
    return `no record in the bundle names a file of these bytes (SHA-256 ${sha256}): it was altered, or it is another one`
  const others = more.length === 0 ? '' : `, and ${more.length} more`
  return `byte for byte the file that was sealed: ${namedBy(first)}${others}`
}

/** Who looks for a file finds the record by this. */
export const namedBy = ({ record, field, place, at }: Mention): string =>
  `named by ${record} (${field}) at place ${place}, ${formatInstant(at)}`

/** That a bundle names files which were not held against it; empty where it names none. */
export function untoldFiles({ count }: NamedFiles, { verdict }: Verdict, given: boolean): string {
  if (given) return 'The files were not compared: the bundle that names them is not what was sealed.'
  if (verdict !== 'valid' || count === 0) return ''
  return `It names ${count} ${count === 1 ? 'file' : 'files'} by hash: give them with --file to compare them.`
}
