import { expect, test } from 'vitest'
import { nodeCrypto } from './node-crypto.ts'
import { parseCount, parseNote } from './note.ts'
import { makeLedger } from './testing/make-bundle.ts'
import { findVerifierKey } from './trusted-key.ts'
import { verifyBundle } from './verify.ts'

const ledger = makeLedger({ leaves: 60, checkpoints: [20, 60] })
const key = ledger.verifierKeys[0] as string
const note = ledger.checkpoint(20)

async function judge(lines: readonly string[]) {
  async function* pieces() {
    yield `${lines.join('\n')}\n`
  }
  return await verifyBundle(pieces(), { crypto: nodeCrypto })
}

test('a verifier key is found in what people paste, and only one whose id is its own', () => {
  expect(findVerifierKey(nodeCrypto, key)).toBe(key)
  expect(findVerifierKey(nodeCrypto, `Our key, by telephone:\r\n\t${key}  \n`)).toBe(key)
  expect(findVerifierKey(nodeCrypto, ledger.keyNote(1))).toBe(key)
  expect(findVerifierKey(nodeCrypto, key.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeUndefined()
  expect(findVerifierKey(nodeCrypto, key.replace('key-1', 'key-2'))).toBeUndefined()
  expect(findVerifierKey(nodeCrypto, key.slice(0, -1))).toBeUndefined()
  expect(findVerifierKey(nodeCrypto, '')).toBeUndefined()
})

test.each([
  ['without a signature', note.slice(0, note.indexOf('\n\n') + 1)],
  ['without its last line end', note.trimEnd()],
  ['with a hyphen for the dash', note.replace('—', '-')],
  ['with something behind the signature', note.replace(/\n$/, ' x\n')],
  ['with a signature that is not base64', note.replace(/=\n$/, '!\n')],
  ['with a signature of four bytes', `${note.slice(0, note.indexOf('\n\n') + 2)}— name AAAAAA==\n`],
  ['with half a character', note.replace('0.1.0', '\ud800')],
])('a note %s is none', (_, text) => {
  expect(parseNote(text)).toBeUndefined()
})

test.each(['', '-1', '+1', '01', '1.0', '1e3', ' 1', '9007199254740992', '99999999999999999999', '٣'])(
  '%j is no size that the product writes',
  (text) => {
    expect(parseCount(text)).toBeUndefined()
  },
)

test('two checkpoints of one size are not by growing size', async () => {
  const lines = ledger.lines()
  const at = lines.findIndex((line) => line.includes('"consistency"'))
  const twice = lines
    .toSpliced(at, 0, '{"line":"consistency","from":20,"to":20,"hashes":[]}')
    .toSpliced(2, 0, lines[2] as string)
  expect((await judge(twice)).finding).toMatchObject({ kind: 'unreadable', line: 4 })
})

test('[P11-10a!] a key that signs from earlier on than the one before it is forged', async () => {
  const { finding } = await judge(makeLedger({ leaves: 60, keys: [30, 10] }).lines())
  expect(finding).toMatchObject({ kind: 'forged' })
  expect(finding?.what).toContain('from size 10')
})

test('a kept checkpoint of another ledger is told by both names', async () => {
  async function* pieces() {
    yield* ledger.pieces()
  }
  const text = makeLedger({ leaves: 60, ledger: 'another' }).checkpoint(60)
  const { finding } = await verifyBundle(pieces(), { crypto: nodeCrypto, witnesses: [{ name: 'kept', text }] })
  expect(finding?.what).toContain(`is of the ledger another, the bundle of the ledger ${ledger.id}`)
})
