import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { DocumentHash } from './document.ts'

/**
 * A piece of a document on its way: the message of a document is its description as JSON, then the original's bytes, cut
 * into pieces that any broker carries.
 */
export interface DocumentChunk {
  readonly hash: string
  /** Place of this piece in the message, and the message's length. */
  readonly offset: number
  readonly total: number
  /** Length of the description, with which the message begins. */
  readonly described: number
  readonly bytes: Uint8Array
}

const maxMessageBytes = 256 * 1024 ** 2
const Header = z
  .object({
    hash: DocumentHash,
    offset: z.int().nonnegative(),
    total: z.int().positive().max(maxMessageBytes),
    described: z.int().positive(),
  })
  .refine(({ described, total }) => described <= total, 'the description is longer than the message')

/** One self-contained message: four bytes of length (little-endian), that much JSON, then the piece. */
export function encodeDocumentChunk({ bytes, ...header }: DocumentChunk): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(header))
  const message = new Uint8Array(4 + head.length + bytes.length)
  new DataView(message.buffer).setUint32(0, head.length, true)
  message.set(head, 4)
  message.set(bytes, 4 + head.length)
  return message
}

/**
 * Opens a message of `encodeDocumentChunk`.
 * @throws DomainError `invalid` (`model.document-chunk-malformed`) naming what is wrong
 */
export function decodeDocumentChunk(message: Uint8Array): DocumentChunk {
  if (message.length < 4) throw malformed('it is too short')
  const length = new DataView(message.buffer, message.byteOffset).getUint32(0, true)
  if (length > 1000 || 4 + length > message.length) throw malformed('its header is cut off')
  let header: z.infer<typeof Header>
  try {
    header = Header.parse(JSON.parse(new TextDecoder().decode(message.subarray(4, 4 + length))))
  } catch (error) {
    throw malformed('its header cannot be read', error)
  }
  const bytes = message.subarray(4 + length)
  if (header.offset + bytes.length > header.total) throw malformed('it goes beyond the end of its document')
  return { ...header, bytes }
}

const malformed = (why: string, cause?: unknown): DomainError =>
  new DomainError('invalid', 'model.document-chunk-malformed', `A piece of a document is malformed: ${why}`, {}, cause)
