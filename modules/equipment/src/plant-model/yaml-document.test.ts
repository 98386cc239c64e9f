import { DomainError } from '@throughline/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { assertNoBadRows } from './document.ts'
import { readYaml } from './yaml-document.ts'

test('entries are read with their defaults and know their lines', () => {
  const document = readYaml(`classes:
  - name: Pump
    tags:
      - { name: Speed, dataType: double }
nodes:
  # a comment moves every line below it
  - path: Aurora
    level: enterprise
`)
  expect(document.badRows).toEqual([])
  expect(document.classes[0]?.value.tags[0]).toMatchObject({ unit: '1', deadband: 0, writable: false })
  expect(document.nodes[0]?.lineOf('level')).toBe(8)
  expect(document.nodes[0]?.lineOf('class')).toBe(7)
})

test.each([
  { why: 'a bad unit', line: 4, field: 'unit: degC', problem: '"degC" is not a UCUM unit code' },
  { why: 'a negative deadband', line: 4, field: 'deadband: -1', problem: 'Too small' },
  { why: 'a range upside down', line: 4, field: 'rangeLow: 9, rangeHigh: 1', problem: 'rangeLow must be below' },
  {
    why: 'a normal band upside down',
    line: 4,
    field: 'normalLow: 9, normalHigh: 1',
    problem: 'normalLow must be below',
  },
  {
    why: 'a normal band outside the range',
    line: 4,
    field: 'rangeHigh: 5, normalHigh: 9',
    problem: 'inside the range',
  },
  { why: 'a misspelt field', line: 4, field: 'writeable: true', problem: '"writeable" is no field here' },
  { why: 'a text where a number belongs', line: 4, field: 'deadband: small', problem: 'expected number' },
  { why: 'a number that is none', line: 4, field: 'deadband: .nan', problem: 'expected number' },
  { why: 'an infinite number', line: 4, field: 'rangeHigh: .inf', problem: 'expected number' },
  { why: 'a number where a text belongs', line: 4, field: 'description: 5', problem: 'put it in quotes' },
  { why: 'a NUL', line: 2, field: 'description: "a\\0b"', problem: 'cannot be stored' },
])('$why is named by its line: $field', ({ line, field, problem }) => {
  const { badRows, broken, nodes } = readYaml(`classes:
  - name: Pump
    tags:
      - { name: Speed, dataType: double, ${field} }
nodes:
  - { path: Aurora, level: enterprise }
`)
  expect(badRows).toMatchObject([{ line, problem: expect.stringContaining(problem) }])
  expect(badRows[0]?.where).toContain('class Pump')
  expect(broken.classes).toEqual(new Set(['pump']))
  expect(nodes).toHaveLength(1)
})

test('every bad entry is named, none hides another', () => {
  const { badRows } = readYaml(`classs: []
connections:
  - { name: a b, agent: edge, driver: opcua, endpoint: "opc.tcp://x", options: {} }
  - { name: c, agent: edge, driver: profinet, endpoint: "", options: {} }
nodes:
  - path: Aurora
  - { path: Aurora/B, level: site, timezone: UTC }
  - just a text
`)
  expect(badRows.map(({ line, where }) => `${line} ${where}`)).toEqual([
    '1 document',
    '3 connection a b: name',
    '4 connection c: driver',
    '4 connection c: endpoint',
    '6 node Aurora: level',
    '7 node Aurora/B',
    '8 node number 3',
  ])
})

test.each([
  { text: '', line: 1, problem: 'this is empty' },
  { text: '- a\n- b\n', line: 1, problem: 'a model is a mapping' },
  { text: 'nodes:\n  a: 1\n', line: 1, problem: 'nodes must be a list' },
  { text: 'nodes:\n  - { path: a, path: b }\n', line: 2, problem: 'Map keys must be unique' },
  { text: 'nodes:\n  - path: "a\n\n', line: 4, problem: 'not readable as YAML' },
  { text: 'nodes: []\n---\nnodes: []\n', line: 2, problem: 'not readable as YAML' },
  { text: 'nodes: !shell []\n', line: 1, problem: 'not readable as YAML' },
])('document $text is refused with its line', ({ text, line, problem }) => {
  expect(readYaml(text).badRows).toMatchObject([{ line, problem: expect.stringContaining(problem) }])
})

test('a document that grows without bound by its aliases is refused, not built', () => {
  const levels = Array.from({ length: 12 }, (_, index) => {
    const inside = index === 0 ? '"x"' : Array.from({ length: 10 }, () => `*a${index - 1}`).join(', ')
    return `  - &a${index} [${inside}]`
  })
  const { badRows } = readYaml(`nodes:\n${levels.join('\n')}\n`)
  expect(badRows).toMatchObject([{ problem: expect.stringContaining('alias') }])
})

test.each([
  { what: 'far too deep', text: '['.repeat(20_000) },
  {
    what: 'a key that JavaScript swallows',
    text: 'nodes:\n  - { path: A, level: enterprise, sources: { __proto__: null } }\n',
  },
])('a document that is $what is refused', ({ text }) => {
  expect(readYaml(text).badRows.length).toBeGreaterThan(0)
})

test('an alias is as good as what it stands for', () => {
  const { badRows, nodes } = readYaml(`nodes:
  - { path: A, level: enterprise, sources: &s { T: { connection: c, address: x } } }
  - { path: A/B, level: site, timeZone: UTC, sources: *s }
`)
  expect(badRows).toEqual([])
  expect(nodes[1]?.value.sources['T']?.address).toBe('x')
})

test('one anchor may serve a thousand nodes', () => {
  const more = Array.from({ length: 1000 }, (_, index) => `  - { path: A${index}, level: enterprise, sources: *s }`)
  const { badRows, nodes } = readYaml(
    `nodes:\n  - { path: A, level: enterprise, sources: &s { T: null } }\n${more.join('\n')}\n`,
  )
  expect(badRows).toEqual([])
  expect(nodes).toHaveLength(1001)
})

test('[SR-3.5!] no text at all makes the reader fail in any way but by naming a row', () => {
  const key = fc.constantFrom('classes', 'connections', 'nodes', 'path', 'name', 'tags', 'sources', 'level', 'x')
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, 1, -1, 'enterprise', 'a', ''),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    ),
  })).any
  fc.assert(fc.property(value, (content) => void readYaml(JSON.stringify(content))))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readYaml(text)))
})

test('the error names all rows, by line', () => {
  const rows = [
    { line: 9, where: 'node B', problem: 'remove it' },
    { line: 2, where: 'node A', problem: 'correct it' },
  ]
  expect(() => assertNoBadRows([])).not.toThrow()
  const error = (() => {
    try {
      return assertNoBadRows(rows)
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(DomainError)
  expect(error).toMatchObject({
    kind: 'invalid',
    code: 'equipment.model-invalid',
    message: 'Nothing was changed: line 2 (node A): correct it, and 1 more',
    details: { rows: [{ line: 2 }, { line: 9 }] },
  })
})
