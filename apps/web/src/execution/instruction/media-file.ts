import type { WorkInstruction } from '@throughline/model'
import { storeMedia } from '@throughline/model'
import { client } from '../../door/client.ts'
import { base64Of } from '../../performance/stop/photo.ts'

type ContentType = ReturnType<(typeof storeMedia)['input']['parse']>['contentType']
type Kind = WorkInstruction['steps'][number]['media'][number]['kind']

/** The name's ending tells it: browsers do not know every type. */
const byEnding: Readonly<Record<string, ContentType>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', mp4: 'video/mp4' },
  ...{ webm: 'video/webm', pdf: 'application/pdf', glb: 'model/gltf-binary' },
}
const mostBytes = 16_000_000

export const acceptedMedia = Object.keys(byEnding)
  .map((ending) => `.${ending}`)
  .join()

/** What a file can be shown as; a problem names the file and what to do. */
export function mediaTypeOf(file: Pick<File, 'name' | 'size'>): { type: ContentType } | { problem: string } {
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  const type = byEnding[ending]
  if (type === undefined) {
    return { problem: `"${file.name}" is no picture (JPEG, PNG, WebP), video (MP4, WebM), PDF or glTF model (.glb).` }
  }
  if (file.size > mostBytes) return { problem: `"${file.name}" is larger than 16 MB: make it smaller.` }
  return { type }
}

function kindOf(type: ContentType): Kind {
  if (type.startsWith('image/')) return 'picture'
  if (type.startsWith('video/')) return 'video'
  return type === 'application/pdf' ? 'pdf-page' : 'model'
}

/** Puts a file into the plant's store; its hash is what a step keeps. */
export async function storeFile(file: File, contentType: ContentType): Promise<{ kind: Kind; blob: string }> {
  const { blob } = await client(storeMedia, { contentType, content: await base64Of(file) })
  return { kind: kindOf(contentType), blob }
}
