/** Hands a file (base64) to the browser as a download. */
export function downloadFile(fileName: string, mediaType: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  download(fileName, new Blob([bytes], { type: mediaType }))
}

/** Hands a text to the browser as a download, in UTF-8. */
export function downloadText(fileName: string, mediaType: string, text: string): void {
  download(fileName, new Blob([text], { type: `${mediaType};charset=utf-8` }))
}

/** Fetches a file that the plant hands out by its address. */
export function downloadFrom(path: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = fileName
  link.click()
}

function download(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  downloadFrom(url, fileName)
  // The browser has taken the file over by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
