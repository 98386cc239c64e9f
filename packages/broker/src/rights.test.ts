import { expect, test } from 'vitest'
import { allows, covers } from './rights.ts'

test.each([
  ['#', 'a/b', true],
  ['#', '#', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a/#', true],
  ['a/#', 'ab', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a/+', true],
  ['a/+', 'a/#', false],
  ['a/+', 'a', false],
  ['a/+', 'a/b/c', false],
  ['a/b', 'a/+', false],
  ['a/b', 'a/b', true],
  ['a/+/c', 'a/b/+', false],
  ['+/+', '/x', true],
  ['a/b', '#', false],
])('the right %s over %s: %s', (right, asked, answer) => {
  expect(covers(right, asked)).toBe(answer)
})

test('[SR-5.2-RE1!] no right allows nothing', () => {
  expect(allows([], 'a')).toBe(false)
  expect(allows(['b', 'a/#'], 'a/x')).toBe(true)
})
