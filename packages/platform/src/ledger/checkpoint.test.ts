import { generateKeyPairSync } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { checkpointText, openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { introduce, isSignedBy, keyName, readKey } from './keys.ts'
import { signNote } from './note.ts'

const at = 1_795_334_400_000_000 as Instant
const checkpoint = { size: 7, root: Buffer.alloc(32, 9), at, software: '0.1.0', clock: 'synchronised' } as const
const text = `throughline/a
7
CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=
at 1795334400000000
software 0.1.0
clock synchronised
`

test('a checkpoint is written as the format says, and read back', () => {
  expect(checkpointText('a', checkpoint)).toBe(text)
  expect(parseCheckpoint('a', text)).toEqual(checkpoint)
})

test.each([
  ['of another ledger', text.replace('/a', '/b')],
  ['with a leading zero', text.replace('\n7\n', '\n07\n')],
  ['of a negative size', text.replace('\n7\n', '\n-7\n')],
  ['with a short root', text.replace('CQkJ', '')],
  ['without a clock', text.replace('clock synchronised\n', '')],
  ['with another clock', text.replace('synchronised', 'sundial')],
  ['with more after it', `${text}more\n`],
  ['', ''],
])('a text %s is no checkpoint', (_, broken) => {
  expect(parseCheckpoint('a', broken)).toBeUndefined()
})

const signer = (number: number) => ({
  name: keyName('a', number),
  privateKey: generateKeyPairSync('ed25519').privateKey,
})
const [one, two, stranger] = [signer(1), signer(2), signer(2)]
const first = readKey('a', 1, introduce('a', one, { number: 1, from: 0, at }))
const second = readKey('a', 2, introduce('a', two, { number: 2, from: 7, at }, one))
const keys = [first, second]
const signed = (size: number, by: typeof one): string => signNote(checkpointText('a', { ...checkpoint, size }), [by])

test('a checkpoint opens by the key whose turn it was: up to the change of keys by the old one, from there by the new', () => {
  expect(openCheckpoint('a', keys, signed(6, one))?.size).toBe(6)
  expect(openCheckpoint('a', keys, signed(7, one))?.size).toBe(7)
  expect(openCheckpoint('a', keys, signed(7, two))?.size).toBe(7)
  expect(openCheckpoint('a', keys, signed(8, two))?.size).toBe(8)
})

test('[P11-10a] a retired key signs nothing more, and a new one nothing from before its time', () => {
  expect(openCheckpoint('a', keys, signed(8, one))).toBeUndefined()
  expect(openCheckpoint('a', keys, signed(6, two))).toBeUndefined()
  expect(openCheckpoint('a', keys, signed(8, stranger))).toBeUndefined()
})

test('a key says who introduced it', () => {
  expect(isSignedBy(second.note, first)).toBe(true)
  expect(isSignedBy(introduce('a', two, { number: 2, from: 7, at }), first)).toBe(false)
})

test.each<[string, () => string, number]>([
  ['was introduced as another number', () => first.note, 2],
  ['belongs to another ledger', () => introduce('b', one, { number: 1, from: 0, at }), 1],
  ['carries the name of another key', () => introduce('a', two, { number: 1, from: 0, at }), 1],
  ['was edited', () => first.note.replace('from 0', 'from 9'), 1],
  ['is no note', () => 'no note', 1],
])('[P11-10a] a key whose note %s is not taken', (_, note, number) => {
  expect(() => readKey('a', number, note())).toThrow(`key ${number} of the ledger`)
})
