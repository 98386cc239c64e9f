import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../start/build-pages.ts'
import { controls } from './controls.ts'
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

test.each(controls.map((control) => [control.id, control] as const))(
  'the control %s stands where its cut looks for it',
  (_, control) => {
    for (const { file } of control.cuts) {
      const path = join(root, file)
      expect(() => cutSource(control.cuts, path, readFileSync(path, 'utf8'))).not.toThrow()
    }
    expect(control.cuts.length).toBeGreaterThan(0)
  },
)
