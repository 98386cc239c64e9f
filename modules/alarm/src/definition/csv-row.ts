import { toIso } from '@throughline/kernel'
import type { AlarmCondition, AlarmDefinition } from '@throughline/model'
import { draftAlarmDefinition } from '@throughline/model'
import { holdsUnstorableText, unguardedCell } from '@throughline/platform'
import type { FileNames } from './csv-cells.ts'
import { allConditionColumns, conditionColumns, recordCells, recordColumns } from './csv-cells.ts'
import { listOfCell } from './csv-list.ts'
import type { DefinitionContent } from './draft.ts'

/** A cell that cannot be taken: where it stands, what is wrong and what to do. */
export interface BadCell {
  /** From 1, as editors count. */
  readonly line: number
  /** Null = it concerns the whole line. */
  readonly column: string | null
  readonly problem: string
}

const contentSchema = draftAlarmDefinition.input.omit({ changeReason: true })
/** Columns of what the schema names otherwise. */
const columnOf: Readonly<Record<string, string>> = {
  ...{ nodeId: 'equipment', tagId: 'tag', suppressWhile: 'suppressTag', kind: 'condition' },
  ...{ overSeconds: 'seconds', forSeconds: 'seconds', from: 'fromTag', severities: 'values' },
}

/** The column that a part of a definition stands in: `condition.limit` in `limit`. */
export function columnAt(path: string): string {
  const [first = '', second] = path.split('.')
  if (first === 'condition' && second !== undefined) return columnOf[second] ?? second
  if (first === 'suppressWhile' && second === 'values') return 'suppressValues'
  return columnOf[first] ?? first
}

/** One line while it is read; what cannot be taken gathers in `bad`. */
export class Row {
  readonly bad: BadCell[] = []
  readonly #line: number
  readonly #cells: Readonly<Record<string, string>>
  readonly #names: FileNames

  constructor(line: number, cells: Readonly<Record<string, string>>, names: FileNames) {
    this.#line = line
    this.#cells = cells
    this.#names = names
  }

