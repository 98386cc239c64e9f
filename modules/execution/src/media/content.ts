import { DomainError } from '@throughline/kernel'
import type { storeMedia } from '@throughline/model'
import type { z } from 'zod'

export type MediaType = z.output<typeof storeMedia.input>['contentType']

const largestMedia = 16_000_000

/** What the bytes are by their first ones, whatever anybody calls them; undefined = nothing that is kept here. */
export function mediaTypeOf(bytes: Uint8Array): MediaType | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(64, bytes.byteLength)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp'
  if (head.slice(4, 8) === 'ftyp' && !/^(heic|heix|mif1|avif|qt {2})/.test(head.slice(8, 12))) return 'video/mp4'
  if (head.startsWith('\x1a\x45\xdf\xa3') && head.includes('webm')) return 'video/webm'
  if (head.startsWith('%PDF-')) return 'application/pdf'
  if (head.startsWith('glTF')) return 'model/gltf-binary'
  return undefined
}

/** The bytes that may be kept. @throws DomainError `invalid` when they are too many, or not what they are said to be */
export function mediaOf(content: string, contentType: MediaType): Uint8Array {
  const bytes = Buffer.from(content, 'base64')
  if (bytes.byteLength > largestMedia) {
    throw unfit('media-too-large', `The file has ${bytes.byteLength} bytes: 16 MB (${largestMedia}) is the most`)
  }
  const found = mediaTypeOf(bytes)
  if (found === contentType) return bytes
  throw unfit(
    'media-unreadable',
    `This is ${found === undefined ? 'no picture, video, PDF or glTF model' : found}, not ${contentType}: send what it is said to be`,
  )
}

const unfit = (code: string, message: string): DomainError =>
  new DomainError('invalid', `execution.${code}`, message, { fields: [{ path: 'content', message }] })
