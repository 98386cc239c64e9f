import { rmSync } from 'node:fs'
import { parseInstant } from '@throughline/kernel'
import { afterAll, expect, test } from 'vitest'
import { readDataSet } from './data-set.ts'
import { inspectionsOf } from './inspections.ts'
import { definitionsOf } from './plant-model.ts'
import { folderWith, programText, sampleFiles, traceText } from './testing/sample-files.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
function read(change: Readonly<Record<string, string | null>> = {}) {
  const folder = folderWith(change)
  folders.push(folder)
  return readDataSet(folder)
}

test('a folder is read by the names of its files; what it does not know stays where it is', async () => {
  const data = await read()
  expect(data.count).toBe(2)
  expect(data.traces.map(({ part, operation, serial, lastBlock }) => [part, operation, serial, lastBlock])).toEqual([
    ['cover', 1, 1, 40],
    ['cover', 2, 1, 12],
  ])
  expect(data.originals.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual([
    'Devices.xml xml',
    'SAMPLE.NC text',
    'fair-box.qif qif',
    'incoming-cover.qif qif',
    'split-Cover-Op1-Hurco04-01of02.txt text',
    'split-Cover-Op2-Hurco04-01of02.txt text',
  ])
})

test('a program is bound to the operation whose traces end at its last line, by its hash', async () => {
  const data = await read()
  const [program] = data.programs
  expect(program?.ranAs).toEqual({ part: 'cover', operation: 2 })
  const [cover] = definitionsOf(data).workDefinitions
  expect(cover?.operations).toMatchObject([
    { sequence: 10, program: null },
    { sequence: 20, program: { name: 'SAMPLE.NC', sha256: program?.file.sha256 } },
  ])
  const other = await read({ 'SAMPLE.NC': programText(20) })
  expect(other.programs[0]?.ranAs).toBeNull()
})

test('each piece of a file of results is an inspection of that piece; one without a serial stays with the file', async () => {
  const { inspections } = await read()
  const now = 1_700_000_000_000_000 as Parameters<typeof inspectionsOf>[1]
  const all = inspections.flatMap((file) => inspectionsOf(file, now))
  expect(all.map(({ kind, piece, at }) => ({ kind, piece, at }))).toEqual([
    { kind: 'first-article', piece: 'NIST-BOX-02', at: now },
    { kind: 'first-article', piece: 'fair-box.qif', at: now },
    { kind: 'incoming', piece: 'NIST-COVER-01', at: parseInstant('2017-03-20T11:40:15Z') },
    { kind: 'incoming', piece: 'NIST-COVER-02', at: parseInstant('2017-03-20T11:40:15Z') },
  ])
  expect(all[0]?.results).toEqual([
    {
      ...{ characteristic: 'Bore', name: 'Diameter', unit: 'mm', nominal: 4, low: 3.9, high: 4.1 },
      ...{ measured: 4.2, status: 'fail' },
    },
  ])
})

const op1 = 'split-Cover-Op1-Hurco04-01of02.txt'
const op2 = 'split-Cover-Op2-Hurco04-01of02.txt'

const box = sampleFiles['fair-box.qif'] ?? ''
const boxOf = (serial: string): string => box.replace('<SerialNumber>2<', `<SerialNumber>${serial}<`)
const first = sampleFiles[op1] ?? ''

test.each<[what: string, change: Readonly<Record<string, string | null>>, words: string]>([
  ['a line', { [op1]: `${first}2017-02-07T16:00:09Z|Feed_Rate|fast\n` }, `${op1}, line 9: "fast" is no double`],
  [
    'a missing trace',
    { [op2]: null, 'split-Cover-Op2-Hurco04-02of02.txt': first },
    'cover 01: the trace of operation 2',
  ],
  ['an order', { [op2]: traceText('2017-02-07T15:00:00Z', 12) }, `${op2}: it begins before ${op1} ends`],
  ['a part', { 'split-Lid-Op1-Hurco04-01of02.txt': first }, 'the assembly has no part "Lid"'],
  ['a machine', { 'split-Plate-Op1-Mazak01-01of02.txt': first }, 'knows the machine Hurco04, and not Mazak01'],
  ['two series', { 'split-Plate-Op1-Hurco04-01of20.txt': first }, 'of 2 and of 20 pieces'],
  ['a program', { 'SAMPLE.NC': 'no program\n' }, 'SAMPLE.NC: no line ends the program'],
  ['a file cut off', { 'fair-box.qif': box.slice(0, 900) }, 'fair-box.qif: '],
  ['a serial', { 'fair-box.qif': boxOf('two') }, 'the serial "two" holds no number'],
  ['a piece too many', { 'fair-box.qif': boxOf('3') }, 'a piece 3, and the series has 2'],
  ['no trace at all', { [op1]: null, [op2]: null }, 'there is no trace'],
])('what is wrong with %s is said in words that name the file and what to do', async (_what, change, words) => {
  const failure = await read(change).then(String, String)
  expect(failure).toContain('Nothing was imported')
  expect(failure).toContain(words)
})

test('every bad file is named at once, so that none is found after the next try', async () => {
  const failure = await read({ [op1]: 'broken\n', 'SAMPLE.NC': '%' }).then(String, String)
  expect(failure).toContain(`${op1}, line 1`)
  expect(failure).toContain('SAMPLE.NC: no line ends the program')
})

test('a folder that is not there is named', async () => {
  await expect(readDataSet('/nowhere/at/all')).rejects.toMatchObject({ code: 'import.folder-unreadable' })
})