  refuse(column: string, problem: string): undefined {
    this.bad.push({ line: this.#line, column, problem })
    return undefined
  }

  text(column: string): string {
    return unguardedCell(this.#cells[column] ?? '')
  }

  /** What the line says of the alarm; undefined where some of it cannot be taken. */
  content(before: AlarmDefinition | undefined): DefinitionContent | undefined {
    for (const [column, cell] of Object.entries(this.#cells)) {
      if (holdsUnstorableText(cell)) this.refuse(column, 'holds NUL or half a character: remove it')
    }
    const tagBefore = { tag: before?.tagId, suppressTag: before?.suppressWhile?.tagId }
    const suppressTag = this.#tag('suppressTag', tagBefore.suppressTag)
    if (suppressTag === null && this.text('suppressValues').trim() !== '') {
      this.refuse('suppressValues', 'there is no suppressTag: name the tag, or empty this cell')
    }
    const parsed = contentSchema.safeParse({
      name: this.text('name').trim(),
      nodeId: this.#node(before?.nodeId),
      tagId: this.#tag('tag', tagBefore.tag),
      message: this.text('message'),
      condition: this.#condition(before?.condition),
      onDelaySeconds: this.#number('onDelaySeconds'),
      offDelaySeconds: this.#number('offDelaySeconds'),
      latched: this.#boolean('latched'),
      ...{ cause: this.text('cause'), consequence: this.text('consequence'), response: this.text('response') },
      ...{ severity: this.text('severity').trim(), timeToRespond: this.text('timeToRespond').trim() },
      qualityCritical: this.#boolean('qualityCritical'),
      suppressWhile: suppressTag === null ? null : { tagId: suppressTag, values: this.#list('suppressValues') },
    })
    for (const { path, message } of parsed.success ? [] : parsed.error.issues) {
      const column = columnAt(path.join('.'))
      // What was named above is not named a second time.
      const named = column === 'fromTag' ? ['fromTag', 'fromValue'] : [column]
      if (!this.bad.some((each) => each.column !== null && named.includes(each.column))) this.refuse(column, message)
    }
    return parsed.success ? parsed.data : undefined
  }

  /** Refuses what is changed in columns that the record keeps: a stale file, or a cell that was edited in vain. */
  compareRecord(content: DefinitionContent, before: AlarmDefinition | undefined, priority: number): void {
    const kept: Readonly<Record<string, string>> = before === undefined ? {} : recordCells(before)
    for (const column of recordColumns) {
      const cell = this.text(column)
      if (cell.trim() === '' || cell === kept[column]) continue
      if (column === 'priority') {
        if (cell.trim() === String(priority)) continue
        this.refuse(
          column,
          `${content.severity} and ${content.timeToRespond} make it ${priority} by the matrix: change these`,
        )
      } else if (before === undefined) {
        this.refuse(column, 'the record keeps it, and this alarm has none yet: empty this cell')
      } else if (column === 'version' || column === 'draftedAt') {
        const now = `version ${before.version} of ${toIso(before.draftedAt)} by ${before.draftedBy}`
        this.refuse(column, `somebody changed this alarm since the export (${now}): export it anew`)
      } else {
        this.refuse(column, `the record keeps it ("${kept[column]}"): leave it as it was, or empty it`)
      }
    }
  }

  #condition(before: AlarmCondition | undefined): unknown {
    const kind = this.text('condition').trim()
    const used = Object.entries(conditionColumns).find(([name]) => name === kind)?.[1]
    if (used === undefined) {
      return this.refuse('condition', `"${kind}" is none: write ${Object.keys(conditionColumns).join(', ')}`)
    }
    for (const column of allConditionColumns) {
      if (used.includes(column) || this.text(column).trim() === '') continue
      this.refuse(column, `a condition of the kind ${kind} does not have it: empty this cell`)
    }
    const side = used.includes('side') ? { side: this.text('side').trim() } : {}
    const numbers = used.filter((column) => column === 'limit' || column === 'deadband' || column === 'within')
    const figures = Object.fromEntries(numbers.map((column) => [column, this.#number(column)]))
    switch (kind) {
      case 'deviation':
        return { kind, ...figures, from: this.#from(before) }
      case 'rate':
        return { kind, ...side, ...figures, overSeconds: this.#number('seconds') }
      case 'stuck':
      case 'stale':
        return { kind, ...figures, forSeconds: this.#number('seconds') }
      case 'state':
        return { kind, values: this.#list('values') }
      case 'external':
        return { kind, source: this.text('source') }
      case 'event':
        return { kind, source: this.text('source').trim(), severities: this.#list('values') }
      default:
        return { kind, ...side, ...figures }
    }
  }

  #from(before: AlarmCondition | undefined): unknown {
    const [hasTag, hasValue] = [this.text('fromTag').trim() !== '', this.text('fromValue').trim() !== '']
    if (hasTag === hasValue) {
      return this.refuse('fromTag', 'a deviation is measured from a tag or from a value: fill one of the two')
    }
    const tagBefore = before?.kind === 'deviation' && 'tagId' in before.from ? before.from.tagId : undefined
    return hasTag ? { tagId: this.#tag('fromTag', tagBefore) } : { value: this.#number('fromValue') }
  }

  #node(before: DefinitionContent['nodeId'] | undefined): DefinitionContent['nodeId'] | undefined {
    const path = this.text('equipment').trim()
    if (before !== undefined && path === this.#names.nodePath(before)) return before
    return this.#names.nodeAt(path) ?? this.refuse('equipment', `there is no equipment "${path}" that you may see`)
  }

  /** A tag that is retired or outside the scopes may stay where it is named already. */
  #tag(column: string, before: DefinitionContent['tagId'] | undefined): DefinitionContent['tagId'] | undefined {
    const path = this.text(column).trim()
    if (path === '') return null
    if (before !== undefined && before !== null && path === this.#names.tagPath(before)) return before
    return this.#names.tagAt(path) ?? this.refuse(column, `there is no tag "${path}" that you may see`)
  }

  #number(column: string): number | undefined {
    const cell = (this.#cells[column] ?? '').trim()
    if (cell === '') return this.refuse(column, 'the cell is empty: write a number')
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : Number.NaN
    return Number.isFinite(value)
      ? value
      : this.refuse(column, `"${cell}" is no number: write it with a point, such as 37.5`)
  }

  #boolean(column: string): boolean | undefined {
    const cell = this.text(column).trim().toLowerCase()
    if (cell === 'true' || cell === 'false') return cell === 'true'
    return this.refuse(column, `"${cell}" is no truth value: write true or false`)
  }

  #list(column: string): string[] | undefined {
    return (
      listOfCell(this.text(column)) ??
      this.refuse(column, 'separate values by ";"; one that holds ";" or quotes stands in double quotes')
    )
  }
}
