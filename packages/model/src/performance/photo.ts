import { z } from 'zod'
import { operation } from '../operation.ts'

/** What `GET /api/performance/photo/<hash>` asks before it sends the picture. */
export const findPhoto = operation({
  name: 'performance.photo.find',
  summary: 'Tell what kind of picture has this SHA-256, if it belongs to a stop that you may see',
  permission: 'performance.read',
  scope: 'any',
  mutates: false,
  input: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 small hexadecimal digits') }),
  output: z.object({ type: z.enum(['image/jpeg', 'image/png', 'image/webp']), size: z.int().positive() }),
})
