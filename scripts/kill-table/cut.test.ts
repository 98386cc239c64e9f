import { expect, test } from 'vitest'
import { cutSource } from './cut.ts'

const cut = { file: 'modules/door.ts', takes: 'if (!isAllowed) throw refused()', leaves: '' }

test('a cut takes its text out of its file, and out of no other', () => {
  const source = 'a()\nif (!isAllowed) throw refused()\nb()'
  expect(cutSource([cut], '/plant/modules/door.ts', source)).toBe('a()\n\nb()')
  expect(cutSource([cut], '/plant/modules/window.ts', source)).toBe(source)
})

test.each([['a()'], [`${cut.takes}\n${cut.takes}`]])(
  'a cut that does not find its text once is an error: %j',
  (source) => {
    expect(() => cutSource([cut], '/plant/modules/door.ts', source)).toThrow('write the cut of this control anew')
  },
)
