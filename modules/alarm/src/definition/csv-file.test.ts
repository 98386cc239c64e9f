import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AlarmCondition, AlarmDefinition } from '@throughline/model'
import { AlarmSeverity, TimeToRespond } from '@throughline/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FileNames } from './csv-cells.ts'
import { columns } from './csv-cells.ts'
import { readDefinitions, writeDefinitions } from './csv-file.ts'
import { listCell, listOfCell } from './csv-list.ts'

const nodes = new Map([
  [newId<'EquipmentNode'>(), 'acme/north'],
  [newId<'EquipmentNode'>(), 'acme/south/p-01'],
])
const tags = new Map([
  [newId<'Tag'>(), 'acme/north/flow'],
  [newId<'Tag'>(), 'acme/south/p-01/mode'],
])
const keyOf = <Key>(map: ReadonlyMap<Key, string>, path: string): Key | undefined =>
  [...map].find(([, each]) => each === path)?.[0]
const names: FileNames = {
  nodePath: (id) => nodes.get(id as AlarmDefinition['nodeId']) ?? id,
  tagPath: (id) => tags.get(id as NonNullable<AlarmDefinition['tagId']>) ?? id,
  nodeAt: (path) => keyOf(nodes, path),
  tagAt: (path) => keyOf(tags, path),
}
const [nodeId = newId<'EquipmentNode'>()] = nodes.keys()
const [tagId = newId<'Tag'>()] = tags.keys()

const plain: AlarmDefinition = {
  ...{ id: newId<'AlarmDefinition'>(), name: 'P-01.Flow.high', nodeId, tagId, message: 'The flow is high' },
  condition: { kind: 'limit', side: 'high', limit: 40, deadband: 1 },
  ...{ onDelaySeconds: 0, offDelaySeconds: 0, latched: false, cause: 'a valve', consequence: '', response: '' },
  ...{ severity: 'major', timeToRespond: '3-to-10-min', qualityCritical: false, suppressWhile: null },
  ...{ version: 2, state: 'released', priority: 2, changeReason: 'first', draftedBy: 'eve' },
  ...{ draftedAt: 1_000_000 as Instant, releasedAt: 2_000_000 as Instant },
}
const newestOf = (definitions: readonly AlarmDefinition[]) =>
  new Map(definitions.map((each) => [each.name.toLowerCase(), each]))
const read = (text: string, known: readonly AlarmDefinition[] = [plain]) =>
  readDefinitions(text, names, newestOf(known), () => 2)

/** The file of one alarm with some cells written anew. */
function edited(cells: Readonly<Record<string, string>>): string {
  const [head = '', line = ''] = writeDefinitions([plain], names).split('\r\n')
  const values = line.split(',')
  for (const [column, cell] of Object.entries(cells)) values[head.split(',').indexOf(column)] = cell
  return `${head}\r\n${values.join(',')}\r\n`
}

