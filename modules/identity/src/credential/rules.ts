import { DomainError } from '@throughline/kernel'

/** What makes a password easy to guess; the words for it are in `advice`. */
export type Weakness =
  | 'short'
  | 'repetition'
  | 'sequence'
  | 'common-word'
  | 'own-name'
  | 'plant-name'
  | 'year'
  | 'listed'

const shortest = 12
/** Characters that must remain when everything a guesser tries first counts as one character each. */
const leastSurprise = 8

/** What everybody tries first, in the languages of many plants; digits and signs for letters are read as letters. */
const commonWords = (
  'password passwort passwd motdepasse contrasena senha wachtwoord parola haslo heslo losenord salasana ' +
  'welcome willkommen bienvenue changeme letmein secret geheim trustno iloveyou princess sunshine dragon monkey ' +
  'football baseball superman batman starwars pokemon master shadow michael charlie jordan ashley daniel jessica ' +
  'admin administrator operator supervisor manager engineer quality maintenance service production factory machine ' +
  'plant system server default guest root user login test testing demo temp temporary computer internet hello ' +
  'january february march april june july august september october november december januar februar oktober dezember ' +
  'spring summer autumn winter fruhling sommer herbst monday tuesday wednesday thursday friday saturday sunday ' +
  'montag dienstag mittwoch donnerstag freitag samstag sonntag company office whatever freedom flower cheese'
).split(' ')

const product = 'throughline'

/** Rows of keyboards and other orders that fingers run along. */
const orders = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'qsdfghjklm',
  'zxcvbnm',
  'yxcvbnm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6zhn6yhn7ujm8ik',
  '!"#$%&/()=',
  '!@#$%^&*()_+',
]
const runs = [...orders, ...orders.map((order) => [...order].reverse().join(''))]
const shortestRun = 4

const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
}

/** Words that somebody who knows the person or the plant would try. */
export interface KnownWords {
  /** Sign-in name and printed name. */
  readonly person: readonly string[]
  /** Enterprise, sites, and what the plant is called. */
  readonly plant: readonly string[]
}

/** One thing found in a password that a guesser would try, and how many characters it takes up. */
interface Piece {
  readonly weakness: Weakness
  readonly length: number
}

/**
 * Why the password would be guessed early, the first reason that is found; undefined when it would not. Each piece that a
 * guesser tries first (a run of keys, a common word, a name, a year) counts as one character, repetitions count once.
 */
export function weaknessOf(password: string, known: KnownWords): Weakness | undefined {
  const text = [...password.normalize('NFC')]
  if (text.length < shortest) return 'short'
  const lower = text.map((each) => each.toLowerCase())
  if (new Set(lower).size < 5 || isRepetition(lower)) return 'repetition'
  const plain = lower.map(withoutAccent)
  const read = plain.map((each) => leet[each] ?? each)
  const words = wordList(known)
  let surprise = 0
  let first: Weakness | undefined
  for (let at = 0; at < plain.length; ) {
    const piece = pieceAt(plain, read, at, words)
    if (piece !== undefined) first ??= piece.weakness
    const isFiller = piece === undefined && at > 0 && plain[at] === plain[at - 1]
    surprise += isFiller ? 0 : 1
    at += piece?.length ?? 1
  }
  if (surprise >= leastSurprise) return undefined
  return first ?? 'repetition'
}

/** `abcabcabcabc`: a short unit again and again, the last time perhaps cut off. */
function isRepetition(text: readonly string[]): boolean {
  for (let unit = 1; unit <= text.length / 3; unit++) {
    if (text.every((each, index) => each === text[index % unit])) return true
  }
  return false
}

const withoutAccent = (character: string): string => character.normalize('NFD').replaceAll(/\p{M}/gu, '')

type Words = readonly (readonly [word: string, weakness: Weakness])[]

/** Longest first, so that `administrator` is not read as `admin` and a rest. */
function wordList(known: KnownWords): Words {
  const named = (words: readonly string[], weakness: Weakness): [string, Weakness][] =>
    words
      .flatMap((word) => word.toLowerCase().split(/[^\p{L}\p{N}]+/u))
      .map((word): [string, Weakness] => [[...word].map(withoutAccent).join(''), weakness])
      .filter(([word]) => word.length >= 3)
  return [
    ...named(known.person, 'own-name'),
    ...named([product, ...known.plant], 'plant-name'),
    ...commonWords.map((word): [string, Weakness] => [word, 'common-word']),
  ].sort(([a], [b]) => b.length - a.length)
}

function pieceAt(plain: readonly string[], read: readonly string[], at: number, words: Words): Piece | undefined {
  const year = plain.slice(at, at + 4).join('')
  if (/^(19|20)\d\d$/.test(year)) return { weakness: 'year', length: 4 }
  const rest = plain.slice(at).join('')
  const restRead = read.slice(at).join('')
  const word = words.find(([each]) => rest.startsWith(each) || restRead.startsWith(each))
  const run = runAt(rest)
  if (word !== undefined && word[0].length >= run) return { weakness: word[1], length: word[0].length }
  return run >= shortestRun ? { weakness: 'sequence', length: run } : undefined
}

/** How many characters from here on lie side by side on a keyboard or in an order. */
function runAt(rest: string): number {
  const lengths = runs.map((run) => {
    const from = run.indexOf(rest.charAt(0))
    if (from < 0) return 0
    let length = 1
    while (length < rest.length && rest[length] === run[from + length] && from + length < run.length) length++
    return length
  })
  return Math.max(...lengths)
}

const why: Readonly<Record<Weakness, string>> = {
  short: `It has fewer than ${shortest} characters`,
  repetition: 'It is the same few characters again and again',
  sequence: 'Most of it runs along a keyboard or the alphabet',
  'common-word': 'Most of it is a word that everybody tries first',
  'own-name': 'Most of it is your own name',
  'plant-name': 'Most of it is the name of the plant or the product',
  year: 'Most of it is a year or a date',
  listed: 'It is on a list of passwords that were stolen elsewhere',
}

/** The refusal of a password: which rule it broke, and what helps. */
export const passwordTooEasy = (rule: Weakness): DomainError =>
  new DomainError('invalid', 'identity.password-obvious', `${why[rule]}: use a few words that do not belong together`, {
    rule,
  })
