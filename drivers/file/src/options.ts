import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DocumentFields } from '@throughline/edge'
import { documentFields, JsonPath, TimeReader } from '@throughline/edge'
import { DomainError, messageOf } from '@throughline/kernel'
import { z } from 'zod'

const separators = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const
const Name = z.string().min(1).max(500)

/** Every option of a connection to a folder, as its owner types it. */
const Options = z.strictObject({
  /** A file is taken once its size and time have not changed for so long. */
  settleMs: z.int().min(0).max(3_600_000).default(5000),
  /** How often the folder is looked through. */
  scanMs: z.int().min(10).max(3_600_000).default(1000),
  timeoutMs: z.int().min(50).max(60_000).default(5000),
  maxMb: z.number().min(0.001).max(50).default(20),
  subfolders: z.boolean().default(true),
  /** Absolute path; default `archive` in the folder itself. */
  archive: Name.refine(isAbsolute, 'must be an absolute path').optional(),
  /** What all files are, whatever their names end in. */
  kind: z.enum(['auto', 'csv', 'json', 'qif']).default('auto'),
  encoding: z.enum(['auto', 'utf-8', 'utf-16le', 'latin1']).default('auto'),
  separator: z.enum(['comma', 'semicolon', 'tab', 'bar']).default('comma'),
  decimal: z.enum(['.', ',']).default('.'),
  /** Time zone of times without an offset. */
  zone: z.string().default('UTC'),
  /** Column or path of a record's time; default: when the file was written. */
  time: Name.optional(),
  timeFormat: Name.optional(),
  /** JSON only: path to the array of records. */
  records: Name.optional(),
  /** Whether the server gets the whole file; default: QIF, and everything with the option `characteristic`. */
  document: z.boolean().optional(),
  ...Object.fromEntries(documentFields.map((field) => [field, Name.optional()])),
})

/** How to work with one folder. */
export interface FileOptions {
  readonly folder: string
  readonly archive: string
  readonly refused: string
  readonly settleMs: number
  readonly scanMs: number
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly subfolders: boolean
  readonly reading: ReadingOptions
}

/** How to read its files. */
export interface ReadingOptions {
  readonly kind: 'auto' | 'csv' | 'json' | 'qif'
  readonly encoding: 'auto' | 'utf-8' | 'utf-16le' | 'latin1'
  readonly separator: string
  readonly decimal: '.' | ','
  readonly times: TimeReader
  readonly time: string | null
  readonly records: JsonPath | null
  readonly document: boolean | null
  readonly fields: DocumentFields
}

/**
 * Checks an endpoint such as `file:///drop/cmm-01` and its options.
 * @throws DomainError `invalid` naming the endpoint or the option
 */
export function parseOptions(
  endpoint: string,
  options: Readonly<Record<string, string | number | boolean>>,
): FileOptions {
  const folder = folderOf(endpoint)
  const parsed = Options.safeParse(options)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; ')
    throw new DomainError('invalid', 'file.option-invalid', `An option of the file connection is wrong: ${wrong}`)
  }
  const given = parsed.data
  const fields = documentFields.flatMap((field) => {
    const name = options[field]
    return typeof name === 'string' ? [[field, name]] : []
  })
  return {
    folder,
    archive: given.archive ?? join(folder, 'archive'),
    refused: join(folder, 'refused'),
    ...{ settleMs: given.settleMs, scanMs: given.scanMs, timeoutMs: given.timeoutMs },
    maxBytes: Math.round(given.maxMb * 1e6),
    subfolders: given.subfolders,
    reading: {
      ...{ kind: given.kind, encoding: given.encoding, decimal: given.decimal },
      separator: separators[given.separator],
      times: new TimeReader(given.zone, given.timeFormat ?? null),
      time: given.time ?? null,
      records: given.records === undefined ? null : new JsonPath(given.records),
      document: given.document ?? null,
      fields: Object.fromEntries(fields),
    },
  }
}

function folderOf(endpoint: string): string {
  try {
    const url = new URL(endpoint)
    if (url.protocol !== 'file:') throw new Error('it does not begin with file://')
    return fileURLToPath(url).replace(/(.)[\\/]+$/, '$1')
  } catch (error) {
    const message = `"${endpoint}" is not an endpoint of a folder (${messageOf(error)}): write file:///drop/cmm-01`
    throw new DomainError('invalid', 'file.endpoint-invalid', message, {}, error)
  }
}
