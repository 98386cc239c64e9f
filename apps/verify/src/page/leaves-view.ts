import type { ChangeLeaf } from '../leaf.ts'
import { differencesOf } from './difference.ts'
import { byId, element } from './element.ts'
import type { Row, Rows } from './rows.ts'
import { mostRows } from './rows.ts'
import { counted, readInstant, readOperation } from './wording.ts'

const step = 500

/** The list of what the bundle holds, looked through by words. */
export class LeavesView {
  readonly #section = byId('leaves', HTMLElement)
  readonly #title = byId('leaves-title', HTMLElement)
  readonly #list = byId('rows', HTMLOListElement)
  readonly #count = byId('count', HTMLElement)
  readonly #more = byId('more', HTMLButtonElement)
  readonly #filter = byId('filter', HTMLInputElement)
  #rows: Rows | undefined
  #found: Row[] = []
  #shown = 0

  constructor() {
    this.#filter.addEventListener('input', () => this.#look())
    this.#more.addEventListener('click', () => this.#showMore())
  }

  hide(): void {
    this.#section.hidden = true
    this.#rows = undefined
    this.#list.replaceChildren()
  }

  show(rows: Rows, isValid: boolean): void {
    this.#title.textContent = isValid ? 'What happened' : 'What the bundle says happened'
    this.#section.hidden = rows.count === 0
    this.#rows = rows
    this.#filter.value = ''
    this.#look()
  }

  #look(): void {
    this.#found = this.#rows?.find(this.#filter.value) ?? []
    this.#shown = 0
    this.#list.replaceChildren()
    this.#showMore()
  }

  #showMore(): void {
    this.#list.append(...this.#found.slice(this.#shown, this.#shown + step).map(rowItem))
    this.#shown = Math.min(this.#shown + step, this.#found.length)
    this.#more.hidden = this.#shown === this.#found.length
    const all = this.#rows?.count ?? 0
    const beyond =
      all > mostRows
        ? ` Only the first ${mostRows.toLocaleString('en-GB')} of ${all.toLocaleString('en-GB')} are listed; all were checked.`
        : ''
    const found = counted(this.#found.length, 'event', 'events')
    const none =
      this.#found.length === 0
        ? 'No event says all of that. Shorten the filter.'
        : `${this.#shown.toLocaleString('en-GB')} of ${found} shown.`
    this.#count.textContent = none + beyond
  }
}

/** One event, as an item of the list. */
export function rowItem(row: Row): HTMLLIElement {
  return element('li', { class: row.fits ? 'event' : 'event broken' }, ...describeRow(row))
}

function describeRow(row: Row): (Node | null)[] {
  const { entry, unread } = row
  const place = element('span', { class: 'place' }, `place ${row.place}`)
  const flag = row.entryFits ? null : element('strong', { class: 'flag' }, 'Not as sealed')
  if (unread !== undefined) return [heading('No longer readable', '', place, flag), element('pre', {}, unread)]
  const changes = row.changes.map(({ leaf, fits, place: at }) => changeBlock(leaf, at, fits))
  if (entry === undefined) {
    const at = row.changes[0]?.leaf.at
    const when = at === undefined ? '' : readInstant(at)
    const note = element('p', { class: 'quiet' }, `${when} · the entry that says who and why is not in this bundle`)
    return [heading('Change', '', place, flag), note, ...changes]
  }
  const { what, on } = readOperation(entry.operation)
  const { actor, outcome, fields } = entry
  const who = actor.name === '' ? actor.id || 'Nobody' : actor.name
  const roles = actor.roles.length === 0 ? actor.kind : `${actor.kind}, ${actor.roles.join(', ')}`
  const refused = outcome === 'done' ? null : element('strong', { class: 'refused' }, `Refused: ${outcome}`)
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : null
  return [
    heading(what, on, place, flag, refused),
    element(
      'p',
      { class: 'who' },
      element('time', {}, readInstant(entry.at)),
      ' · ',
      element('strong', {}, who),
      ` (${roles})`,
    ),
    reason === null ? null : element('p', {}, element('span', { class: 'label' }, 'Reason: '), reason),
    ...changes,
    everything(fields),
  ]
}

function heading(what: string, on: string, ...more: (Node | null)[]): HTMLElement {
  return element('div', { class: 'head' }, element('h3', {}, what), element('span', { class: 'quiet' }, on), ...more)
}

function changeBlock(change: ChangeLeaf, place: number, fits: boolean): HTMLElement {
  const { record, version } = change
  const title = element(
    'p',
    { class: 'change' },
    element('strong', {}, record.kind.replaceAll('.', ' ').replaceAll('-', ' ')),
    ' ',
    element('code', {}, record.id),
    ` · version ${version}${version === 1 ? ' (new)' : ''} `,
    element('span', { class: 'place' }, `place ${place}`),
    fits ? null : element('strong', { class: 'flag' }, 'Not as sealed'),
  )
  return element(
    'div',
    { class: 'changed' },
    title,
    ...change.rows.map(({ table, before, after }) => rowTable(table, before, after)),
  )
}

type Side = Parameters<typeof differencesOf>[0]

function rowTable(table: string, before: Side, after: Side): HTMLElement {
  const kind = before === null ? 'added' : after === null ? 'removed' : 'replaced'
  const isReplaced = kind === 'replaced'
  const body = element('tbody', {})
  for (const difference of differencesOf(before, after))
    body.append(
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, difference.field),
        kind === 'added' ? null : element('td', { class: 'before' }, difference.before),
        kind === 'removed' ? null : element('td', { class: 'after' }, difference.after),
      ),
    )
  const labels = isReplaced ? ['Field', 'Before', 'After'] : ['Field', 'Value']
  const head = element('tr', {}, ...labels.map((label) => element('th', { scope: 'col' }, label)))
  const caption = element('caption', {}, `${table}: row ${isReplaced ? 'changed' : kind}`)
  return element('table', { class: kind }, caption, element('thead', {}, head), body)
}

/** From where, in which session, with which software: one click away. */
function everything(fields: object): HTMLElement {
  const text = JSON.stringify(fields, null, 2)
  return element('details', {}, element('summary', {}, 'Everything this entry says'), element('pre', {}, text))
}