const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((each) => each.isWellFormed() && !each.includes('\0'))
const risky = fc.constantFrom(
  '=1+1',
  '+1',
  '-1',
  '@sum',
  '\tx',
  '\r',
  "'=1",
  "''=1",
  'a,b',
  'a;b',
  '"',
  ' x ',
  'a\nb\r\nc',
  "it's",
)
const words = fc.oneof(text, risky)
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0)
const positive = number.map((each) => Math.abs(each)).filter((each) => each > 0)
const notNegative = number.map((each) => Math.abs(each))
const tag = fc.constantFrom(...tags.keys())
const values = fc.array(words, { minLength: 1, maxLength: 4 })
const condition: fc.Arbitrary<AlarmCondition> = fc.oneof(
  fc.record({
    kind: fc.constant('limit' as const),
    side: fc.constantFrom('high-high', 'high', 'low', 'low-low'),
    ...{ limit: number, deadband: notNegative },
  }),
  fc.record({
    kind: fc.constant('deviation' as const),
    ...{ limit: positive, deadband: notNegative },
    from: fc.oneof(fc.record({ tagId: tag }), fc.record({ value: number })),
  }),
  fc.record({
    kind: fc.constant('rate' as const),
    side: fc.constantFrom('rising', 'falling', 'either'),
    ...{ limit: positive, overSeconds: positive, deadband: notNegative },
  }),
  fc.record({ kind: fc.constant('stuck' as const), forSeconds: positive, within: notNegative }),
  fc.record({ kind: fc.constant('stale' as const), forSeconds: positive }),
  fc.record({ kind: fc.constant('state' as const), values }),
  fc.record({ kind: fc.constant('external' as const), source: words.filter((each) => each !== '') }),
  fc.record({
    kind: fc.constant('event' as const),
    source: fc.constantFrom('deviation', 'failed-inspection', 'gauge-out-of-tolerance'),
    severities: fc.subarray(['minor', 'major', 'critical'] as const).map((all) => [...all]),
  }),
)
const definition: fc.Arbitrary<AlarmDefinition> = fc.record({
  ...{ id: fc.constant(plain.id), version: fc.nat().map((each) => each + 1) },
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/),
  nodeId: fc.constantFrom(...nodes.keys()),
  tagId: fc.option(tag),
  message: words.filter((each) => [...each].length >= 3),
  condition,
  ...{ onDelaySeconds: fc.integer({ min: 0, max: 86_400 }), offDelaySeconds: fc.integer({ min: 0, max: 86_400 }) },
  ...{ latched: fc.boolean(), qualityCritical: fc.boolean(), cause: words, consequence: words, response: words },
  severity: fc.constantFrom(...AlarmSeverity.options),
  timeToRespond: fc.constantFrom(...TimeToRespond.options),
  suppressWhile: fc.option(fc.record({ tagId: tag, values })),
  state: fc.constantFrom('draft', 'released', 'retired'),
  priority: fc.constantFrom(1, 2, 3, 4),
  ...{ changeReason: words, draftedBy: words },
  draftedAt: fc.nat().map((each) => each as Instant),
  releasedAt: fc.option(fc.nat().map((each) => each as Instant)),
})
const contentOf = (written: AlarmDefinition) => {
  const { id, version, state, priority, changeReason, draftedBy, draftedAt, releasedAt, ...content } = written
  return content
}

test('[ALM-5] whatever alarms say, their file is read as it was written: nothing differs', () => {
  const lists = fc.uniqueArray(definition, { selector: ({ name }) => name.toLowerCase(), maxLength: 4 })
  fc.assert(
    fc.property(lists, (written) => {
      const { rows, bad } = read(writeDefinitions(written, names), written)
      expect(bad).toEqual([])
      expect(rows.map(({ content }) => content)).toEqual(written.map(contentOf))
      expect(rows.map(({ before }) => before)).toEqual(written)
    }),
  )
})

test('[SR-3.5!] no cell of an export begins like a formula, unless it is a number', () => {
  fc.assert(
    fc.property(definition, (written) => {
      const file = writeDefinitions([written], names)
      const cells = [...file.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
        ([, quoted, bare]) => quoted ?? bare ?? '',
      )
      for (const cell of cells) expect(/^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell))).toBe(false)
    }),
  )
})

test('several values stand in one cell and are told apart', () => {
  expect(listCell(['Aborted', 'Held'])).toBe('Aborted; Held')
  expect(listOfCell('Aborted;Held ; "a;b"')).toEqual(['Aborted', 'Held', 'a;b'])
  expect(listOfCell('')).toEqual([])
  for (const broken of ['a;;b', 'a;', '"a', 'a"b', '"\\x"']) expect(listOfCell(broken)).toBeUndefined()
  fc.assert(
    fc.property(values, (list) => {
      expect(listOfCell(listCell(list))).toEqual(list)
    }),
  )
})

