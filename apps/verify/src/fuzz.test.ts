import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeCrypto } from './node-crypto.ts'
import type { BundlePlan } from './testing/make-bundle.ts'
import { makeLedger } from './testing/make-bundle.ts'
import { batchKind, idOf } from './testing/make-leaves.ts'
import type { Verdict } from './verdict.ts'
import { verifyBundle } from './verify.ts'

const plan: BundlePlan = { leaves: 14, batches: 2, checkpoints: [5, 14], keys: [0, 9] }
const bundles: Readonly<Record<string, BundlePlan>> = {
  window: { ...plan, subject: { kind: 'window', from: 2, to: 9 } },
  record: { ...plan, subject: { kind: 'record', record: { kind: batchKind, id: idOf(1, 1) } } },
}

async function judge(bytes: Uint8Array): Promise<Verdict> {
  async function* pieces() {
    // Pieces that end within a line and within a character.
    for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997)
  }
  return await verifyBundle(pieces(), { crypto: nodeCrypto })
}

/** What a bundle says, without what nothing vouches for: the plant's name, the export's time and software, file names. */
function promised(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // The last line may do without its end.
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { plant: _plant, exportedAt: _exportedAt, software: _software, ...rest } = JSON.parse(line)
        if (rest.document) delete rest.document.name
        return rest
      })
  } catch {
    return undefined
  }
}

for (const [name, bundle] of Object.entries(bundles)) {
  const bytes = Buffer.from([...makeLedger(bundle).pieces()].join(''))
  const said = JSON.stringify(promised(bytes))

  test(`[P11-10a!, P11-10b!] no byte of a ${name} bundle can become another one unseen`, {
    timeout: 120_000,
  }, async () => {
    expect((await judge(bytes)).verdict).toBe('valid')
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const flipped = Uint8Array.from(bytes)
        flipped[at] = (bytes[at] as number) ^ flip
        const { verdict } = await judge(flipped)
        // \u001f may as well be written \u001F: the line still says the same.
        return verdict !== 'valid' || JSON.stringify(promised(flipped)) === said
      }),
      { numRuns: 1500 },
    )
  })

  test(`a ${name} bundle that is cut off anywhere is unreadable`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 2 }), async (length) => {
        const { verdict, finding } = await judge(bytes.subarray(0, length))
        expect(verdict).toBe('unreadable')
        expect(finding?.what).toMatch(/breaks off|cut off|empty|UTF-8/)
      }),
      { numRuns: 200 },
    )
  })

  test(`no line of a ${name} bundle can be left out, doubled or moved unseen`, { timeout: 120_000 }, async () => {
    const lines = bytes.toString().split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) {
      for (const edited of [
        lines.toSpliced(index, 1),
        lines.toSpliced(index, 0, line),
        lines.toSpliced(index, 1).toSpliced((index + 2) % (lines.length - 1), 0, line),
      ]) {
        const { verdict } = await judge(Buffer.from(`${edited.join('\n')}\n`))
        if (edited.join('\n') !== lines.join('\n')) expect(verdict).not.toBe('valid')
      }
    }
  })
}

const lines = makeLedger(plan).lines()
const leaf = lines.find((line) => line.startsWith('{"line":"leaf"')) as string
const replaceLeaf = (by: string): string => lines.map((line) => (line === leaf ? by : line)).join('\n')

test.each<[string, string | Uint8Array]>([
  ['nothing', ''],
  ['a line end', '\n'],
  ['an empty line between', lines.join('\n\n')],
  ['null', 'null\n'],
  ['a list', '[]\n'],
  ['another JSON', '{"a":1}\n'],
  ['bytes that are no text', Uint8Array.of(0x7b, 0xff, 0xfe, 0x0a)],
  ['a byte order mark', `\ufeff${lines.join('\n')}`],
  ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj'],
  ['a line of 10 MB', `{"line":"${'x'.repeat(10_000_000)}`],
  ['10 MB of zeros', new Uint8Array(10_000_000)],
  ['10 MB of brackets', '['.repeat(10_000_000)],
  ['a format of the future', lines.join('\n').replace('bundle/1', 'bundle/2')],
  ['NaN', replaceLeaf(leaf.replace(/"index":\d+/, '"index":NaN'))],
  ['a place that is no number', replaceLeaf(leaf.replace(/"index":\d+/, '"index":"0"'))],
  ['a place below nothing', replaceLeaf(leaf.replace(/"index":\d+/, '"index":-1'))],
  ['half a place', replaceLeaf(leaf.replace(/"index":\d+/, '"index":0.5'))],
  ['a place beyond all numbers', replaceLeaf(leaf.replace(/"index":\d+/, '"index":1e999'))],
  ['a place beyond exact numbers', replaceLeaf(leaf.replace(/"index":\d+/, '"index":9007199254740993'))],
  ['a field twice', replaceLeaf(leaf.replace('"line":"leaf"', '"line":"leaf","line":"leaf"'))],
  ['a field that the format does not know', replaceLeaf(leaf.replace('"line":"leaf"', '"line":"leaf","note":1'))],
  ['__proto__', replaceLeaf(leaf.replace('"line":"leaf"', '"__proto__":{"line":"leaf"}'))],
  ['half a character', replaceLeaf(leaf.replace('"text":"', '"text":"\\ud800'))],
  ['a hash that is too short', replaceLeaf(leaf.replace(/"sealed":"[^"]*"/, '"sealed":"AAAA"'))],
  ['a window that ends before it begins', lines.join('\n').replace('"from":0,"to":14', '"from":9,"to":3')],
  ['a tree larger than all numbers', lines.join('\n').replaceAll('\\n14\\n', '\\n99999999999999999999\\n')],
])('%s is unreadable and says so', async (_, bundle) => {
  const { verdict, finding } = await judge(typeof bundle === 'string' ? Buffer.from(bundle) : bundle)
  expect(verdict).toBe('unreadable')
  expect(finding?.ask).not.toBe('')
})

test.each<[string, (text: string) => string]>([
  ['a leaf that names a field twice', (text) => text.replace('{', '{"v":1,')],
  ['a leaf of another version', (text) => text.replace('"v":1', '"v":2')],
  ['a leaf of another type', (text) => text.replace('"type":"change"', '"type":"changed"')],
  ['a leaf whose instant is no whole number', (text) => text.replace(/"at":\d+/, '"at":1.5')],
  ['a leaf that is not JSON', () => 'leaf'],
])('%s was sealed that way, but this program cannot judge it', async (_, edit) => {
  const leaves = lines.flatMap((line) => JSON.parse(line).text ?? [])
  const made = makeLedger({ leaves: leaves.with(0, edit(leaves[0])) })
  expect((await judge(Buffer.from(made.lines().join('\n')))).finding).toMatchObject({ kind: 'unreadable', line: 5 })
})

test('what was seen on a leaf before the file breaks off is told first', async () => {
  const altered = replaceLeaf(leaf.replace('B-10', 'B-20'))
  const cut = altered.slice(0, altered.length - 500)
  expect((await judge(Buffer.from(cut))).finding).toMatchObject({ kind: 'altered', place: 0 })
})
