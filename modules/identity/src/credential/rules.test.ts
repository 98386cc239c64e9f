import { describe, expect, test } from 'vitest'
import { passwordTooEasy, weaknessOf } from './rules.ts'

const known = { person: ['ada.lovelace', 'Ada Lovelace'], plant: ['Aurora', 'Nordhafen'] }

describe('[P11-300b!, SR-1.7!] a password that is guessed early is refused with the rule that it broke', () => {
  test.each([
    ['elf chars!', 'short'],
    ['😀😀😀😀😀😀', 'short'],
    ['aaaaaaaaaaaa', 'repetition'],
    ['abcabcabcabcab', 'repetition'],
    ['Xy7!Xy7!Xy7!', 'repetition'],
    ['qwertyuiop123', 'sequence'],
    ['Qwertz123456!', 'sequence'],
    ['zyxwvutsrqpon', 'sequence'],
    ['1qaz2wsx3edc', 'sequence'],
    ['password2026', 'common-word'],
    ['P@ssw0rd12345', 'common-word'],
    ['Sommer2026!!!', 'common-word'],
    ['Sömmer-2026!!', 'common-word'],
    ['administrator1', 'common-word'],
    ['ada.lovelace2026', 'own-name'],
    ['Lovel4ce-1815', 'own-name'],
    ['Throughline!1', 'plant-name'],
    ['aurora2026!!', 'plant-name'],
    ['Nordhafen-1998', 'plant-name'],
    ['20252026 2027', 'year'],
  ])('%s: %s', (password, rule) => {
    expect(weaknessOf(password, known)).toBe(rule)
  })
})

test.each([
  'correct horse battery',
  'Zug um Zug nach Köln',
  'パスワードは長いほど良い',
  'my password is a whole sentence',
  'k7#Vq!9zLm2x',
  'ada drinks tea from blue cups',
  'лодка плывёт вниз по реке',
])('%s is accepted: length and surprise, whatever the characters', (password) => {
  expect(weaknessOf(password, known)).toBeUndefined()
})

test('a name of two letters forbids nothing', () => {
  expect(weaknessOf('liquid gold over li ridges', { person: ['li'], plant: [] })).toBeUndefined()
})

test('the refusal names the rule and what helps, and not the password', () => {
  const refusal = passwordTooEasy('sequence')
  expect(refusal).toMatchObject({ kind: 'invalid', code: 'identity.password-obvious', details: { rule: 'sequence' } })
  expect(refusal.message).toBe(
    'Most of it runs along a keyboard or the alphabet: use a few words that do not belong together',
  )
})
