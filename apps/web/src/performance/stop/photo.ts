/** What a photo may be, as the server takes it. */
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
const mostBytes = 4 * 1024 * 1024

/** Why a file can not go with a remark; undefined = it can. */
export function photoProblem(file: Pick<File, 'type' | 'size' | 'name'>): string | undefined {
  if (!photoTypes.some((type) => type === file.type)) return `"${file.name}" is no JPEG, PNG or WebP.`
  if (file.size > mostBytes) return `"${file.name}" is larger than 4 MB: take it with fewer pixels.`
  return undefined
}

/** The bytes of a file as base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  // A call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return btoa(text)
}
