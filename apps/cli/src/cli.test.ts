import { applyModel, getAsBuilt, getTrend, listTags, setRetention } from '@throughline/model'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { flagsOf, inputFrom } from './flags.ts'
import { tableOf } from './table.ts'

test('each field of an input is a flag, in kebab case, with its kind and default', () => {
  expect(flagsOf(listTags)).toMatchObject([
    { name: 'node-id', required: false, kind: 'string' },
    { name: 'search', kind: 'string' },
    { name: 'offset', kind: 'number', help: 'default 0' },
    { name: 'limit', kind: 'number', help: 'default 1000' },
  ])
  expect(flagsOf(applyModel)).toMatchObject([
    { name: 'format', required: true, kind: 'string', help: 'yaml | csv' },
    { name: 'text' },
  ])
})

test('an operation that takes one thing or another has the flags of both, and needs neither', () => {
  expect(flagsOf(getAsBuilt)).toMatchObject([
    { name: 'lot-id', required: false },
    { name: 'code', required: false },
  ])
})

const noFile = (file: string): string => {
  throw new Error(`nobody asked for ${file}`)
}

test('a value that begins with @ is the text of a file, and @@ stands for itself', () => {
  const read = (file: string): string => `text of ${file}`
  const given = { format: 'yaml', text: '@plant.yaml' }
  expect(inputFrom(flagsOf(applyModel), given, read)).toEqual({ format: 'yaml', text: 'text of plant.yaml' })
  expect(inputFrom(flagsOf(listTags), { search: '@@home' }, noFile)).toEqual({ search: '@home' })
})

test('flags make the input that the schema takes', () => {
  const input = inputFrom(
    flagsOf(getTrend),
    {
      tagIds: '["018f0000-0000-7000-8000-000000000001"]',
      window: '{"from":0,"to":10}',
      points: '50',
    },
    noFile,
  )
  expect(getTrend.input.parse(input)).toMatchObject({ window: { from: 0, to: 10 }, points: 50 })
})

test('a nullable number is a number, or none', () => {
  expect(inputFrom(flagsOf(setRetention), { rawDays: '30', reason: 'space' }, noFile)).toEqual({
    rawDays: 30,
    reason: 'space',
  })
})

test.each([
  [{ limit: 'many' }, '--limit: "many" is not a number'],
  [{ limit: '' }, 'is not a number'],
])('%j is refused in words that name the flag', (given, message) => {
  expect(() => inputFrom(flagsOf(listTags), given, noFile)).toThrow(message)
})

test('a flag that should be JSON and is not names itself', () => {
  expect(() => inputFrom(flagsOf(getTrend), { window: 'today' }, noFile)).toThrow('--window: "today" is not JSON')
})

test('an answer prints as aligned columns, unknown as a dash', () => {
  expect(
    tableOf({
      tags: [
        { path: 'a/b', unit: 'Cel' },
        { path: 'a', unit: null },
      ],
      total: 2,
    }),
  ).toBe('path  unit\na/b   Cel\na     —')
  expect(tableOf([])).toBe('(none)')
  expect(tableOf({ tags: [], total: 0 })).toBe('(none)')
  expect(tableOf({ leaves: 7, sealed: 7, findings: [], isComplete: true })).toContain('findings    []')
  expect(tableOf({ from: 1, to: null })).toBe('field  value\nfrom   1\nto     —')
})

test('a wrong address of the server is refused by name', () => {
  expect(() => readConfig({ THROUGHLINE_URL: 'here' })).toThrow('THROUGHLINE_URL')
})
