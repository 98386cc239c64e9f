import { unreadable } from './finding.ts'

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type JsonObject = { [name: string]: Json }

/** Deeper than any honest record; the walk below calls itself. */
const deepest = 200

/**
 * JSON in which no object names a field twice: the platform's parser keeps the last one silently, so that people and
 * programs could read two different things. `what` names the text in the message.
 */
export function parseStrict(text: string, what: string): Json {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch {
    throw unreadable(`${what} is not JSON`)
  }
  if (countNames(value, 0, what) !== countWrittenNames(text)) throw unreadable(`${what} names a field twice`)
  return value
}

/** True for what has named fields. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One spelling for one value (RFC 8785), to compare values by. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(',')}}`
}

function countNames(value: Json, depth: number, what: string): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > deepest) throw unreadable(`${what} is nested more than ${deepest} deep`)
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countNames(item, depth + 1, what)
    return count
  }
  for (const name of Object.keys(value)) count += 1 + countNames(value[name] as Json, depth + 1, what)
  return count
}

/** Strings that a colon follows. The text is known to be JSON. */
function countWrittenNames(text: string): number {
  let count = 0
  let open = text.indexOf('"')
  while (open >= 0) {
    let close = text.indexOf('"', open + 1)
    while (isEscaped(text, close)) close = text.indexOf('"', close + 1)
    let after = close + 1
    while (text.charCodeAt(after) <= 0x20) after++
    if (text.charCodeAt(after) === 0x3a) count++
    open = text.indexOf('"', after)
  }
  return count
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++
  return backslashes % 2 === 1
}
