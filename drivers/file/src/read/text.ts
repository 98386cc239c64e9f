import { unreadable } from '../failure.ts'
import type { ReadingOptions } from '../options.ts'

type Encoding = Exclude<ReadingOptions['encoding'], 'auto'>

const labels: Readonly<Record<Encoding, string>> = { 'utf-8': 'utf-8', 'utf-16le': 'utf-16le', latin1: 'windows-1252' }

/**
 * The bytes as text. A byte order mark decides; without one the option does, an XML file's own declaration, or UTF-8.
 * @throws DomainError `invalid` where the bytes are no text in that encoding
 */
export function decodeText(bytes: Uint8Array, encoding: ReadingOptions['encoding']): string {
  const marked = markOf(bytes)
  const label = marked ?? (encoding === 'auto' ? (declaredIn(bytes) ?? 'utf-8') : labels[encoding])
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch (error) {
    throw unreadable(`It is not text in ${label}: set the option encoding to what its source writes`, error)
  }
}

function markOf(bytes: Uint8Array): string | undefined {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined
}

/** `<?xml version="1.0" encoding="ISO-8859-1"?>` */
function declaredIn(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  const name = /^\s*<\?xml[^>]*\bencoding=["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]?.toLowerCase()
  if (name === undefined) return undefined
  if (['utf-8', 'us-ascii', 'ascii', 'iso-8859-1', 'windows-1252', 'latin1'].includes(name)) return name
  throw unreadable(`Its encoding ${name} is not read: UTF-8, UTF-16 with a byte order mark and ISO 8859-1 are`)
}
