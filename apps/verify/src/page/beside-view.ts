import { namedBy, saidOf } from '../files-words.ts'
import type { FilesVerdict, NamedFiles } from '../named-files.ts'
import type { ReadingsVerdict } from '../readings.ts'
import type { SealedReadings } from '../sealed-readings.ts'
import { byId, element } from './element.ts'
import { bannerOf, section } from './verdict-view.ts'
import { counted } from './wording.ts'

/** What the files beside a bundle were found to be; null = none of that kind was given. */
export interface Beside {
  readings: ReadingsVerdict | null
  files: FilesVerdict | null
}

const titles: Readonly<Record<ReadingsVerdict['verdict'], string>> = {
  valid: 'Readings valid',
  unreadable: 'Readings unreadable',
  altered: 'Readings altered',
  missing: 'Readings missing',
  added: 'Readings added',
  contradicted: 'Readings contradict the figures',
}

/** What is as sealed is good for whoever trusts the key, and colourless without one, like the bundle itself. */
type Good = 'good' | 'open'

/** Says under the verdict on the bundle what came out for the files beside it. */
export function showBeside({ readings, files }: Beside, isTrusted: boolean): void {
  const good = isTrusted ? 'good' : 'open'
  if (readings !== null) showReadings(readings, good)
  if (files !== null) showFiles(files, good)
}

/** Says that a bundle which is as sealed holds seals on files that nobody gave. */
export function showNotGiven(sealed: SealedReadings, named: NamedFiles, { readings, files }: Beside): void {
  const lines = [
    ...(readings === null && sealed.windows.size > 0
      ? [`It seals ${counted(sealed.windows.size, 'window of readings', 'windows of readings')}.`]
      : []),
    ...(files === null && named.count > 0 ? [`It names ${counted(named.count, 'file', 'files')} by hash.`] : []),
  ]
  if (lines.length === 0) return
  const ask = 'Choose them above, under “Files that came with it”, to hold them against it.'
  byId('answer', HTMLElement).append(section('Not compared', element('p', {}, [...lines, ask].join(' '))))
}

/** Says that what an altered bundle seals counts for nothing. */
export function showNotCompared(): void {
  const text = 'The files were not compared: the bundle that seals them is not what was sealed.'
  byId('answer', HTMLElement).append(section('Files that came with it', element('p', {}, text)))
}

function showReadings({ verdict, windows, earlier, samples, findings }: ReadingsVerdict, good: Good): void {
  const before =
    earlier === 0
      ? ''
      : `, and so does what ${counted(earlier, 'earlier seal', 'earlier seals')} held before late readings came`
  const sentence =
    verdict === 'valid'
      ? `Each of ${counted(samples, 'reading', 'readings')} in ${counted(windows, 'window', 'windows')} is what was sealed; least, most and mean follow from them${before}.`
      : `${counted(windows, 'window', 'windows')} as sealed, the others not. What each finding is stands below.`
  const look = verdict === 'valid' ? good : verdict === 'unreadable' ? 'unknown' : 'bad'
  byId('verdict', HTMLElement).append(bannerOf(look, 'readings-outcome', titles[verdict], sentence))
  if (findings.length === 0) return
  const items = findings.map(({ kind, window, what }) =>
    element(
      'li',
      { class: 'found' },
      element('strong', {}, kind.charAt(0).toUpperCase() + kind.slice(1)),
      window === null ? null : element('span', { class: 'quiet' }, ` ${window}`),
      element('div', {}, what),
    ),
  )
  byId('answer', HTMLElement).prepend(
    section('What was found in the readings', element('ol', { class: 'plain', id: 'readings-findings' }, ...items)),
  )
}

function showFiles({ verdict, files, notGiven }: FilesVerdict, good: Good): void {
  const known = files.filter((file) => file.verdict === 'named').length
  const isValid = verdict === 'valid'
  const sentence = isValid
    ? `${counted(known, 'file is', 'files are')}, byte for byte, what the sealed records name.`
    : `${known} of ${counted(files.length, 'file is', 'files are')} what the sealed records name; no record names the others.`
  const title = isValid ? 'Files as sealed' : 'A file is not as sealed'
  byId('verdict', HTMLElement).append(bannerOf(isValid ? good : 'bad', 'files-outcome', title, sentence))
  const items = files.map((file) =>
    element(
      'li',
      { class: 'found' },
      element('strong', {}, file.verdict === 'named' ? 'As sealed' : 'Not as sealed'),
      ` ${file.name}`,
      element('div', {}, saidOf(file)),
    ),
  )
  const others = notGiven.map((mention) =>
    element(
      'li',
      { class: 'found' },
      `SHA-256 ${mention.sha256}`,
      element('div', { class: 'quiet' }, namedBy(mention)),
    ),
  )
  byId('answer', HTMLElement).prepend(
    section(
      'Files that came with it',
      element('ul', { class: 'plain', id: 'files-findings' }, ...items),
      others.length === 0 ? null : element('h3', {}, 'Named and not given'),
      others.length === 0 ? null : element('ul', { class: 'plain' }, ...others),
    ),
  )
}
