import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'

/** What a scanned text says. */
export type Scan =
  /** Element strings by application identifier, in the order of the symbol: `{ "01": "04012345678901", "10": "PP-2291" }`. */
  | { readonly kind: 'gs1'; readonly elements: Readonly<Record<string, string>> }
  | { readonly kind: 'plain'; readonly text: string }
  /** It claims to be GS1 and is not; why, in words. */
  | { readonly kind: 'broken'; readonly problem: string }

/** What may follow an application identifier. */
interface Form {
  readonly pattern: RegExp
  /** In words, for people. */
  readonly words: string
  /** Length of what has no end sign of its own. */
  readonly fixed: number | null
  readonly check?: (value: string) => string | undefined
}

const fixedDigits = (length: number, check?: Form['check']): Form => ({
  pattern: new RegExp(`^\\d{${length}}$`),
  words: `${length} digits`,
  fixed: length,
  ...(check === undefined ? {} : { check }),
})
const upToDigits = (most: number): Form => ({
  pattern: new RegExp(`^\\d{1,${most}}$`),
  words: `up to ${most} digits`,
  fixed: null,
})
/** GS1 AI encodable character set 82 (GS1 General Specifications, figure 7.11-1). */
const upToSigns = (most: number): Form => ({
  pattern: new RegExp(`^[!"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{1,${most}}$`),
  words: `up to ${most} letters, digits or signs`,
  fixed: null,
})
const numbered = fixedDigits(14, checked)
const date = fixedDigits(6, (value) => (dateParts(value) === undefined ? 'is no date YYMMDD' : undefined))

/** The application identifiers that are read; what GS1 has besides is said to be unknown. */
function formOf(ai: string): Form | undefined {
  const known = forms[ai]
  if (known !== undefined) return known
  // Weights, lengths, areas and volumes: the last digit counts the places behind the point.
  if (/^3[1-6]\d[0-5]$/.test(ai)) return fixedDigits(6)
  return undefined
}

const forms: Readonly<Record<string, Form>> = {
  '00': fixedDigits(18, checked),
  '01': numbered,
  '02': numbered,
  '10': upToSigns(20),
  '11': date,
  '12': date,
  '13': date,
  '15': date,
  '16': date,
  '17': date,
  '20': fixedDigits(2),
  '21': upToSigns(20),
  '22': upToSigns(20),
  '30': upToDigits(8),
  '37': upToDigits(8),
  '240': upToSigns(30),
  '241': upToSigns(30),
  '250': upToSigns(30),
  '251': upToSigns(30),
  '400': upToSigns(30),
  '8004': upToSigns(30),
  ...Object.fromEntries(['90', '91', '92', '93', '94', '95', '96', '97', '98', '99'].map((ai) => [ai, upToSigns(90)])),
}

const separator = '\u001d'
/** How keyboard wedges write the separator that no key has. */
const writtenSeparators = /<GS>|\{GS\}|\[GS\]|\\x1d|\\u001d|\^\]|\u00e8/gi
/** Symbology identifiers (ISO/IEC 15424): DataMatrix, QR, Code 128 and DataBar that hold GS1 element strings. */
const saysGs1 = /^\](?:d2|Q3|C1|e0)/
const saysOther = /^\][A-Za-z]\d/

/**
 * Reads a scanned text: GS1 element strings as scanners send them (symbology identifier, FNC1 as group separator) or as
 * keyboard wedges and people write them (`(01)…(10)…`), anything else as it stands.
 */
export function readScan(scanned: string): Scan {
  const text = scanned.replace(/[\r\n\t ]+$/, '').replace(/^ +/, '')
  if (saysGs1.test(text)) return elementsOf(text.slice(3))
  if (saysOther.test(text)) return { kind: 'plain', text: text.slice(3) }
  if (/^\(\d{2,4}\)/.test(text)) return bracketed(text)
  // Digits alone may be anybody's number: without an identifier only what is sound to the last digit is taken for GS1.
  const guess = text.startsWith(separator) || /^(?:00|01|02)\d{14}/.test(text) || text.includes(separator)
  if (!guess) return { kind: 'plain', text }
  const read = elementsOf(text)
  return read.kind === 'gs1' ? read : { kind: 'plain', text }
}

