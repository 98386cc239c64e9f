import { readDocument } from '@throughline/driver-file'
import type { Instant } from '@throughline/kernel'
import { DomainError, messageOf, parseInstant } from '@throughline/kernel'
import type { Inspection, MeasuredCharacteristic, ReportedStatistics } from '@throughline/model'
import type { PartName } from './parts.ts'

type Results = MeasuredCharacteristic[]

/** A file of inspection results: of all pieces of one part. */
export interface InspectionFile {
  readonly kind: Extract<Inspection['kind'], 'incoming' | 'first-article'>
  readonly part: PartName
  /** When the file says that it was made; null = it does not. */
  readonly at: Instant | null
  /** By the number of the piece; null = the file has results that name no piece. */
  readonly pieces: ReadonlyMap<number | null, Results>
  readonly statistics: readonly ReportedStatistics[]
}

/** @throws DomainError `invalid` naming the file and what is wrong in it */
export async function readInspectionFile(
  bytes: Uint8Array,
  file: string,
  about: Pick<InspectionFile, 'kind' | 'part'>,
): Promise<InspectionFile> {
  const { results, statistics } = await readDocument(bytes, 'qif').catch((error: unknown) => {
    throw new DomainError(
      'invalid',
      'import.inspection-unreadable',
      `${file}: ${messageOf(error)}. Fetch the file again`,
      { file },
      error,
    )
  })
  const pieces = Map.groupBy(results, ({ serial }) => (serial === null ? null : numberOf(serial, file)))
  const created = /<TimeCreated>\s*([^<]*?)\s*<\/TimeCreated>/.exec(new TextDecoder().decode(bytes))?.[1]
  // It names no zone; a report's time is of use by its day.
  const at =
    created === undefined ? undefined : parseInstant(/Z|[+-]\d\d:?\d\d$/.test(created) ? created : `${created}Z`)
  return { ...about, at: at ?? null, pieces, statistics }
}

/** `13` of the first articles, `PLATE_RESULTS_A13_NIST_…` of the incoming inspection. */
function numberOf(serial: string, file: string): number {
  const text = /^(\d{1,4})$/.exec(serial)?.[1] ?? /_A(\d{2})_/.exec(serial)?.[1]
  if (text !== undefined) return Number(text)
  throw new DomainError(
    'invalid',
    'import.serial-unreadable',
    `${file}: the serial "${serial.slice(0, 80)}" holds no number of a piece (13, or …_A13_…). Correct it in the file`,
    { file, serial },
  )
}
