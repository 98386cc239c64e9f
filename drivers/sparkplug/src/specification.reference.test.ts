import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { file_sparkplug_b } from './generated/sparkplug_b_pb.ts'

const reference = join(import.meta.dirname, '../../../../shared/data/sparkplug')

/** The reference nests its messages; ours stand side by side. */
const nested: Record<string, string> = { Row: 'DataSetRow', Parameter: 'TemplateParameter' }

function referenceFields(): Set<string> {
  const text = readFileSync(join(reference, 'sparkplug_b.proto'), 'utf8').replaceAll(/\/\/.*/g, '')
  const fields = new Set<string>()
  const open: string[] = []
  const token = /(message|oneof|enum)\s+(\w+)\s*\{|(?:(optional|repeated)\s+)?(\w+)\s+(\w+)\s*=\s*(\d+)\s*;|\}/g
  for (const [all, block, name, label, type, field, number] of text.matchAll(token)) {
    if (block) open.push(block === 'oneof' ? (open.at(-1) ?? '') : (name ?? ''))
    else if (all === '}') open.pop()
    else if (type && type !== 'option' && field !== 'extension_value') {
      const message = open.at(-1) ?? ''
      fields.add(`${nested[message] ?? message}.${field} = ${number} ${label === 'repeated' ? 'repeated' : 'one'}`)
    }
  }
  return fields
}

test('every field has the number and plurality of the published definition, and none is missing', () => {
  const own = file_sparkplug_b.messages.flatMap((message) =>
    message.fields.map(
      ({ name, number, fieldKind }) =>
        `${message.name}.${name} = ${number} ${fieldKind === 'list' ? 'repeated' : 'one'}`,
    ),
  )
  const published = [...referenceFields()].filter((field) => /^[A-Z]/.test(field))
  expect(own.toSorted()).toEqual(published.toSorted())
  expect(own.length).toBeGreaterThan(60)
})

test('every assertion that a test names exists in the specification', () => {
  const known = new Set(
    (JSON.parse(readFileSync(join(reference, 'sparkplug-assertions.json'), 'utf8')) as { id: string }[]).map(
      ({ id }) => id,
    ),
  )
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && !path.endsWith('.reference.test.ts'))
    .map((path) => readFileSync(join(import.meta.dirname, path), 'utf8'))
  const named = new Set(
    sources.flatMap((source) => [...source.matchAll(/\[(tck-id-[\w-]+)\]/g)].map(([, id]) => id ?? '')),
  )
  expect([...named].filter((id) => !known.has(id))).toEqual([])
  expect(named.size).toBeGreaterThan(40)
})
