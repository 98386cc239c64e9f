import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLedger } from './testing/make-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'throughline-verify-'))
const at = (name: string): string => join(folder, name)
const ledger = makeLedger({ leaves: 40, checkpoints: [20, 40] })
const bundle = ledger.lines().join('\n')

beforeAll(() => {
  writeFileSync(at('good'), bundle)
  writeFileSync(at('altered'), bundle.replace('B-1003', 'B-1004'))
  writeFileSync(at('cut'), bundle.slice(0, -100))
  writeFileSync(at('20.checkpoint'), ledger.checkpoint(20))
  writeFileSync(at('40.checkpoint'), ledger.checkpoint(40))
  writeFileSync(at('key'), `key 1:\n${ledger.verifierKeys[0]}\n`)
  writeFileSync(at('larger.note'), makeLedger({ leaves: 80, checkpoints: [80] }).checkpoint(80))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...words: string[]): Promise<{ code: number | null; out: string; error: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...words])
  let out = ''
  let error = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  return await new Promise((done) => child.on('close', (code) => done({ code, out, error })))
}

test('[P11-10b] a valid bundle ends with 0 and shows the key to compare', async () => {
  const { code, out } = await run(at('good'))
  expect(code).toBe(0)
  expect(out).toMatch(/^VALID\n/)
  expect(out).toContain(ledger.verifierKeys[0])
  expect(out).toContain('40 leaves')
})

test('[P11-10a!] an altered bundle ends with 1 and names place, time, person and operation', async () => {
  const { code, out } = await run(at('altered'))
  expect(code).toBe(1)
  expect(out).toMatch(/^ALTERED\n/)
  expect(out).toMatch(/Place: +\d+\nTime: +2026-.*Z\nWho: +Kim Jensen.*\nOperation: +execution\.batch/)
})

test('what cannot be read, and what was asked wrongly, ends with 2', async () => {
  expect(await run(at('cut'))).toMatchObject({ code: 2, out: expect.stringMatching(/^UNREADABLE/) })
  expect(await run(at('nowhere'))).toMatchObject({ code: 2, error: expect.stringContaining('There is no bundle') })
  expect(await run()).toMatchObject({ code: 2, error: expect.stringContaining('Name one bundle') })
  expect(await run(at('good'), at('good'))).toMatchObject({ code: 2 })
  expect(await run(at('good'), '--what')).toMatchObject({ code: 2, error: expect.stringContaining('--what') })
  expect(await run(at('good'), '--key', 'abc')).toMatchObject({
    code: 2,
    error: expect.stringContaining('verifier key'),
  })
  expect(await run(at('good'), '--key-file', at('nowhere'))).toMatchObject({ code: 2 })
  expect(await run(at('good'), '--checkpoint', at('nowhere'))).toMatchObject({ code: 2 })
})

test('a folder of kept checkpoints, a key and JSON', async () => {
  const { code, out } = await run(at('good'), '--checkpoint', folder, '--key-file', at('key'), '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    verdict: 'valid',
    trust: { by: 'key' },
    witnesses: [
      { name: '20.checkpoint', result: 'agrees' },
      { name: '40.checkpoint', result: 'agrees' },
    ],
  })
})

test('[P11-10a!] one kept checkpoint that is larger than the bundle makes it truncated', async () => {
  const { code, out } = await run(at('good'), '--checkpoint', at('20.checkpoint'), '--checkpoint', at('larger.note'))
  expect(code).toBe(1)
  expect(out).toMatch(/^TRUNCATED\n/)
})

test('what a bundle says of itself cannot move the cursor of a terminal', async () => {
  writeFileSync(at('coloured'), bundle.replace('Demo plant', '\\u001b[2J\\u202eplant'))
  expect((await run(at('coloured'))).out).toContain('\\u001b[2J\\u202eplant')
})

test('the checker imports nothing but its own files and Node', () => {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const imports = files.flatMap((name) =>
    [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/ from '([^']+)'/g)].map((match) => match[1]),
  )
  expect(imports.filter((from) => !/^(\.\/[a-z0-9-]+\.ts|node:.+)$/.test(from as string))).toEqual([])
})
