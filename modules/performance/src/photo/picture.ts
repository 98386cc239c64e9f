import { DomainError } from '@throughline/kernel'

type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

export const largestPicture = 4_000_000

/** What the bytes are by their first ones, whatever anybody calls them; undefined = no picture that is kept here. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(12, bytes.byteLength)).toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp'
  return undefined
}

/** The bytes of a picture that may be kept. @throws DomainError `invalid` when it is none, or too large */
export function pictureOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.byteLength > largestPicture) {
    throw unfit(
      'performance.photo-too-large',
      `The picture has ${bytes.byteLength} bytes: 4 MB (${largestPicture}) is the most`,
    )
  }
  if (pictureTypeOf(bytes) !== undefined) return bytes
  throw unfit('performance.photo-unreadable', 'This is no JPEG, PNG or WebP picture: send one of these')
}

const unfit = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ path: 'photo', message }] })
