import type { RecordLine } from '../bundle-line.ts'
import type { Verdict } from '../verdict.ts'
import { factsOf, limitOf, provenBy, said, subjectOf } from '../verdict.ts'
import { fieldsOf } from './difference.ts'
import { byId, drawing, element, facts } from './element.ts'
import { rowItem } from './leaves-view.ts'
import type { Row } from './rows.ts'
import { counted, readInstant } from './wording.ts'

const titles: Readonly<Record<Verdict['verdict'], string>> = {
  valid: 'Valid',
  unreadable: 'Unreadable',
  forged: 'Forged',
  altered: 'Altered',
  reordered: 'Reordered',
  missing: 'Something is missing',
  truncated: 'Cut off',
  'rolled-back': 'Rolled back',
  unproven: 'Unproven',
}

/** Circle with a tick, square with a cross, triangle with a stroke and a dot: told apart without colour. */
const tick = ['M24 3a21 21 0 1 0 0 42a21 21 0 1 0 0-42z', 'M14 25l7 7l13-15']
const shapes = {
  // Without a key to trust it stays colourless.
  open: tick,
  good: tick,
  bad: ['M5 5h38v38h-38z', 'M15 15l18 18M33 15l-18 18'],
  unknown: ['M24 4l22 40h-44z', 'M24 19v12M24 37v.5'],
}

/** Says what came out, in the large. `row` is what stands where the finding points. */
export function showVerdict(verdict: Verdict, record: RecordLine | undefined, row: Row | undefined): void {
  const { verdict: kind, finding } = verdict
  const isValid = kind === 'valid'
  const isOpen = isValid && verdict.trust.by === 'nobody'
  const look = isOpen ? 'open' : isValid ? 'good' : kind === 'unreadable' ? 'unknown' : 'bad'
  const title = isOpen ? 'Valid, if the key below is the plant’s' : titles[kind]
  const sentence = finding === null ? provenBy(verdict) : said(finding)
  byId('verdict', HTMLElement).replaceChildren(bannerOf(look, 'outcome', title, sentence))
  byId('answer', HTMLElement).replaceChildren(
    ...(finding === null ? [] : [findingBlock(verdict, row)]),
    ...(isOpen ? [keyBlock(verdict)] : []),
    ...witnessBlock(verdict),
    checkedBlock(verdict),
    ...(record === undefined ? [] : [recordBlock(record, isValid)]),
  )
}

/** Says that nothing could be checked, and why. */
export function showFailure(message: string): void {
  byId('verdict', HTMLElement).replaceChildren(bannerOf('unknown', 'outcome', 'Not checked', message))
  byId('answer', HTMLElement).replaceChildren()
}

/** An outcome in the large, with its sign. */
export function bannerOf(look: keyof typeof shapes, id: string, title: string, sentence: string): HTMLElement {
  return element(
    'div',
    { class: `banner ${look}` },
    drawing('sign', shapes[look]),
    element('div', {}, element('h2', { id, tabindex: '-1' }, title), element('p', {}, sentence)),
  )
}

/** A part of the answer under its title. */
export function section(title: string, ...children: (Node | null)[]): HTMLElement {
  return element('section', { class: 'card' }, element('h2', {}, title), ...children)
}

function findingBlock(verdict: Verdict, row: Row | undefined): HTMLElement {
  const { finding, further } = verdict
  if (finding === null) return element('section', {})
  const told = factsOf(finding).map(
    ([label, value]) => [label, label === 'Time' && finding.at !== null ? readInstant(finding.at) : value] as const,
  )
  return section(
    'What was found',
    facts([...told, ['It means', finding.means], ['Ask next', finding.ask]]),
    further === 0
      ? null
      : element(
          'p',
          { class: 'quiet' },
          `${counted(further, 'more was', 'more were')} found; most follow from this one.`,
        ),
    row === undefined ? null : element('h3', {}, 'What stands there now'),
    row === undefined ? null : element('ol', { class: 'events' }, rowItem(row)),
  )
}

