import { expect, test } from 'vitest'
import { printFiles, untoldFiles } from './files-words.ts'
import { NamedFiles } from './named-files.ts'

const hash = (digit: string) => digit.repeat(64)
const row = (after: object, table = 'execution.step_entry') => ({ table, before: null, after })

/** What is said of files with these hashes, of a bundle with one change of each of these rows. */
function judge(given: readonly string[], rows: readonly object[], fits = true) {
  const named = new NamedFiles(given.map((sha256, index) => ({ name: `file ${index + 1}`, sha256 })))
  for (const [place, each] of rows.entries()) {
    const record = { kind: 'execution.step_entry', id: `e${place}` }
    named.take({ place, text: '', fits, leaf: { type: 'change', record, at: 1e15, rows: [each] } as never })
  }
  return { named, ...named.verdict() }
}

test('a file is known by its bytes wherever a sealed record names it, and one that nothing names is told', () => {
  const photo = row({ value: { type: 'photo', blob: hash('a') } })
  const lot = row({ certificate_document: hash('b') }, 'material.lot')
  const found = judge([hash('a'), hash('b'), hash('f')], [photo, lot])
  expect(found.verdict).toBe('unknown')
  expect(found.files.map(({ verdict, mentions }) => [verdict, mentions[0]?.field])).toEqual([
    ['named', 'execution.step_entry: value.blob'],
    ['named', 'material.lot: certificate_document'],
    ['unknown', undefined],
  ])
  expect(printFiles(found)).toMatch(
    /^FILES UNKNOWN\n\nfile 1: byte for byte .* at place 0, 2001-.*\n.*\nfile 3: no record/,
  )
  expect(judge([hash('a')], [photo]).verdict).toBe('valid')
})

test('a hash in any other field is found for a file that was given, and is no file that was not', () => {
  const sealed = row({ sha256: hash('c') }, 'traceability.reading_seal')
  expect(judge([hash('c')], [sealed])).toMatchObject({ verdict: 'valid', notGiven: [] })
  const { named, notGiven } = judge(
    [],
    [sealed, row({ document: hash('d') }), row({ hash: hash('e') }, 'execution.media')],
  )
  expect(notGiven.map(({ sha256 }) => sha256)).toEqual([hash('d'), hash('e')])
  expect(untoldFiles(named, { verdict: 'valid' } as never, false)).toContain('It names 2 files by hash')
  const program = row({ operations: [{ program: { name: 'O1', sha256: hash('d') } }] }, 'execution.work_definition')
  expect(judge([], [program]).notGiven).toMatchObject([
    { field: 'execution.work_definition: operations.program.sha256' },
  ])
})

test('what stands in an altered leaf names nothing', () => {
  expect(judge([hash('a')], [row({ blob: hash('a') })], false)).toMatchObject({ verdict: 'unknown', notGiven: [] })
})
