import { unreadable } from './finding.ts'

/** More than any record with its document; a file without line ends shall not fill the memory. */
const longestLine = 256 * 1024 * 1024

export interface Lines {
  texts: readonly string[]
  /** False for a last line without its line end: the file may have been cut off there. */
  ended: boolean
}

/** The lines of a text in UTF-8, in groups as they arrive. A piece that is a string is taken as decoded already. */
export async function* readLines(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<Lines> {
  // A byte order mark is no part of the format either.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest: string[] = []
  let restLength = 0
  for await (const piece of pieces) {
    const text = typeof piece === 'string' ? piece : decode(decoder, piece)
    const lines = text.split('\n')
    const last = lines.pop() as string
    if (lines.length > 0) {
      lines[0] = rest.join('') + lines[0]
      rest = []
      restLength = 0
      yield { texts: lines, ended: true }
    }
    rest.push(last)
    restLength += last.length
    if (restLength > longestLine) throw unreadable('a line is longer than 256 MB')
  }
  const last = rest.join('') + decode(decoder, undefined)
  if (last !== '') yield { texts: [last], ended: false }
}

function decode(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch {
    throw unreadable('the file is not text in UTF-8')
  }
}