function keyBlock({ keys: [first] }: Verdict): HTMLElement {
  return section(
    'Compare the key',
    element(
      'p',
      {},
      'You gave no key. A forger can make a whole ledger with a key of their own, so compare this line, character by character, with the one that the plant gave you in another way: on paper, by telephone, or with a bundle you received before. Or paste that one above and check again.',
    ),
    element('p', { class: 'key' }, first?.verifierKey ?? ''),
    facts([['Fingerprint', element('code', {}, (first?.fingerprint ?? '').replace(/(.{8})(?=.)/g, '$1 '))]]),
  )
}

function witnessBlock({ witnesses }: Verdict): HTMLElement[] {
  if (witnesses.length === 0) return []
  const results = { agrees: 'Agrees', contradicts: 'Contradicts', larger: 'Is larger', 'not-reached': 'Not compared' }
  const items = witnesses.map(({ result, what }) =>
    element('li', { class: `witness ${result}` }, element('strong', {}, results[result]), `: ${what}`),
  )
  return [section('Checkpoints you kept', element('ul', { class: 'plain' }, ...items))]
}

function checkedBlock(verdict: Verdict): HTMLElement {
  const {
    bundle,
    leaves,
    entries,
    changes,
    changesWithoutEntry,
    firstAt,
    lastAt,
    checkpoint,
    checkpoints,
    trust,
    keys,
  } = verdict
  const pairs: [string, string][] = []
  if (bundle !== null) {
    pairs.push(['Subject', subjectOf(bundle)], ['Plant, as it says', bundle.plant])
    pairs.push(
      ['Exported, as it says', `${readInstant(bundle.exportedAt)}, software ${bundle.software}`],
      ['Ledger', bundle.ledger],
    )
  }
  if (leaves > 0) {
    const outside =
      changesWithoutEntry === 0
        ? ''
        : `; ${counted(changesWithoutEntry, 'entry stands', 'entries stand')} behind the window`
    pairs.push([
      'Leaves',
      `${leaves.toLocaleString('en-GB')}: ${counted(entries, 'entry', 'entries')}, ${counted(changes, 'change', 'changes')}${outside}`,
    ])
  }
  if (firstAt !== null && lastAt !== null) pairs.push(['From', readInstant(firstAt)], ['To', readInstant(lastAt)])
  if (checkpoint !== null)
    pairs.push([
      verdict.finding === null ? 'Proven against' : 'Last checkpoint',
      `the checkpoint of ${counted(checkpoint.size, 'leaf', 'leaves')} made ${readInstant(checkpoint.at)}, clock ${checkpoint.clock}, signed by key ${checkpoint.signedBy}`,
    ])
  pairs.push([
    'Checkpoints and keys',
    `${counted(checkpoints, 'checkpoint', 'checkpoints')}, ${counted(keys.length, 'key', 'keys')}`,
  ])
  const limit = limitOf(verdict)
  if (limit !== null) pairs.push(['Not proven', limit])
  if (trust.by !== 'nobody')
    pairs.push([
      'Trust',
      trust.by === 'key'
        ? `the key you gave (key ${trust.key})`
        : `key ${trust.key}, which signed the checkpoint you kept`,
    ])
  return section(verdict.finding === null ? 'What was checked' : 'What was read', facts(pairs))
}

function recordBlock({ state, document: file }: RecordLine, isValid: boolean): HTMLElement {
  const tables = Object.entries(state).map(([table, rows]) =>
    element('div', {}, element('h3', {}, table), ...rows.map((row) => facts(fieldsOf(row)))),
  )
  const title = isValid
    ? 'The record as it stands after its last version here'
    : 'The record as the bundle has it (not proven)'
  return section(title, ...tables, file === null ? null : downloadOf(file))
}

function downloadOf(file: NonNullable<RecordLine['document']>): HTMLElement {
  const link = element('a', { class: 'button', download: file.name, href: '#' }, `Save ${file.name}`)
  link.href = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: 'application/octet-stream' }))
  const note =
    'The plant made this document for reading. It arrived as it was exported; what is proven are the events and the values above.'
  return element('p', { class: 'document' }, link, element('span', { class: 'quiet' }, note))
}
