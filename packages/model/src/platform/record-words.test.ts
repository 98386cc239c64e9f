import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listOperations } from '../index.ts'
import { fieldDifferences } from './difference.ts'
import { attemptWords, deedWords, fieldWords, recordNoun, valueText } from './record-words.ts'

const timeText = () => 'a time'

describe('differences', () => {
  test('one changed member of a structure is one difference, named from the column inwards', () => {
    const before = { name: 'pump', tags: [{ name: 'speed', unit: 'Hz' }] }
    const after = { name: 'pump', tags: [{ name: 'speed', unit: '1/min' }] }
    expect(fieldDifferences(before, after)).toEqual([
      { path: ['tags', 0, 'unit'], kind: 'changed', before: 'Hz', after: '1/min' },
    ])
    expect(fieldWords(['tags', 0, 'unit'])).toBe('tags › no. 1 › unit')
  })

  test('members that came and went are told as that', () => {
    expect(fieldDifferences({ list: [1, 2] }, { list: [1], more: null })).toEqual([
      { path: ['list', 1], kind: 'removed', before: 2 },
      { path: ['more'], kind: 'added', after: null },
    ])
  })

  test('a new row gives each of its fields whole', () => {
    expect(fieldDifferences(null, { id: 'a', tags: [{ unit: 'Hz' }] })).toEqual([
      { path: ['id'], kind: 'added', after: 'a' },
      { path: ['tags'], kind: 'added', after: [{ unit: 'Hz' }] },
    ])
  })

  test('something differs exactly when the two images do', () => {
    const image = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
    const plain = (value: unknown): string => JSON.stringify(value)
    fc.assert(
      fc.property(image, image, (before, after) => {
        const [a, b] = [JSON.parse(plain(before)), JSON.parse(plain(after))] as [typeof before, typeof after]
        expect(fieldDifferences(a, structuredClone(a))).toEqual([])
        const same = fieldDifferences(a, b).length === 0
        const sorted = (value: unknown): string => plain(sortedKeys(value))
        expect(same).toBe(sorted(a) === sorted(b))
      }),
    )
  })
})

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sortedKeys(member)])
}

describe('words', () => {
  test('what somebody did is said in the past, of them', () => {
    expect(deedWords('equipment.class.publish')).toBe('published a draft')
    expect(deedWords('identity.passkey.remove')).toBe('removed one of their passkeys')
    expect(deedWords('identity.session.step-up')).toBe('proved once more who they are')
    expect(attemptWords('identity.session.open')).toBe('sign in with name and password')
  })

  test('no operation is told in snake case or by its bare name', () => {
    for (const { name } of listOperations()) {
      expect(deedWords(name), name).not.toMatch(/_|\w\.\w/)
      expect(deedWords(name), name).not.toMatch(/^did /)
    }
  })

  test('what this program does not know keeps its own name', () => {
    expect(deedWords('brewing.kettle.boil')).toBe('did brewing kettle boil')
    expect(deedWords('quality.deviation on execution.excursion-recorded')).toBe(
      'reacted to execution excursion recorded (quality deviation)',
    )
    expect(recordNoun('brewing.copper_kettle')).toBe('copper kettle')
    expect(recordNoun('equipment.class_version')).toBe('equipment class')
  })

  test('values are said, and what must not be read stays hidden', () => {
    expect(valueText(1_795_334_400_000_000, timeText)).toBe('a time')
    expect(valueText(40, timeText)).toBe('40')
    expect(valueText(null, timeText)).toBe('nothing')
    expect(valueText(false, timeText)).toBe('no')
    expect(valueText(`sha256:${'ab'.repeat(32)}`, timeText)).toBe('hidden (abababab…)')
    expect(valueText([{ tagName: 'speed', unit: null }], timeText)).toBe('{ tag name: speed, unit: nothing }')
  })
})
