import { DomainError } from '@throughline/kernel'

/**
 * JSON in the one canonical form of RFC 8785: keys in the order of their UTF-16 code units, numbers as ECMAScript prints
 * them, no white space. Equal content gives equal text, whatever order a document or the database keeps its keys in.
 *
 * @throws DomainError `defect` for what JSON cannot say exactly: NaN, an infinity, a bigint, a lone surrogate
 */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  switch (typeof value) {
    case 'boolean':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw notJson(String(value))
      return String(value)
    case 'string':
      return canonicalString(value)
    case 'object':
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : canonicalObject(value)
    default:
      throw notJson(typeof value)
  }
}

/**
 * The canonical text of an object to which only the member `key` is still missing: answers what makes it whole. All the rest
 * is written at once, and read no more.
 */
export function canonicalLacking(value: object, key: string): (member: unknown) => string {
  const keys = Object.keys(value).sort()
  const parts = [keys.filter((each) => each < key), keys.filter((each) => each > key)]
  const [before = '', behind = ''] = parts.map((each) => canonicalMembers(value, each))
  const name = canonicalString(key)
  return (member) => `{${[before, `${name}:${canonicalJson(member)}`, behind].filter((part) => part !== '').join(',')}}`
}

const canonicalObject = (value: object): string => `{${canonicalMembers(value, Object.keys(value).sort())}}`

/** Written in one go: every operation writes some leaves, and those are most of its own work. */
function canonicalMembers(value: object, keys: readonly string[]): string {
  let members = ''
  for (const key of keys) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${canonicalString(key)}:${canonicalJson(member)}`
  }
  return members
}

/** Characters that stand for themselves. */
const plain = /^[ !#-[\]-~]*$/

function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw notJson('a text with half a character')
  return JSON.stringify(text)
}

const notJson = (what: string): DomainError =>
  new DomainError('defect', 'platform.not-json', `JSON cannot say ${what}, so it cannot be recorded`)

/**
 * Only a fraction, or sixteen digits that begin with 9 or more digits, may say more than a double holds. A number stands
 * behind a colon, a comma or a bracket: ids in quotes are full of digits.
 */
const mayBeInexact = /(?:^|[[:,])\s*-?(?:\d+[.eE]|9\d{15}|\d{17})/

/**
 * Reads JSON that PostgreSQL wrote, losing no digit: a number that a double cannot hold exactly, or whose trailing zeros
 * say how exactly it was measured, stays text.
 */
export function parseExactJson(text: string): unknown {
  if (!mayBeInexact.test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number' || context?.source === undefined) return value
    const source = inDigits(context.source)
    return isExact(source, value) ? value : source
  })
}

/** A row has its doubles written with an exponent, a document of the same row with all digits: both are read alike. */
function inDigits(source: string): string {
  const [mantissa = '', exponent] = source.split('e')
  if (exponent === undefined) return source
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.')
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${whole}${fraction}`
  const digits = `${whole}${fraction}`.padEnd(point, '0')
  return `${sign}${digits.slice(0, point)}${digits.length > point ? `.${digits.slice(point)}` : ''}`
}

function isExact(source: string, value: number): boolean {
  if (String(value) === source) return true
  if (/\.\d*0$/.test(source)) return false
  // Fifteen significant digits always survive the way through a double.
  return source.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length <= 15
}
