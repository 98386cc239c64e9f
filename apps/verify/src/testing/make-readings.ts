import { createHash } from 'node:crypto'

/** A reading as a file of readings has it. */
export interface ReadingLine {
  at: number
  serverAt: number
  status: number
  value: number | string | null
}

const hash = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()

export const reading = (at: number, value: ReadingLine['value'], status = 0): ReadingLine => ({
  ...{ at, serverAt: at, status, value },
})

const textOf = (lines: readonly ReadingLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
const marksOf = (lines: readonly ReadingLine[]): Buffer =>
  Buffer.concat(lines.map((line) => hash(JSON.stringify(line)).subarray(0, 4)))

/** The row of a seal as the ledger holds it, over 100 µs; its figures are those of `goodReadings`. */
export const sealRow = (id: string, lines: readonly ReadingLine[], more: object = {}) => ({
  ...{ id, run_id: 'run', tag_id: 'tag', version: 1, cause: 'completed', about: 'parameter', name: 'Heat' },
  ...{ tag: 'oven/heat', unit: 'Cel', data_type: 'double', from_at: 100, to_at: 200, samples: lines.length },
  ...{ corrections: [], first_at: lines[0]?.at ?? null, last_at: lines.at(-1)?.at ?? null, sealed_at: 300 },
  ...{ sha256: hash(textOf(lines)).toString('hex'), marks_sha256: hash(marksOf(lines)).toString('hex') },
  ...{ least: 10, most: 40, mean: 25, coverage: 1 },
  ...more,
})

/** 10 for 50 µs, held from before; 40 for 50 µs. */
export const goodReadings: readonly ReadingLine[] = [reading(90, 10), reading(150, 40)]

export const readingsHeader = (ledger: string) => ({
  ...{ line: 'header', format: 'throughline-readings/1', ledger, plant: 'Works', of: 'P-1', exportedAt: 1 },
})

export const sealLine = (line: 'window' | 'earlier', seal: string, lines: readonly ReadingLine[]) => ({
  ...{ line, seal, name: 'Heat', tag: 'oven/heat', marks: marksOf(lines).toString('base64') },
})

/** A file that shows `lines` of a window where `sealed` was sealed. */
export const readingsFile = (
  ledger: string,
  seal: string,
  lines: readonly ReadingLine[],
  sealed: readonly ReadingLine[] = goodReadings,
): object[] => [readingsHeader(ledger), sealLine('window', seal, sealed), ...lines, { line: 'end', windows: 1 }]
