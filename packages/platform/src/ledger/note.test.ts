import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openNote, parseVerifierKey, signNote, verifierKey } from './note.ts'

// The example of Go's package golang.org/x/mod/sumdb/note, which the C2SP specification of signed notes comes from.
const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const peterSeed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1)
const text = `If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n`
const published = `${text}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`

const signer = (name: string) => ({ name, privateKey: generateKeyPairSync('ed25519').privateKey })
const verifierOf = (of: ReturnType<typeof signer>) =>
  parseVerifierKey(verifierKey(of.name, createPublicKey(of.privateKey)))

test('the published example opens', () => {
  expect(openNote(published, [parseVerifierKey(peter)])).toBe(text)
})

test('the published private key gives the published key and note, byte by byte', () => {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), peterSeed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  expect(verifierKey('PeterNeumann', createPublicKey(privateKey))).toBe(peter)
  expect(signNote(text, [{ name: 'PeterNeumann', privateKey }])).toBe(published)
})

test('[P11-30-1] openssl accepts the signature under a note', () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-note-'))
  try {
    const key = signer('throughline/a/key-1')
    const line = signNote(text, [key]).split('\n').at(-2) ?? ''
    const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(4)
    const files = {
      'key.pem': createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' }),
      text,
      signature,
    }
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const judge = (): string =>
      execFileSync(
        'openssl',
        ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.pem', '-rawin', '-in', 'text', '-sigfile', 'signature'],
        { cwd: folder, encoding: 'utf8', stdio: 'pipe' },
      )
    expect(judge()).toContain('Verified Successfully')
    writeFileSync(join(folder, 'text'), text.replace('cryptography', 'a checksum'))
    expect(judge).toThrow()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('[P11-10a!] no byte of a signed note can be changed unseen', () => {
  const key = signer('throughline/a/key-1')
  const note = Buffer.from(signNote('throughline/a\n17\nroot\n', [key]))
  const isSeen = (at: number, flip: number): void => {
    const changed = Buffer.from(note)
    changed[at] = (changed[at] ?? 0) ^ flip
    expect(openNote(changed.toString('utf8'), [verifierOf(key)])).toBeUndefined()
  }
  for (let bit = 1; bit < 256; bit *= 2) for (let at = 0; at < note.length; at += 1) isSeen(at, bit)
  fc.assert(fc.property(fc.nat(note.length - 1), fc.integer({ min: 1, max: 255 }), isSeen))
})

test('[P11-10a!] a signature has one spelling: the bits that fill up its last character count', () => {
  const key = signer('throughline/a/key-1')
  const note = signNote('throughline/a\n17\nroot\n', [key])
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const last = letters.indexOf(note.at(-3) ?? '')
  for (const other of [1, 2, 3]) {
    const respelled = `${note.slice(0, -3)}${letters[last + other]}=\n`
    expect(openNote(respelled, [verifierOf(key)])).toBeUndefined()
  }
})

test('a note is open only to those who ask for its signers, all of them', () => {
  const [first, second, stranger] = [signer('key-1'), signer('key-2'), signer('key-1')]
  const note = signNote(text, [first, second])
  expect(openNote(note, [verifierOf(first)])).toBe(text)
  expect(openNote(note, [verifierOf(first), verifierOf(second)])).toBe(text)
  expect(openNote(note, [verifierOf(first), verifierOf(stranger)])).toBeUndefined()
  expect(openNote(signNote(text, [first]), [verifierOf(first), verifierOf(second)])).toBeUndefined()
})

test.each([
  '',
  '\n',
  'text\n',
  'text\n\nsigned, me\n',
  'text\n\n— me\n',
  published.slice(0, -1),
  'text\n\n— me x08go/Y\n\n',
])('%j is no note', (broken) => {
  expect(openNote(broken, [])).toBeUndefined()
})

test.each([
  ['', 'nothing'],
  [peter.slice(0, -2), 'too short'],
  [peter.replace('c74f20a3', 'c74f20a4'), 'another id'],
  [peter.replace('PeterNeumann', 'Peter'), 'another name'],
  [peter.replace('ARpc', 'Arpc'), 'another kind of key'],
  [`${peter} `, 'a space'],
])('%j is no verifier key: %s', (broken) => {
  expect(() => parseVerifierKey(broken)).toThrow('is no verifier key')
})

test.each(['no newline', 'two\n\nparagraphs\n'])('%j cannot be signed: its end could not be told', (unsignable) => {
  expect(() => signNote(unsignable, [signer('key-1')])).toThrow('A note ends with a newline')
})
