import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DomainError, messageOf } from '@throughline/kernel'
import type { DocumentKind } from '@throughline/model'
import type { InspectionFile } from './inspection-file.ts'
import { readInspectionFile } from './inspection-file.ts'
import type { PartName } from './parts.ts'
import { partIn } from './parts.ts'
import { endLineOf, operationBy } from './program.ts'
import type { Trace } from './trace.ts'
import { readTrace } from './trace.ts'

/** A file as it lies there. */
export interface Original {
  readonly name: string
  readonly sha256: string
  readonly bytes: Uint8Array
  readonly kind: DocumentKind
}

export interface TraceFile extends Trace {
  readonly file: Original
  readonly part: PartName
  readonly operation: number
  readonly serial: number
}

/** A program, with the operation that is proved to have run it; null = none is. */
export interface Program {
  readonly file: Original
  readonly ranAs: { readonly part: PartName; readonly operation: number } | null
}

/** The files of the test bed that are there, read and checked. */
export interface DataSet {
  /** How many assemblies there are: `01of20`. */
  readonly count: number
  readonly traces: readonly TraceFile[]
  readonly programs: readonly Program[]
  readonly inspections: readonly (InspectionFile & { readonly file: Original })[]
  /** Every file that goes into the store of files. */
  readonly originals: readonly Original[]
}

const tracePattern = /^split-([A-Za-z]+)-Op(\d+)-([A-Za-z0-9]+)-(\d+)of(\d+)\.txt$/
const inspectionPattern = /^(fair|incoming)-([a-z]+)\.qif$/
const otherPattern = /^(Devices|mtconnect-.+)\.xml$/

/**
 * Reads all of the folder before anything is done with it, so that a bad file leaves nothing half imported.
 * @throws DomainError `invalid` naming each bad file, its line, and what to do
 */
export async function readDataSet(folder: string): Promise<DataSet> {
  const names = namesIn(folder)
  const problems: string[] = []
  const attempt = async <Result>(read: () => Result | Promise<Result>): Promise<Result[]> => {
    try {
      return [await read()]
    } catch (error) {
      problems.push(messageOf(error))
      return []
    }
  }
  const traces: TraceFile[] = []
  const inspections: DataSet['inspections'][number][] = []
  const others: Original[] = []
  const counts = new Set<number>()
  for (const name of names) {
    const trace = tracePattern.exec(name)
    const inspection = inspectionPattern.exec(name)
    if (trace !== null) {
      counts.add(Number(trace[5]))
      traces.push(...(await attempt(() => traceFile(folder, name, trace))))
    } else if (inspection !== null) {
      inspections.push(...(await attempt(() => inspectionFile(folder, name, inspection))))
    } else if (otherPattern.test(name)) others.push(original(folder, name, 'xml'))
  }
  const programs: Program[] = []
  for (const name of names.filter((each) => /\.nc$/i.test(each))) {
    programs.push(...(await attempt(() => programIn(original(folder, name, 'text'), traces))))
  }
  problems.push(...gapsIn(traces), ...countProblems(counts, traces, inspections, folder))
  if (problems.length > 0) throw badFiles(problems)
  const files = [...traces, ...programs, ...inspections].map(({ file }) => file)
  return { count: Math.max(...counts), traces, programs, inspections, originals: [...files, ...others] }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    const message = `${folder} cannot be read: ${messageOf(error)}. Name the folder that holds the files of the test bed`
    throw new DomainError('invalid', 'import.folder-unreadable', message, { folder }, error)
  }
}

function original(folder: string, name: string, kind: DocumentKind): Original {
  const bytes = readFileSync(join(folder, name))
  return { name, kind, bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function traceFile(folder: string, name: string, [, partText = '', op, machine, serial]: RegExpExecArray): TraceFile {
  const part = partNamed(partText, name)
  if (machine !== 'Hurco04') {
    throw new DomainError(
      'invalid',
      'import.machine-unknown',
      `${name}: this import knows the machine Hurco04, and not ${machine}. Take the file out of the folder`,
    )
  }
  const file = original(folder, name, 'text')
  const trace = readTrace(new TextDecoder().decode(file.bytes), name)
  return { ...trace, file, part, operation: Number(op), serial: Number(serial) }
}

async function inspectionFile(folder: string, name: string, [, kind, partText = '']: RegExpExecArray) {
  const about = { kind: kind === 'fair' ? 'first-article' : 'incoming', part: partNamed(partText, name) } as const
  const file = original(folder, name, 'qif')
  return { ...(await readInspectionFile(file.bytes, name, about)), file }
}

function partNamed(text: string, name: string): PartName {
  const part = partIn(text)
  if (part !== undefined) return part
  const message = `${name}: the assembly has no part "${text}", but box, cover and plate. Take the file out of the folder`
  throw new DomainError('invalid', 'import.part-unknown', message)
}

function programIn(file: Original, traces: readonly TraceFile[]): Program {
  const operations = [...Map.groupBy(traces, ({ part, operation }) => `${part} ${operation}`).values()].map(
    (group) => ({
      part: group[0]?.part ?? '',
      operation: group[0]?.operation ?? 0,
      lastBlocks: group.map(({ lastBlock }) => lastBlock),
    }),
  )
  const found = operationBy(endLineOf(new TextDecoder().decode(file.bytes), file.name), file.name, operations)
  const part = found === null ? undefined : partIn(found.part)
  return { file, ranAs: found === null || part === undefined ? null : { part, operation: found.operation } }
}

/** A piece that went through one operation went through all: what is missing is a file, not work that was not done. */
function gapsIn(traces: readonly TraceFile[]): string[] {
  const byPart = [...Map.groupBy(traces, ({ part }) => part)]
  return byPart.flatMap(([part, of]) => {
    const operations = [...new Set(of.map(({ operation }) => operation))].sort((a, b) => a - b)
    return [...Map.groupBy(of, ({ serial }) => serial)].flatMap(([serial, own]) => {
      const missing = operations.filter((each) => !own.some(({ operation }) => operation === each))
      if (missing.length === 0) return orderProblems(own)
      const piece = `${part} ${String(serial).padStart(2, '0')}`
      return [`${piece}: the trace of operation ${missing.join(', ')} is missing. Add the file, or take out its others`]
    })
  })
}

function orderProblems(own: readonly TraceFile[]): string[] {
  const sorted = own.toSorted((a, b) => a.operation - b.operation)
  return sorted.flatMap((trace, index) => {
    const before = sorted[index - 1]
    if (before === undefined || before.to <= trace.from) return []
    return [`${trace.file.name}: it begins before ${before.file.name} ends. Check which files belong to this piece`]
  })
}

function countProblems(
  counts: ReadonlySet<number>,
  traces: readonly TraceFile[],
  inspections: readonly InspectionFile[],
  folder: string,
): string[] {
  if (counts.size === 0)
    return [`${folder}: there is no trace (split-Cover-Op1-Hurco04-01of20.txt). Name another folder`]
  const [count = 0, another] = counts
  if (another !== undefined) return [`The traces are of ${count} and of ${another} pieces. Keep those of one series`]
  const serials = [...traces.map(({ serial }) => serial), ...inspections.flatMap(({ pieces }) => [...pieces.keys()])]
  const beyond = serials.filter((serial) => serial !== null && (serial < 1 || serial > count))
  if (beyond.length === 0) return []
  return [
    `There is a piece ${[...new Set(beyond)].join(', ')}, and the series has ${count}. Check the file that names it`,
  ]
}

const badFiles = (problems: readonly string[]): DomainError =>
  new DomainError(
    'invalid',
    'import.files-bad',
    `Nothing was imported:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    { problems },
  )