test.each<{ cells: Record<string, string>; column: string; problem: string }>([
  { cells: { name: 'Höhe' }, column: 'name', problem: 'use letters, digits' },
  { cells: { equipment: 'acme/west' }, column: 'equipment', problem: 'there is no equipment "acme/west"' },
  { cells: { tag: 'acme/west/flow' }, column: 'tag', problem: 'there is no tag "acme/west/flow"' },
  { cells: { message: 'x' }, column: 'message', problem: 'Too small' },
  { cells: { condition: 'hight' }, column: 'condition', problem: '"hight" is none: write limit, deviation' },
  { cells: { side: 'up' }, column: 'side', problem: 'Invalid option' },
  { cells: { limit: '' }, column: 'limit', problem: 'the cell is empty' },
  { cells: { limit: '"37,5"' }, column: 'limit', problem: 'write it with a point' },
  { cells: { limit: '1e999' }, column: 'limit', problem: 'is no number' },
  { cells: { deadband: '-1' }, column: 'deadband', problem: 'Too small' },
  { cells: { seconds: '5' }, column: 'seconds', problem: 'a condition of the kind limit does not have it' },
  { cells: { values: 'a' }, column: 'values', problem: 'empty this cell' },
  { cells: { onDelaySeconds: '86401' }, column: 'onDelaySeconds', problem: 'Too big' },
  { cells: { latched: 'yes' }, column: 'latched', problem: '"yes" is no truth value' },
  { cells: { severity: 'bad' }, column: 'severity', problem: 'Invalid option' },
  { cells: { timeToRespond: 'soon' }, column: 'timeToRespond', problem: 'Invalid option' },
  { cells: { response: 'a\0b' }, column: 'response', problem: 'NUL' },
  { cells: { suppressValues: 'a' }, column: 'suppressValues', problem: 'there is no suppressTag' },
  { cells: { suppressTag: 'acme/north/flow' }, column: 'suppressValues', problem: 'Too small' },
  { cells: { version: '1' }, column: 'version', problem: 'somebody changed this alarm since the export' },
  { cells: { draftedAt: '2020-01-01T00:00:00Z' }, column: 'draftedAt', problem: 'export it anew' },
  { cells: { state: 'retired' }, column: 'state', problem: 'leave it as it was' },
  { cells: { priority: '1' }, column: 'priority', problem: 'make it 2 by the matrix' },
  { cells: { name: 'P-02.new' }, column: 'version', problem: 'this alarm has none yet' },
])('[SR-3.5!] $cells is refused by line and column: $problem', ({ cells, column, problem }) => {
  const { rows, bad } = read(edited(cells))
  expect(rows).toEqual([])
  expect(bad).toContainEqual({ line: 2, column, problem: expect.stringContaining(problem) })
})

test('a condition of another kind is written in its own columns, and both faults of a line are named', () => {
  const { rows } = read(edited({ condition: 'deviation', side: '', fromTag: 'acme/south/p-01/mode' }))
  expect(rows[0]?.content.condition).toEqual({
    ...{ kind: 'deviation', limit: 40, deadband: 1 },
    from: { tagId: keyOf(tags, 'acme/south/p-01/mode') },
  })
  const { bad } = read(edited({ condition: 'deviation', latched: '1' }))
  expect(bad.map(({ column }) => column)).toEqual(['side', 'fromTag', 'latched'])
})

test.each([
  { file: '', column: null, problem: 'the file is empty' },
  { file: 'name,limit\n', column: 'equipment', problem: 'this column is missing' },
  { file: `${columns.join(',')},limits\n`, column: 'limits', problem: 'this is no column' },
  { file: `${columns.join(',')},name\n`, column: 'name', problem: 'stands twice' },
  { file: `${columns.join(',')}\nx,y\n`, column: null, problem: 'the line has 2 cells, the header 32' },
  { file: `${columns.join(',')}\nx,"y\n`, column: null, problem: 'not readable as CSV' },
])('a file that begins $file is refused: $problem', ({ file, column, problem }) => {
  const { rows, bad } = read(file)
  expect(rows).toEqual([])
  expect(bad).toContainEqual({ line: expect.any(Number), column, problem: expect.stringContaining(problem) })
})

test('one alarm in two lines is refused, whatever the case', () => {
  const [head, line = ''] = writeDefinitions([plain], names).split('\r\n')
  const { bad } = read([head, line, line.toLowerCase()].join('\r\n'))
  expect(bad).toContainEqual({ line: 3, column: 'name', problem: expect.stringContaining('stands in line 2 already') })
})

test('the columns of the record may be left out or empty', () => {
  const file = edited({
    version: '',
    state: '',
    priority: '',
    changeReason: '',
    draftedBy: '',
    draftedAt: '',
    releasedAt: '',
  })
  expect(read(file)).toMatchObject({ bad: [], rows: [{ content: contentOf(plain) }] })
})