/** `01040…` with separators where an element of open length ends. */
function elementsOf(raw: string): Scan {
  const text = raw.replace(writtenSeparators, separator)
  const elements: Record<string, string> = {}
  let at = 0
  while (at < text.length) {
    if (text[at] === separator) {
      at += 1
      continue
    }
    const ai = [2, 3, 4].map((length) => text.slice(at, at + length)).find((each) => formOf(each) !== undefined)
    const form = ai === undefined ? undefined : formOf(ai)
    if (ai === undefined || form === undefined) return broken(`"${text.slice(at, at + 4)}" is no known GS1 identifier`)
    const begin = at + ai.length
    const stop = text.indexOf(separator, begin)
    const end = form.fixed === null ? (stop < 0 ? text.length : stop) : Math.min(begin + form.fixed, text.length)
    const problem = put(elements, ai, form, text.slice(begin, end))
    if (problem !== undefined) return broken(problem)
    at = end
  }
  return Object.keys(elements).length === 0 ? broken('the code is empty') : { kind: 'gs1', elements }
}

/** `(01)04012345678901(10)PP-2291`; a value may hold brackets of its own. */
function bracketed(text: string): Scan {
  const elements: Record<string, string> = {}
  const parts = text.split(/\((\d{2,4})\)/)
  for (let index = 1; index < parts.length; index += 2) {
    const ai = parts[index] ?? ''
    const form = formOf(ai)
    if (form === undefined) return broken(`(${ai}) is no known GS1 identifier`)
    const problem = put(elements, ai, form, (parts[index + 1] ?? '').replace(writtenSeparators, ''))
    if (problem !== undefined) return broken(problem)
  }
  return { kind: 'gs1', elements }
}

function put(elements: Record<string, string>, ai: string, form: Form, value: string): string | undefined {
  if (!form.pattern.test(value)) return `(${ai}) needs ${form.words}, not "${value}"`
  const problem = form.check?.(value)
  if (problem !== undefined) return `(${ai}) ${value} ${problem}`
  if (elements[ai] !== undefined && elements[ai] !== value)
    return `(${ai}) is there twice: ${elements[ai]} and ${value}`
  elements[ai] = value
  return undefined
}

const broken = (problem: string): Scan => ({ kind: 'broken', problem: `This is no readable GS1 code: ${problem}` })

function checked(value: string): string | undefined {
  return checkDigit(value.slice(0, -1)) === value.at(-1) ? undefined : 'has a wrong check digit'
}

/** The GS1 check digit (modulo 10, weights 3 and 1 from the right) of the digits before it. */
export function checkDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}

function dateParts(value: string): { year: number; month: number; day: number } | undefined {
  const [year, month, day] = [value.slice(0, 2), value.slice(2, 4), value.slice(4, 6)].map(Number)
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return undefined
  const last = new Date(Date.UTC(2000 + year, month, 0)).getUTCDate()
  return day > last ? undefined : { year, month, day: day === 0 ? last : day }
}

/**
 * The end of the day that `YYMMDD` names, UTC: what expires on a day may be used on it. Day 00 is the last of its month;
 * the century is the one that lies nearest (GS1 General Specifications, section 7.12).
 */
export function endOfDay(value: string, now: Instant): Instant | undefined {
  const parts = dateParts(value)
  if (parts === undefined) return undefined
  const thisYear = new Date(now / 1000).getUTCFullYear()
  const near = [-100, 0, 100].map((shift) => Math.floor(thisYear / 100) * 100 + shift + parts.year)
  const year = near.find((each) => each - thisYear >= -49 && each - thisYear <= 50) ?? thisYear
  return fromMs(Date.UTC(year, parts.month - 1, parts.day + 1))
}
