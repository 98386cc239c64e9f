import { expect, test } from 'vitest'
import { nodeCrypto } from './node-crypto.ts'
import { verifyReadings } from './readings.ts'
import { SealedReadings } from './sealed-readings.ts'
import type { ReadingLine as Line } from './testing/make-readings.ts'
import {
  goodReadings as good,
  reading,
  readingsFile,
  readingsHeader,
  sealRow as rowOf,
  sealLine,
} from './testing/make-readings.ts'

function sealedBy(...rows: readonly object[]): SealedReadings {
  const sealed = new SealedReadings()
  const changes = rows.map((after) => ({ table: 'traceability.reading_seal', before: null, after }))
  sealed.take({ place: 0, text: '', fits: true, leaf: { type: 'change', rows: changes } as never })
  return sealed
}

const header = readingsHeader('L')

/** What is said of a file that shows `lines` where `sealed` was sealed. */
async function judge(lines: readonly Line[], sealed: readonly Line[] = good, more: object = {}) {
  return judgeFile(readingsFile('L', 'a', lines, sealed), sealedBy(rowOf('a', sealed, more)))
}

async function* pieces(lines: readonly object[]) {
  yield lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
const judgeFile = (lines: readonly object[], sealed: SealedReadings) =>
  verifyReadings(pieces(lines), sealed, 'L', nodeCrypto)

test('[AS-8.5.2-4] readings that were sealed are found to be, with least, most, mean and share that follow from them', async () => {
  expect(await judge(good)).toEqual({ verdict: 'valid', windows: 1, earlier: 0, samples: 2, findings: [] })
})

test('[AS-8.5.2-4!] a reading that was altered, left out or added is named, and the others are not', async () => {
  const many = Array.from({ length: 200 }, (_, index) => reading(100 + index / 2, index % 7)).map((each) => ({
    ...each,
    at: Math.floor(each.at * 10),
  }))
  const named = async (lines: readonly Line[]) =>
    (await judge(lines, many)).findings.map(({ kind, what }) => `${kind} ${what}`)
  const other = { ...(many[50] as Line), value: 99 }
  expect(await named(many.with(50, other))).toEqual([expect.stringMatching(/^altered reading 51 .*says 99 at 1970/)])
  expect(await named(many.toSpliced(50, 2))).toEqual([
    expect.stringMatching(/^missing reading 51 is not here, after .* and before /),
    expect.stringMatching(/^missing reading 52 is not here/),
  ])
  expect(await named(many.toSpliced(50, 0, other))).toEqual([expect.stringMatching(/^added a reading .*: 99 at/)])
  expect(await named(many.slice(0, -1))).toEqual([
    expect.stringMatching(/^missing reading 200 is not here, after [^ ]*$/),
  ])
  expect(await named([])).toHaveLength(50)
})

test('[AS-8.5.2-4!] whoever changes the marks too is found, and so is a window that is not shown, twice shown or not sealed', async () => {
  const forged = [reading(90, 10), reading(150, 41)]
  const file = [header, sealLine('window', 'a', forged), ...forged, { line: 'end', windows: 1 }]
  const found = await judgeFile(file, sealedBy(rowOf('a', good)))
  expect(found).toMatchObject({
    verdict: 'altered',
    findings: [{ what: expect.stringContaining('nor are the marks') }],
  })
  const empty = [header, { line: 'end', windows: 0 }]
  expect(await judgeFile(empty, sealedBy(rowOf('a', good)))).toMatchObject({
    verdict: 'missing',
    findings: [{ window: expect.stringContaining('Heat (oven/heat)'), what: 'its readings are not in the file' }],
  })
  const window = [sealLine('window', 'a', good), ...good]
  const twice = [header, ...window, ...window, { line: 'end', windows: 2 }]
  expect(await judgeFile(twice, sealedBy(rowOf('a', good)))).toMatchObject({ verdict: 'added' })
  expect(await judgeFile(twice, sealedBy())).toMatchObject({ verdict: 'added', windows: 0 })
})

test('[AS-8.5.2-4!] figures that do not follow from the readings are told, and what was corrected counts as corrected', async () => {
  for (const [more, what] of [
    [{ least: 9 }, 'the least that was sealed is 9, its readings give 10'],
    [{ most: 50 }, 'the most that was sealed is 50, its readings give 40'],
    [{ mean: 24 }, 'the mean that was sealed is 24, its readings give 25'],
    [{ coverage: 0.5 }, 'the share of time with readings that was sealed is 0.5, its readings give 1'],
  ] as const) {
    expect(await judge(good, good, more)).toMatchObject({ verdict: 'contradicted', findings: [{ what }] })
  }
  const corrections = [{ at: 150, status: 0, value: 20 }]
  expect(await judge(good, good, { corrections, most: 20, mean: 15 })).toMatchObject({ verdict: 'valid' })
  const bad = [...good, reading(175, 99, 0x80000000), reading(190, null)]
  expect(await judge(bad, bad, { mean: 20, coverage: 0.75 })).toMatchObject({ verdict: 'valid' })
  const whole = [reading(100, '7'), reading(150, '9')]
  const asText = { data_type: 'int64', least: '7', most: 9, mean: 8 }
  expect(await judge(whole, whole, asText)).toMatchObject({ verdict: 'valid' })
})

test('[AS-8.5.2-4] an earlier seal is proven by those readings that were there when it was made', async () => {
  const late = [good[0] as Line, reading(125, 30), good[1] as Line]
  const newest = rowOf('b', late, { version: 2, cause: 'late', mean: 30, least: 10 })
  const file = (earlier: readonly Line[]) => [
    ...[header, sealLine('window', 'b', late), ...late, sealLine('earlier', 'a', earlier), { line: 'end', windows: 1 }],
  ]
  const sealed = sealedBy(rowOf('a', good), { ...newest, mean: 30 })
  // 10 for 25 µs, 30 for 25, 40 for 50: 30.
  expect(await judgeFile(file(good), sealed)).toMatchObject({ verdict: 'valid', windows: 1, earlier: 1 })
  expect(await judgeFile(file(late), sealed)).toMatchObject({ verdict: 'altered', earlier: 0 })
})

test('[AS-8.5.2-4!] a file that was cut off, that is of another ledger, or that is something else cannot be read', async () => {
  const sealed = sealedBy(rowOf('a', good))
  const window = [sealLine('window', 'a', good), ...good]
  for (const [lines, what] of [
    [[header, ...window], 'it was cut off'],
    [[{ ...header, ledger: 'M' }, ...window, { line: 'end', windows: 1 }], 'another ledger'],
    [[...window, { line: 'end', windows: 1 }], 'does not begin with one header'],
    [[header, ...good, { line: 'end', windows: 1 }], 'outside its window'],
    [[header, { line: 'what' }], 'not one of a file of readings'],
    [[{ ...header, format: 'throughline-readings/2' }], 'throughline-readings/1'],
  ] as const) {
    const found = await judgeFile(lines, sealed)
    expect(found.verdict).toBe('unreadable')
    expect(found.findings.map((each) => each.what).join()).toContain(what)
  }
})
