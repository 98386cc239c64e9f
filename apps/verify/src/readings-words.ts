import type { ReadingsVerdict } from './readings.ts'
import type { SealedReadings } from './sealed-readings.ts'
import type { Verdict } from './verdict.ts'
import { visible } from './verdict.ts'

/** What was found about a file of readings, as plain text. */
export function printReadings({ verdict, windows, earlier, samples, findings }: ReadingsVerdict): string {
  const lines = findings.map(({ kind, window, what }) => `${kind}: ${window === null ? '' : `${window}: `}${what}`)
  const proven = `${samples} readings in ${count(windows, 'window')} that are, each of them, what was sealed; least, most and mean follow from them`
  const before =
    earlier === 0 ? '' : `, and so does what ${count(earlier, 'earlier seal')} held before late readings came`
  const said = verdict === 'valid' ? `${proven}${before}.` : `${count(windows, 'window')} as sealed, the others not:`
  return [`READINGS ${verdict.toUpperCase()}`, '', said, ...lines].map(visible).join('\n')
}

/** That a bundle seals readings which were not held against it; empty where it seals none. */
export function untoldReadings(sealed: SealedReadings, { verdict }: Verdict, file: string | undefined): string {
  if (file !== undefined) return 'The readings were not compared: the bundle that seals them is not what was sealed.'
  if (verdict !== 'valid' || sealed.windows.size === 0) return ''
  return `It seals ${count(sealed.windows.size, 'window')} of readings: give their file with --readings to compare them.`
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
